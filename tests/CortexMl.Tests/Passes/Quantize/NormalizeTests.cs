using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>
/// Normalised rows as integers, beside their definition in double: inputs are whole numbers, so that all noise is the lowering's own.
/// </summary>
public sealed class NormalizeTests
{
    /// <summary>Largest number that calibration sees, at an input scale of 1.</summary>
    private const int Loudest = 127;

    [Theory]
    [InlineData("1, 4, 16", "2", true, 1e-5)]
    [InlineData("1, 4, 64", "2", true, 1e-5)]
    [InlineData("1, 512", "1", true, 1e-5)]
    [InlineData("1, 3, 9, 7", "2, 3", true, 1e-5)]
    [InlineData("1, 3, 9, 7", "1, 2, 3", true, 0)]
    [InlineData("1, 5, 4", "1", true, 1e-3)]
    [InlineData("1, 4, 48", "-1", false, 1e-6)]
    [InlineData("1, 2, 128, 128", "2, 3", true, 1e-5)]
    [InlineData("1, 2", "1", false, 0)]
    public void Loud_samples_and_quiet_ones_follow_their_definition(string dims, string axes, bool center, double epsilon)
    {
        var integer = Compiled(dims, axes, center, epsilon, Loudest);
        foreach (int most in new[] { Loudest, 40, 9 })
        {
            var sample = Whole(integer.Inputs[0].Type.Shape, most, seed: most);
            double[] expected = Defined(dims, axes, center, epsilon, sample);
            double decibels = Decibels(expected, IntegerRun.Of(integer, [sample])[0]);
            Assert.True(decibels >= 50, $"numbers up to {most}: {decibels:F1} dB");
        }
    }

    // Differences of 16 bits are halved and rounded, their squares divided by 2^9 and rounded, the root's digits are 11 or 12; and two
    // steps of the result.
    [Fact]
    public void No_element_is_further_off_than_the_bound_says()
    {
        const string dims = "1, 8, 256", axes = "2";
        var integer = Compiled(dims, axes, center: true, 1e-5, Loudest);
        double step = 1 / integer.Outputs[0].Type.Scale!.Value;
        for (int most = 2; most <= Loudest; most += 25)
        {
            var sample = Whole(integer.Inputs[0].Type.Shape, most, seed: most);
            double[] expected = Defined(dims, axes, true, 1e-5, sample), found = IntegerRun.Of(integer, [sample])[0];
            double deviation = 256 / 2 * most / Math.Sqrt(3);
            double relative = 0.5 / deviation + 0.5 * 512 / (2 * deviation * deviation) + Math.ScaleB(1, -11);
            for (int i = 0; i < found.Length; i++)
                Assert.True(Math.Abs(found[i] - expected[i]) <= Math.Abs(expected[i]) * relative + 2 * step,
                    $"numbers up to {most}, element {i}: {found[i]} where {expected[i]} is meant");
        }
    }

    [Fact]
    public void A_row_of_equal_numbers_is_zero()
    {
        var integer = Compiled("1, 2, 6", "2", center: true, 1e-5, Loudest);
        var sample = Tensor.Create(Shape.Of(1, 2, 6), [.. Enumerable.Repeat(77.0, 6), .. Enumerable.Repeat(0.0, 6)]);
        Assert.All(IntegerRun.Of(integer, [sample])[0], y => Assert.Equal(0, y));
    }

    // Beside σ² = 127² / 3: ε that fits 30 bits in units of the differences' squares, and ε beyond
    [Theory]
    [InlineData(1e4)]
    [InlineData(1e6)]
    public void Epsilon_larger_than_the_variance(double epsilon)
    {
        var integer = Compiled("1, 2, 30", "2", center: true, epsilon, Loudest);
        var sample = Whole(Shape.Of(1, 2, 30), 127, seed: 3);
        double decibels = Decibels(Defined("1, 2, 30", "2", true, epsilon, sample), IntegerRun.Of(integer, [sample])[0]);
        Assert.True(decibels >= 50, $"{decibels:F1} dB");
    }

    [Fact]
    public void Sums_that_no_32_bits_hold_are_refused()
    {
        var error = Assert.Throws<DiagnosticException>(() => Compiled("1, 2048, 4096", "1, 2", center: true, 1e-5, Loudest));
        Assert.Contains("a sum over 8,388,608 elements of 8 bits goes beyond 32", error.Message, StringComparison.Ordinal);
    }

    private static Graph Text(string dims, string axes, bool center, double epsilon) => TextParser.ParseOne(
        $"graph @g(%x: f32[{dims}]) {{\n  %y = nn.normalize(%x) {{axes = [{axes}], center = {(center ? "true" : "false")}, "
        + string.Create(System.Globalization.CultureInfo.InvariantCulture, $"epsilon = {epsilon:0.0########}}}\n  return %y\n}}"));

    private static Graph Compiled(string dims, string axes, bool center, double epsilon, int most)
    {
        var graph = Text(dims, axes, center, epsilon);
        var shape = graph.Inputs[0].Type.Shape;
        if (shape.Count <= 1 << 20) IntegerRun.Calibrate(graph, [[Whole(shape, most, 1)], [Whole(shape, most, 2)]]);
        new PassManager(PassTable.Registry()).Run(
            graph, Pipeline.Parse("check-forms,quantize,round-shift,lower-cvm,align-outputs,bound-check"), new PassServices());
        return graph;
    }

    /// <summary>Whole numbers from -most to most, the largest among them.</summary>
    private static Tensor<double> Whole(Shape shape, int most, int seed)
    {
        var random = new Random(seed);
        double[] data = [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (double)random.Next(-most, most + 1))];
        data[0] = most;
        return Tensor.Create(shape, data);
    }

    private static double[] Defined(string dims, string axes, bool center, double epsilon, Tensor<double> sample) =>
        NaiveEvaluator.Run(Text(dims, axes, center, epsilon), [sample])[0].Data;

    private static double Decibels(double[] expected, double[] found) => 10 * Math.Log10(
        expected.Sum(y => y * y) / Math.Max(1e-30, expected.Zip(found).Sum(p => (p.First - p.Second) * (p.First - p.Second))));
}
