using CortexMl.Ir;
using CortexMl.Text;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Text;

/// <summary>print → parse → print is the identity, for generated graphs of every level.</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData(Level.Float)]
    [InlineData(Level.Quant)]
    [InlineData(Level.Cvm)]
    public void What_was_printed_reads_back_and_prints_the_same(Level level) => GraphGenerator.At(level).Sample(
        graph =>
        {
            Assert.Empty(Verifier.Check(graph).Items);
            string text = TextPrinter.Print(graph);
            var read = TextParser.ParseOne(text, options: new ParseOptions { Resolver = KnownTensors.Of(graph) });
            Assert.Equal(text, TextPrinter.Print(read));
            Assert.Equal(graph.Level, read.Level);
        },
        iter: 300);

    [Theory]
    [InlineData(Level.Float)]
    [InlineData(Level.Cvm)]
    public void A_stripped_print_does_not_change_when_it_is_read_and_stripped_again(Level level) => GraphGenerator.At(level).Sample(
        graph =>
        {
            var strip = new PrintOptions { StripNames = true, StripScales = true };
            string text = TextPrinter.Print(graph, strip);
            var read = TextParser.ParseOne(text, options: new ParseOptions { Resolver = KnownTensors.Of(graph) });
            Assert.Equal(text, TextPrinter.Print(read, strip));
        },
        iter: 100);

    [Fact]
    public void The_generator_reaches_most_rows()
    {
        var used = new HashSet<string>();
        foreach (var level in new[] { Level.Float, Level.Quant })
            GraphGenerator.At(level).Sample(g => used.UnionWith(g.Operations.Select(o => o.Spec.Name)), iter: 400, threads: 1);
        Assert.True(used.Count >= 80, $"only {used.Count} rows: {string.Join(' ', used.Order(StringComparer.Ordinal))}");
    }
}
