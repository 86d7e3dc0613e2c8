using System.Text.Json;
using CortexMl.Analysis;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Quantize;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

/// <summary>Rows of a plugin, from the text to integers that run; in a process of their own, since rows hold for all of it.</summary>
public sealed class PluginRowTests : IDisposable
{
    private const string Usings = """
        using System; using System.Linq; using CortexMl.Ir; using CortexMl.Ops; using CortexMl.Ops.Cvm; using CortexMl.Passes;
        using CortexMl.Passes.Quantize; using CortexMl.Tensors; using CortexMl.Passes.Calibrate.Methods;

        """;

    private const string Network = """
        graph @net(%data: f32[1, 8]) {
          @w: f32[4, 8] = random(3)
          %d = nn.dense(%data, @w)
          %c = my.cube(%d)
          %e = nn.relu(%d)
          %g = my.gate(%c, %e)
          return %g
        }

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_a_plugin_are_calibrated_quantized_and_run()
    {
        string plugin = Plugin(Page("public sealed class Rows : IPlugin"));
        string network = _folder.Write("net.cml", Network);
        var run = CliProcess.Of("compile", network, "-o", _folder["out"], "--random-data", "16", "--plugin", plugin, "--quiet");
        Assert.True(run.Exit == 0, run.Error);
        string text = File.ReadAllText(_folder["out/model.cml"]);
        Assert.Contains("cvm.cvm_lut(", text);
        Assert.Contains("cvm.broadcast_mul(", text);
        var noise = JsonDocument.Parse(File.ReadAllText(_folder["out/report.json"])).RootElement.GetProperty("noise").EnumerateArray()
            .Single(node => node.TryGetProperty("output", out var output) && output.ValueKind != JsonValueKind.Null);
        Assert.InRange(noise.GetProperty("noiseRatio").GetDouble(), 25, 100);
        var refused = CliProcess.Of("compile", network, "-o", _folder["out"], "--random-data", "16");
        Assert.Equal(2, refused.Exit);
        Assert.Contains("CML0302", refused.Error);
    }

    [Theory]
    [InlineData("compare", "--passes canonicalize --min-db 60")]
    [InlineData("bisect", "--passes canonicalize --while db>=60")]
    [InlineData("reduce", "--while cortexml_print -o small.cml")]
    public void Texts_with_rows_of_a_plugin_are_compared_bisected_and_reduced(string command, string options)
    {
        string plugin = Plugin(Page("public sealed class Rows : IPlugin"));
        var words = options.Split(' ').Select(word => word switch
        {
            "small.cml" => _folder["small.cml"],
            "cortexml_print" => "cortexml print {}",
            _ => word,
        });
        var run = CliProcess.Of([command, _folder.Write("net.cml", Network), "--plugin", plugin, .. words]);
        Assert.True(run.Exit == 0, run.Error);
    }

    [Fact]
    public void A_plugin_that_takes_a_row_of_ours_is_told()
    {
        string plugin = Plugin("""
            public sealed class Rows : IPlugin
            {
                public void Register() => IntegerRows.AddTable(CortexMl.Ops.Nn.NnUnary.Relu, _ => x => x);
            }
            """);
        var run = CliProcess.Of("passes", "--plugin", plugin);
        Assert.Equal(2, run.Exit);
        Assert.Contains("CML0906", run.Error);
        Assert.Contains("quantize has an integer form of nn.relu", run.Error);
    }

    [Fact]
    public void A_plugin_whose_method_has_the_name_of_ours_is_told()
    {
        string plugin = Plugin("""
            public sealed class Mine : IPlugin
            {
                public void Register() => CalibrationMethods.Add(new CalibrationMethod("mse", "another", (seen, _) => seen.AbsMax));
            }
            """);
        var run = CliProcess.Of("passes", "--plugin", plugin);
        Assert.Equal(2, run.Exit);
        Assert.Contains("CML0906", run.Error);
        Assert.Contains("two calibration methods are named 'mse'", run.Error);
    }

    [Fact]
    public void A_method_of_a_plugin_that_returns_no_threshold_is_told()
    {
        string plugin = Plugin("""
            public sealed class Mine : IPlugin
            {
                public void Register() => CalibrationMethods.Add(new CalibrationMethod("lost", "nothing", (seen, _) => Math.Log(-seen.AbsMax)));
            }
            """);
        string network = _folder.Write("net.cml", """
            graph @net(%data: f32[1, 8]) {
              @w: f32[4, 8] = random(3)
              @v: f32[4, 4] = random(4)
              %d = nn.dense(%data, @w)
              %e = nn.dense(%d, @v)
              return %e
            }
            """);
        var run = CliProcess.Of("compile", network, "-o", _folder["out"], "--random-data", "4", "--plugin", plugin,
            "--passes", "default,calibrate{method=lost}@instead");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0557: calibration method 'lost' of Mine, value %d: it returned NaN, the value reaches ", run.Error);
    }

    [Theory]
    [InlineData("nn.cube")]
    [InlineData("cube")]
    public void A_row_needs_a_family_of_its_own(string name) =>
        Assert.Contains("give it a family of its own",
            Assert.Throws<ArgumentException>(() => OpTable.Add(Row(name, (_, _, _) => []))).Message);

    [Fact]
    public void A_table_is_of_one_operand() => Assert.Equal("nn.add is no function of one number",
        Assert.Throws<ArgumentException>(() => IntegerRows.AddTable(NnBinary.Add, _ => x => x)).Message);

    [Fact]
    public void A_row_needs_a_kernel() =>
        Assert.EndsWith("with one result and a kernel", Assert.Throws<ArgumentException>(() => OpTable.Add(Row("my.cube", null))).Message);

    [Fact]
    public void A_form_has_a_precision_that_integers_have() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => IntegerRows.Add(Row("my.cube", null), 17, emit => emit.Operand(0)));

    [Fact]
    public void Values_are_needed_from_where_they_are_made_to_their_last_use()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: f32[1], %y: f32[1]) {
              %a = nn.relu(%x)
              %b = nn.neg(%a)
              %c = nn.add(%a, %y)
              return %c, %a
            }
            """);
        var live = Context(graph).Liveness;
        Assert.Equal(["y a", "y a", "a c"],
            graph.Operations.Select(o => string.Join(' ', live.NeededBehind(o).Select(v => v.Name))));
        Assert.False(live.IsNeededBehind(graph.Inputs[0], graph.Operations[0]));
        Assert.Same(live, Liveness.Of(graph));
        new Rewriter(graph).Replace(graph.Operations[1].Result, graph.Inputs[1]);
        Assert.NotSame(live, Liveness.Of(graph));
    }

    [Fact]
    public void Ranges_are_at_hand_through_the_context()
    {
        var graph = TextParser.ParseOne("graph @g(%x: i8[1] @ 1) {\n  %a = cvm.relu(%x)\n  return %a\n}");
        var context = Context(graph);
        Assert.Equal((0L, 127L), (context.Intervals[graph.Outputs[0]].All.Lo, context.Intervals[graph.Outputs[0]].All.Hi));
        Assert.Same(context.Intervals, context.Intervals);
        Assert.Same(context.Analysis(g => g.Operations), context.Analysis(g => g.Operations));
    }

    private static PassContext Context(Graph graph) => new(
        new PassOptions(CortexMl.Passes.Prepare.DeadCode.Record, new Dictionary<string, string>()),
        new Rewriter(graph), new PassServices());

    private static OpSpec Row(string name, FloatKernel? kernel) => new(name)
    {
        Doc = "x · x · x", Operands = NnUnary.Relu.Operands, Shapes = op => [op.Shape(0)], Levels = Level.Float, Kernel = kernel,
    };

    /// <summary>The example of passes/README.md that has this line.</summary>
    private static string Page(string line) => File.ReadAllText(Repository.Path("passes", "README.md")).Split("```csharp\n").Skip(1)
        .Select(block => block.Split("```")[0]).Single(block => block.Contains(line, StringComparison.Ordinal));

    private string Plugin(string source)
    {
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var compilation = CSharpCompilation.Create("Mine", [CSharpSyntaxTree.ParseText(Usings + source)],
            trusted.Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        string path = _folder.Write("Mine.dll", []);
        var emitted = compilation.Emit(path);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return path;
    }
}
