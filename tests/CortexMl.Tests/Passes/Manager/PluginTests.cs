using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

public sealed class PluginTests
{
    private const string Product = """
        graph @product(%x: f32[1, 2]) {
          %y = nn.mul(%x, %x)
          return %y
        }
        """;

    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "CortexMl.Samples.FoldSquares.dll");

    [Theory]
    [InlineData("fold-squares", "nn.square(%x)")]
    [InlineData("fold-squares{up-to=1}", "nn.mul(%x, %x)")]
    public void A_pass_of_a_plugin_runs_in_a_pipeline_with_its_options(string pipeline, string expected)
    {
        var registry = PassTable.Registry();
        Assert.Equal("fold-squares", Assert.Single(registry.LoadPlugin(Sample)).Name);
        var graph = TextParser.ParseOne(Product);
        new PassManager(registry).Run(graph, Pipeline.Parse(pipeline));
        Assert.Contains(expected, TextPrinter.Print(graph));
    }

    [Fact]
    public void Loading_a_plugin_twice_is_a_name_that_is_taken()
    {
        var registry = PassTable.Registry();
        registry.LoadPlugin(Sample);
        Assert.Equal("two passes are named 'fold-squares'", Message(() => registry.LoadPlugin(Sample)));
    }

    [Fact]
    public void A_missing_file_a_file_of_another_kind_and_a_library_without_passes_are_told_apart()
    {
        var registry = PassTable.Registry();
        Assert.StartsWith("no file '", Message(() => registry.LoadPlugin(Sample + ".missing")));
        Assert.Contains("is no class library that can be loaded",
            Message(() => registry.LoadPlugin(Path.ChangeExtension(typeof(PluginTests).Assembly.Location, ".deps.json"))));
        Assert.EndsWith("holds no pass", Message(() => registry.LoadPlugin(typeof(FactAttribute).Assembly.Location)));
    }

    private static string Message(Action action) => Assert.Single(Assert.Throws<DiagnosticException>(action).Diagnostics).Message;
}
