using CortexMl.Ir;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Text;

/// <summary>Every file of grammar/examples reads, is legal, and prints back.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Repository.Path("grammar", "examples"), "*.cml").Select(f => Path.GetFileName(f))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_example_prints_what_reads_back(string file)
    {
        var graph = Read(file);
        string text = TextPrinter.Print(graph);
        Assert.Equal(text, TextPrinter.Print(TextParser.ParseOne(text)));
    }

    [Theory]
    [InlineData("dapp.cml", Level.Float, "f32[1, 10]", 10)]
    [InlineData("lenet.cml", Level.Float, "f32[1, 10]", 8)]
    [InlineData("mlp.cml", Level.Float, "f32[1, 10]", 6)]
    [InlineData("residual.cml", Level.Float, "f32[1, 10], f32[1, 16]", 10)]
    [InlineData("quantized.cml", Level.Cvm, "i8[1, 3] @ 14.5", 4)]
    public void An_example_is_the_network_that_its_name_says(string file, Level level, string results, int constants)
    {
        var graph = Read(file);
        Assert.Equal(level, graph.Level);
        Assert.Equal(results, string.Join(", ", graph.Outputs.Select(o => o.Type.ToString())));
        Assert.Equal(constants, graph.Constants.Count());
    }

    private static Graph Read(string file) => TextParser.ParseOne(File.ReadAllText(Repository.Path("grammar", "examples", file)), file);
}
