using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Prepare;

/// <summary>Every prepare pass leaves the function of the network alone, up to the rounding of weights to f32.</summary>
public sealed class FunctionTests
{
    private const int Networks = 60, GuardNetworks = 210;

    private static readonly string[] Passes = [.. Pipeline.Parse(DefaultPipeline.Prepare).Steps.Select(s => s.Pass).Distinct()];

    public static TheoryData<string> EachPass => [.. Passes];

    [Theory]
    [MemberData(nameof(EachPass))]
    public void A_pass_alone_preserves_the_function(string pass) => Preserves(pass, RandomNetwork.Of, Networks);

    [Theory]
    [MemberData(nameof(EachPass))]
    public void A_pass_leaves_alone_what_its_guards_are_for(string pass) => Preserves(pass, GuardNetwork.Of, GuardNetworks);

    [Fact]
    public void The_whole_pipeline_preserves_the_function()
    {
        Preserves(DefaultPipeline.Prepare, RandomNetwork.Of, Networks);
        Preserves(DefaultPipeline.Prepare, GuardNetwork.Of, GuardNetworks);
    }

    [Fact]
    public void Preparing_twice_changes_nothing_more()
    {
        for (int seed = 0; seed < Networks; seed++)
        {
            var graph = RandomNetwork.Of(seed);
            Run(graph, DefaultPipeline.Prepare);
            string once = TextPrinter.Print(graph);
            Assert.Equal(0, Run(graph, DefaultPipeline.Prepare));
            Assert.Equal(once, TextPrinter.Print(graph));
        }
    }

    private static void Preserves(string pipeline, Func<int, Graph> network, int count)
    {
        for (int seed = 0; seed < count; seed++)
        {
            var graph = network(seed);
            string text = TextPrinter.Print(graph);
            Tensor<double>[] inputs = [.. graph.Inputs.Select((input, i) => RandomNetwork.Input(seed + 1000 * i, input.Type.Shape))];
            var before = NaiveEvaluator.Run(graph, inputs)[0];
            Run(graph, pipeline);
            var after = NaiveEvaluator.Run(graph, inputs)[0];
            Assert.True(Close(before, after), $"seed {seed}: {pipeline} changed the function of\n{text}\ninto\n{TextPrinter.Print(graph)}");
        }
    }

    private static long Run(Graph graph, string pipeline) => new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse(pipeline));

    /// <summary>Within 1e-5 of the largest magnitude: f32 weights carry 24 bits.</summary>
    private static bool Close(Tensor<double> a, Tensor<double> b)
    {
        double scale = Math.Max(1, a.Data.Max(Math.Abs));
        return a.Shape == b.Shape && a.Data.Zip(b.Data).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-5 * scale);
    }
}
