using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Text;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>round-shift against the definition of a requantization: x · ratio, saturated.</summary>
public sealed class RequantizationTests
{
    private const int Trials = 3000;

    /// <summary>
    /// Ratios that neither make the widest input vanish nor need more than 32 bits, and numbers that do not saturate, often the largest.
    /// </summary>
    private static readonly Gen<(int From, int To, double Ratio, double At)> Cases =
        Gen.Select(Gen.Int[4, 31], Gen.Int[4, 16]).SelectMany((from, to) => Gen.Select(
            Gen.Double[Math.Max(-12, -Math.Log2(Precisions.Bound(from))), Math.Min(6, 30 - from)],
            Gen.OneOf(Gen.Double[-1, 1], Gen.Const(1.0), Gen.Const(-1.0)))
            .Select((exponent, at) => (from, to, Math.Pow(2, exponent), at)));

    [Fact]
    public void A_ratio_of_scales_is_met_within_half_a_step_and_a_thousandth()
    {
        int met = 0, large = 0, twice = 0;
        Cases.Sample((from, to, ratio, at) =>
        {
            var graph = Requantization(from, to, ratio);
            long bound = Precisions.Bound(to), x = (long)(at * Math.Min(Precisions.Bound(from), bound / ratio));
            double exact = x * ratio, found = Run(graph, (int)x);
            // A shift ahead of the multiplication keeps four bits more than the result has: its own rounding is a sixteenth of the other's.
            bool isTwice = graph.Operations.Count(o => o.Spec == CvmUnary.CvmRightShift) > 1;
            double allowed = (isTwice ? 0.5 + (0.5 / 16) : 0.5) + (Math.Abs(exact) / 1024);
            string place = $"i{from} {x} · {ratio:R} = {exact:R}, found {found}\n{TextPrinter.Print(graph)}";
            Assert.True(Math.Abs(found - exact) <= allowed, place);
            Interlocked.Increment(ref met);
            if (Math.Abs(exact) > bound / 2.0) Interlocked.Increment(ref large);
            if (isTwice) Interlocked.Increment(ref twice);
        }, iter: Trials);
        Assert.Equal(Trials, met);
        Assert.True(large >= Trials / 4, $"{large} of {Trials} results use the upper half of their range");
        Assert.True(twice >= 5, $"{twice} of {Trials} ratios need two shifts");
    }

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
        var services = new PassServices();
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("round-shift,lower-cvm,plan-storage,bound-check"), services);
        Assert.Empty(services.Diagnostics.Items);
        return graph;
    }

    private static int Run(Graph graph, int x)
    {
        using var executable = new InterpreterEngine(new InterpreterOptions { TrapOverflow = true }).Prepare(graph);
        return executable.Run([Tensor.Vector(x)])[0].Data[0];
    }
}
