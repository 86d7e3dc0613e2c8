using System.Globalization;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Methods;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

/// <summary>Thresholds of every method against <see cref="ThresholdOracle"/>, on numbers of many shapes.</summary>
public sealed class ThresholdOracleTests
{
    private const int Seeds = 6;

    /// <summary>Shapes of data; each is scaled by a power of two from its seed.</summary>
    private static readonly (string Name, Func<Random, float[]> Numbers)[] s_shapes =
    [
        ("all zero", _ => [0, -0f, 0, 0]),
        ("one number", r => [r.NextSingle() + 0.1f]),
        ("one negative number, often", r => [.. Enumerable.Repeat(-r.NextSingle() - 0.1f, 50)]),
        ("a power of two on both sides", _ => [1, -1, 0.5f, -0.5f]),
        ("two numbers", r => [r.NextSingle(), -8 * r.NextSingle()]),
        ("even", r => Many(r, 400, () => (2 * r.NextSingle()) - 1)),
        ("bell", r => Many(r, 400, () => Bell(r))),
        ("one-sided bell, half of it zeros", r => Many(r, 400, () => Math.Max(0, Bell(r)))),
        ("negative side only", r => Many(r, 300, () => -Math.Abs(Bell(r)))),
        ("shifted bell", r => Many(r, 300, () => 9 + Bell(r))),
        ("heavy tails", r => Many(r, 400, () => Bell(r) * MathF.Exp(2 * Bell(r)))),
        ("bell and one outlier", r => [.. Many(r, 400, () => Bell(r)), 30 + (30 * r.NextSingle())]),
        ("bell and outliers on both sides", r => [.. Many(r, 400, () => Bell(r)), 25, -40, 26]),
        ("two heaps", r => Many(r, 400, () => (0.1f * Bell(r)) + (r.Next(4) == 0 ? 5 : 1))),
        ("mostly zeros", r => Many(r, 300, () => r.Next(20) == 0 ? Bell(r) : 0)),
        ("few", r => Many(r, 1 + r.Next(12), () => Bell(r))),
    ];

    public static TheoryData<string> Methods => [.. CalibrationMethods.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_threshold_is_what_the_definition_says(string method)
    {
        int compared = 0, decided = 0, cut = 0;
        foreach (var (shape, numbers, seed) in Data())
        {
            double percentile = new[] { 50, 90, 99, 99.9, 99.99, 100 }[seed % 6], lambda = new double[] { 0, 1, 2, 4, 8, 16 }[seed % 6];
            double found = Threshold(method, numbers, percentile, lambda);
            var allowed = new ThresholdOracle(numbers).Thresholds(method, percentile, lambda);
            string defined = string.Join(" or ", allowed.Order().Select(t => t.ToString("R", CultureInfo.InvariantCulture)));
            string place = string.Create(CultureInfo.InvariantCulture, $"{shape}, seed {seed}: {found:R}, defined {defined}");
            Assert.True(allowed.Contains(found), place);
            compared++;
            if (allowed.Count == 1) decided++;
            if (found < numbers.Max(v => Math.Abs(v))) cut++;
        }
        Assert.Equal(Seeds * s_shapes.Length, compared);
        // The definition leaves no choice nearly always, and the data are such that the method has something to cut off.
        Assert.True(decided >= compared * 9 / 10, $"{decided} of {compared} are decided");
        Assert.True(method == "absmax" ? cut == 0 : cut >= compared / 10, $"{cut} of {compared} are cut off");
    }

    /// <summary>What the default promises, not its formula: numbers are really rounded to 8 bits, no threshold is much better.</summary>
    [Theory]
    [InlineData("bell")]
    [InlineData("one-sided bell, half of it zeros")]
    [InlineData("heavy tails")]
    [InlineData("bell and one outlier")]
    public void The_default_threshold_rounds_to_8_bits_with_nearly_the_least_error(string shape)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            float[] numbers = [.. Enumerable.Repeat(s_shapes.Single(s => s.Name == shape).Numbers, 25).SelectMany(n => n(random))];
            double most = numbers.Max(v => Math.Abs((double)v)), found = RoundingError(numbers, Threshold("mse", numbers, 99.99, 16));
            double least = Enumerable.Range(1, 200).Min(i => RoundingError(numbers, most * i / 200));
            Assert.InRange(found / least, 0, 1.03);
        }
    }

    private static double RoundingError(float[] numbers, double threshold)
    {
        double step = threshold / 127;
        return numbers.Sum(v => Math.Pow(v - (Math.Clamp(Math.Round(v / step), -127, 127) * step), 2));
    }

    private static IEnumerable<(string Shape, float[] Numbers, int Seed)> Data()
    {
        foreach (var (name, make) in s_shapes)
        {
            for (int seed = 0; seed < Seeds; seed++)
            {
                float[] numbers = make(new Random(seed));
                int exponent = new[] { 0, 3, -7, 60, -100, -135 }[seed % 6];
                yield return (name, [.. numbers.Select(v => MathF.ScaleB(v, exponent))], seed);
            }
        }
    }

    private static float[] Many(Random random, int count, Func<float> next) =>
        [.. Enumerable.Range(0, count + random.Next(50)).Select(_ => next())];

    /// <summary>Roughly normal, deviation 1.</summary>
    private static float Bell(Random random) => (float)Enumerable.Range(0, 12).Sum(_ => random.NextDouble() - 0.5);

    private static double Threshold(string method, float[] numbers, double percentile, double lambda)
    {
        var statistics = new ValueStatistics();
        Assert.Equal(-1, statistics.Add(numbers));
        return ChosenMethod.Parse(CalibrationMethodTests.Spelled(method, percentile, lambda)).Threshold(statistics, "v");
    }
}
