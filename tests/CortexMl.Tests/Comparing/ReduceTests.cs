using CortexMl.Comparing;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Tests.Cli;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Comparing;

public sealed class ReduceTests : IDisposable
{
    private readonly PooledModel _pooled = new();

    public void Dispose() => _pooled.Dispose();

    [Fact]
    public void The_missing_relu_is_reduced_to_a_relu_and_a_pool()
    {
        string reduced = _pooled.Folder["small.cml"];
        var run = Reduce(_pooled.Model, reduced, "wrong-relu");
        Assert.Equal(0, run.Exit);
        var graph = TextParser.ParseOne(File.ReadAllText(reduced));
        Assert.Equal(["nn.relu", "nn.max_pool2d"], graph.Operations.Where(o => o.Constant is null).Select(o => o.Spec.Name));
        Assert.StartsWith("8 operations became 2 operations", run.Error);
    }

    [Fact]
    public void The_wrong_shift_is_reduced_to_a_handful_of_operations()
    {
        string folder = _pooled.Folder["out"], reduced = _pooled.Folder["small.cml"];
        string pipeline = DefaultPipeline.Text;
        Assert.Equal(0, CliRun.Of("compile", _pooled.Model, "-o", folder, "--random-data", "4", "--passes", pipeline).Exit);
        Assert.Equal(0, Reduce(folder, reduced, "wrong-shift").Exit);
        var operations = TextParser.ParseOne(File.ReadAllText(reduced)).Operations.Where(o => o.Constant is null).ToList();
        Assert.InRange(operations.Count, 1, 3);
        Assert.Contains(operations, o => o.Spec.Name == "cvm.cvm_right_shift");
    }

    [Fact]
    public void A_condition_that_never_held_is_a_mistake()
    {
        var run = CliRun.Of("reduce", _pooled.Model, "--while", "cortexml print {}", "--exit", "1", "-o", _pooled.Folder["small.cml"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0981: the condition does not hold of the whole graph: 'cortexml print {}' ends with 0, not 1", run.Error);
    }

    [Fact]
    public void A_long_chain_is_cut_to_its_one_odd_operation()
    {
        var build = new GraphBuilder("chain", Level.Float);
        var value = build.Input("x", TensorType.Float(1, 4));
        for (int i = 0; i < 300; i++) value = build.Op(i == 137 ? NnUnary.Tanh : NnUnary.Relu, [value]);
        build.Output(value);
        int tries = 0;
        var small = Reduction.Shrunk(build.Build(), graph =>
        {
            tries++;
            return graph.Operations.Any(o => o.Spec == NnUnary.Tanh);
        });
        Assert.Equal("nn.tanh", Assert.Single(small.Operations).Spec.Name);
        Assert.InRange(tries, 1, 100);
    }

    private static CliRun Reduce(string file, string output, string pass) => CliRun.Of("reduce", file, "-o", output, "--exit", "1",
        "--while", $"cortexml compare {{}} --random 4 --passes {pass} --plugin \"{PooledModel.Plugin}\" --min-db 60");
}
