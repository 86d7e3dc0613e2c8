using CortexMl.Passes;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Sums of layers whose weights have 15 bits: high and low parts together stay within what the requantization can take.</summary>
public sealed class WideSumTests
{
    // A row of one large weight and many of half a unit of its high part: each adds a unit above and takes half of it off below.
    [Theory]
    [InlineData("[8, 15]")]
    [InlineData("[15, 15]")]
    public void Of_many_small_weights(string bits)
    {
        var refused = new List<string>();
        for (int terms = 64; terms <= 2048; terms *= 2)
            for (double small = 0.0041; small < 0.02; small *= 1.3)
                for (double reach = 1; reach <= 64; reach *= 4)
                {
                    string weights = string.Join(", ", Enumerable.Repeat(small.ToString("R"), terms - 1).Prepend("1"));
                    var graph = TextParser.ParseOne($$"""
                        graph @g(%x: f32[1, {{terms}}] within 1) {
                          @w: f32[1, {{terms}}] = [{{weights}}]
                          %r = nn.abs(%x) : f32[1, {{terms}}] within 1
                          %y = nn.dense(%r, @w) {bits = {{bits}}} : f32[1, 1] within {{reach}}
                          %z = nn.sin(%y) : f32[1, 1] within 1
                          return %z
                        }
                        """);
                    try
                    {
                        new PassManager(PassTable.Registry()).Run(
                            graph, Pipeline.Parse("quantize{table=13},round-shift,lower-cvm,plan-storage,bound-check"));
                    }
                    catch (CortexMl.Diagnostics.DiagnosticException error)
                    {
                        refused.Add($"{terms} {small} {reach}: {error.Message}");
                    }
                }
        Assert.Empty(refused);
    }
}
