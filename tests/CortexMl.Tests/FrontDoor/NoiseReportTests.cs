using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Reports;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

public sealed class NoiseReportTests
{
    private static readonly string Lenet = Repository.Path("golden", "models", "mnist-lenet");

    /// <summary>A maximum of integers is exact: what is lost in front of it is the requantization's, and told there.</summary>
    [Fact]
    public void A_maximum_is_not_blamed_for_the_rounding_in_front_of_it()
    {
        var noise = Noise().ToDictionary(n => n.Name);
        foreach (var (before, pool) in ((string, string)[])[("relu0", "pool0"), ("relu1", "pool1")])
        {
            Assert.True(noise[before].NoiseRatio <= noise[pool].NoiseRatio);
            Assert.InRange(noise[pool].MaxError, 0, noise[before].MaxError);
        }
    }

    [Fact]
    public void Accumulators_are_told_where_something_reads_them()
    {
        var noise = Noise();
        string[] layers = ["conv0", "conv1", "fc0", "fc1", "flatten0", "pool0", "pool1", "relu0", "relu1", "relu2"];
        Assert.Equal(layers, noise.Select(n => n.Name).Order(StringComparer.Ordinal));
        Assert.Equal("fc1", Assert.Single(noise, n => n.Output is not null).Name);
        Assert.All(noise, n => Assert.InRange(n.NoiseRatio!.Value, 35, 50));
    }

    [Fact]
    public void What_a_pass_does_to_the_float_network_shows()
    {
        var noise = Noise(new WithoutRelu());
        Assert.True(noise[0].NoiseRatio < 5, noise[0].ToString());
        // What comes before the harm is as it was.
        Assert.InRange(noise.Single(n => n.Name == "conv0").NoiseRatio!.Value, 30, 60);
    }

    private static IReadOnlyList<NodeNoise> Noise(params IPassInstrumentation[] instrumentations)
    {
        var data = new DataOptions(Path.Combine(Lenet, "calibration.npy")) { Limit = 64 };
        var bytes = new Preprocessing { Scale = 1 / 255.0 };
        var options = new CompileOptions { Data = data, Preprocessing = bytes, Instrumentations = instrumentations };
        var reading = new ModelOptions { ShapeOfData = input => CalibrationHead.ShapeOf(input, options) };
        return Compiler.Compile(ModelLoader.Load(Path.Combine(Lenet, "mnist-lenet-symbol.json"), reading), options).Report!.Noise;
    }

    /// <summary>Passes as a broken prepare pass would leave the graph: the first relu is gone.</summary>
    private sealed class WithoutRelu : IPassInstrumentation
    {
        public void Before(PassInfo pass, PassOptions options, Graph graph)
        {
            if (pass.Name != "fold-constants" || graph.Operations.FirstOrDefault(o => o.Result.Name == "relu0") is not { } relu) return;
            Assert.Equal(NnUnary.Relu, relu.Spec);
            var rewriter = new Rewriter(graph);
            rewriter.Replace(relu.Result, relu.Operands[0]);
            rewriter.EraseDead(relu);
        }
    }
}
