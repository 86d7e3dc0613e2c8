using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Passes;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.QuantizePasses;

/// <summary>round-shift against the definition of a requantization: x · ratio, saturated.</summary>
public sealed class RequantizationTests
{
    [Fact]
    public void A_ratio_of_scales_is_met_within_one_step_and_a_thousandth() =>
        Gen.Select(Gen.Int[4, 31], Gen.Int[4, 16], Gen.Double[-12, 6], Gen.Double[-1, 1]).Sample((from, to, exponent, at) =>
        {
            double ratio = Math.Pow(2, exponent);
            // A ratio that makes the widest input vanish, or need a multiplier of its own beyond 32 bits, is no requantization.
            if (Precisions.Bound(from) * ratio < 1 || from - 1 + exponent > 30 || exponent > 32 - from - 2) return;
            var graph = Requantization(from, to, ratio);
            long bound = Precisions.Bound(to), x = (long)(at * Precisions.Bound(from));
            double exact = Math.Clamp(x * ratio, -bound, bound);
            int result = Run(graph, (int)x);
            Assert.True(Math.Abs(result - exact) <= 1 + Math.Abs(exact) / 500, $"i{from} {x} · {ratio:R} = {exact:R}, found {result}\n{Text.TextPrinter.Print(graph)}");
        }, iter: 3000);

    [Theory]
    [InlineData(3, 2)]     // 1.5 → 2
    [InlineData(-3, -1)]   // -1.5 → -1
    [InlineData(-1, 0)]    // -0.5 → 0
    [InlineData(1, 1)]     // 0.5 → 1
    public void Ties_round_up(int x, int expected) => Assert.Equal(expected, Run(Requantization(16, 8, 0.5), x));

    [Fact]
    public void A_ratio_next_to_one_keeps_small_numbers() => Assert.Equal(-5, Run(Requantization(17, 8, Math.BitIncrement(1.0)), -5));

    [Fact]
    public void What_lies_beyond_saturates_on_both_sides()
    {
        var graph = Requantization(16, 8, 0.25);
        Assert.Equal(127, Run(graph, 32767));
        Assert.Equal(-127, Run(graph, -32767));
    }

    private static Graph Requantization(int from, int to, double ratio)
    {
        var build = new GraphBuilder("requantization", Level.Quant);
        var x = build.Input("x", TensorType.Integer(from, Shape.Of(1), Scale.PerTensor(1)));
        var y = build.Op(Quant.Requantize, [x], Attributes.Of(("precision", to)));
        build.SetType(y, y.Type with { Scale = Scale.PerTensor(ratio) });
        build.Output(y);
        var graph = build.Build();
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("round-shift,lower-cvm,plan-storage,bound-check"));
        return graph;
    }

    private static int Run(Graph graph, int x)
    {
        using var executable = new InterpreterEngine(new InterpreterOptions { TrapOverflow = true }).Prepare(graph);
        return executable.Run([Tensor.Vector(x)])[0].Data[0];
    }
}
