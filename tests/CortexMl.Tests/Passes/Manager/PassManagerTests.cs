using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

public sealed class PassManagerTests
{
    private readonly List<string> _ran = [];

    [Fact]
    public void Runs_the_passes_in_the_order_of_the_pipeline()
    {
        Run("second,first,second", Logging("first"), Logging("second"));
        Assert.Equal(["second", "first", "second"], _ran);
    }

    [Fact]
    public void Stops_after_the_named_pass()
    {
        var manager = new PassManager(new PassRegistry(Logging("first"), Logging("second")));
        manager.Run(ScriptedPass.Echo(), Pipeline.Parse("first,second,first"), options: new() { StopAfter = "second" });
        Assert.Equal(["first", "second"], _ran);
    }

    [Fact]
    public void An_unknown_pass_is_named_with_its_nearest_neighbour_before_anything_runs()
    {
        var error = Assert.Throws<DiagnosticException>(() => Run("canonicalize,qantize", Logging("canonicalize"), Logging("quantize")));
        var found = Assert.Single(error.Diagnostics);
        Assert.Equal("CML0902", found.Code);
        Assert.Equal("no pass is named 'qantize'; did you mean 'quantize'?", found.Message);
        Assert.Equal("passes: canonicalize, quantize", found.Hint);
        Assert.Empty(_ran);
    }

    [Fact]
    public void Everything_wrong_with_a_pipeline_is_told_at_once()
    {
        var width = new PassOption("width", PassOptionKind.Int, "8", "bits");
        var error = Assert.Throws<DiagnosticException>(() => Run("nowhere,narrow{width=wide},narrow{depth=1},late",
            ScriptedPass.Named("narrow", options: width), ScriptedPass.Named("late", from: Level.Cvm, to: Level.Cvm)));
        Assert.Equal(["CML0902", "CML0903", "CML0903", "CML0904"], error.Diagnostics.Select(d => d.Code));
        Assert.Equal("pass 'late' takes a graph of level cvm; here it would get level float", error.Diagnostics[3].Message);
    }

    [Fact]
    public void A_pass_that_changes_the_level_lets_the_next_one_run()
    {
        static void Lower(Graph graph, PassContext context)
        {
            context.Rewriter.SetType(graph.Inputs[0], Scaled);
            context.Rewriter.SetLevel(Level.Quant);
        }

        Run("lower,late", ScriptedPass.Named("lower", Lower, Level.Float, Level.Quant), Logging("late", Level.Quant));
        Assert.Equal(["late"], _ran);
    }

    [Theory]
    [InlineData(0, "nn.identity nn.identity nn.dropout")]
    [InlineData(2, "nn.dropout")]
    [InlineData(9, "")]
    public void The_rewrite_limit_counts_over_the_whole_pipeline(long limit, string left)
    {
        var graph = TextParser.ParseOne(
            "graph @g(%x: f32[1]) {\n %a = nn.identity(%x)\n %b = nn.identity(%a)\n %c = nn.dropout(%b)\n return %c\n}");
        long made = new PassManager(PassTable.Registry())
            .Run(graph, Pipeline.Parse("dead-code,drop-identity,canonicalize"), options: new() { RewriteLimit = limit });
        Assert.Equal(Math.Min(3, limit), made);
        Assert.Equal(left, string.Join(' ', graph.Operations.Select(o => o.Spec.Name)));
    }

    private static TensorType Scaled => TensorType.Integer(8, Shape.Of(1, 2), Scale.PerTensor(4));

    private Func<Pass> Logging(string name, Level level = Level.Any) => ScriptedPass.Named(name, (_, _) => _ran.Add(name), level, level);

    private static void Run(string pipeline, params Func<Pass>[] passes) =>
        new PassManager(new PassRegistry(passes)).Run(ScriptedPass.Echo(), Pipeline.Parse(pipeline));
}
