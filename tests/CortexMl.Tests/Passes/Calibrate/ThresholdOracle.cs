using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Methods;

namespace CortexMl.Tests.Passes.Calibrate;

/// <summary>
/// Every method of <see cref="CalibrationMethods"/> once more: slow, number by number, from the definitions in its documentation. Of the
/// code under test only the names of the methods are used. Bins are 2048 on each side of zero, up to the least power of two that holds all
/// numbers.
/// </summary>
internal sealed class ThresholdOracle
{
    private const int Bins = 2048;

    /// <summary>
    /// Of candidates that are equally good the largest is meant; of those whose errors differ by less than this, relatively, any: sums in
    /// another order end in other last digits.
    /// </summary>
    private const double Alike = 1e-9;

    private readonly float[] _numbers;
    private readonly double _width, _absMax;

    /// <summary>Of each number: how many bins lie between it and zero.</summary>
    private readonly int[] _bins;

    public ThresholdOracle(float[] numbers)
    {
        _numbers = numbers;
        int exponent = -126;
        while (numbers.Any(v => v < -Math.Pow(2, exponent) || v >= Math.Pow(2, exponent))) exponent++;
        _width = Math.Pow(2, exponent) / Bins;
        _bins = [.. numbers.Select(v => (int)Math.Floor(v / _width)).Select(bin => bin >= 0 ? bin : -bin - 1)];
        _absMax = numbers.Max(v => Math.Abs((double)v));
    }

    /// <summary>What the method's definition allows: several where sums are hardly told apart, or lie at a rounding's edge.</summary>
    public HashSet<double> Thresholds(string method, double percentile, double lambda) =>
        [.. Chosen(method, percentile, lambda).Select(t => RoundedUp(Math.Min(t, _absMax)))];

    private IEnumerable<double> Chosen(string method, double percentile, double lambda) => method switch
    {
        "absmax" => [_absMax],
        "percentile" => [OfPercentile(percentile)],
        "mean-std" => OfDeviation(lambda),
        "entropy" => Best(Enumerable.Range(8, Bins / 16 - 7).Select(i => 16 * i), Divergence),
        "mse" => Best(Enumerable.Range(128, Bins - 127), SquareError),
        _ => throw new ArgumentException($"no definition of {method}"),
    };

    private IEnumerable<double> Best(IEnumerable<int> candidates, Func<int, double> error)
    {
        var errors = candidates.Select(bins => (Bins: bins, Error: error(bins))).ToList();
        double least = errors.Min(e => e.Error);
        int largest = errors.Last(e => e.Error == least).Bins;
        double near = least + (least * Alike) + (Alike / 1000);
        return errors.Where(e => e.Bins == largest || (e.Error != least && e.Error <= near)).Select(e => e.Bins * _width);
    }

    private double OfPercentile(double percentile) =>
        (1 + Enumerable.Range(0, Bins).First(bin => 100.0 * _bins.Count(b => b <= bin) >= percentile * _numbers.Length)) * _width;

    private IEnumerable<double> OfDeviation(double lambda)
    {
        double[] centres = [.. _numbers.Select(v => (Math.Floor(v / _width) + 0.5) * _width)];
        double mean = centres.Average();
        double deviation = _numbers.Distinct().Count() == 1 ? 0 : Math.Sqrt(centres.Average(c => (c - mean) * (c - mean)));
        double reach = Math.Abs(Math.Clamp(mean, _numbers.Min(), _numbers.Max())) + (lambda * deviation);
        return new[] { reach * (1 - Alike), reach, reach * (1 + Alike) }.Select(r => r < 0.95 * _absMax ? r : _absMax);
    }

    /// <summary>In squared widths: step²/12 for what is within, the squared distance for what is not; bin 0 is exact zeros.</summary>
    private double SquareError(int threshold)
    {
        double error = 0, step = threshold / 127.0;
        foreach (int bin in _bins)
        {
            if (bin == 0) continue;
            error += bin < threshold ? step * step / 12 : (bin + 0.5 - threshold) * (bin + 0.5 - threshold);
        }
        return error;
    }

    /// <summary>
    /// Σ p · ln(p / q): p what was seen, numbers beyond the threshold moved into the last bin within that is not empty; q what 128 levels
    /// can tell of the numbers within, each level spread evenly over its bins that are not empty.
    /// </summary>
    private double Divergence(int threshold)
    {
        int[] all = [.. _bins.Where(bin => bin > 0)], within = [.. all.Where(bin => bin < threshold)];
        if (all.Length == 0) return 0;
        if (within.Length == 0) return double.PositiveInfinity;
        var seen = within.CountBy(bin => bin).ToDictionary(c => c.Key, c => (double)c.Value);
        double divergence = 0;
        foreach (var level in seen.GroupBy(c => LevelOf(c.Key, threshold)))
        {
            double q = level.Sum(c => c.Value) / level.Count() / within.Length;
            foreach (var (bin, count) in level)
            {
                double p = (bin == within.Max() ? count + all.Length - within.Length : count) / all.Length;
                divergence += p * Math.Log(p / q);
            }
        }
        return divergence;
    }

    /// <summary>Level l begins with bin ⌊l · bins / 128⌋.</summary>
    private static int LevelOf(int bin, int bins) => Enumerable.Range(0, 128).Last(level => level * bins / 128 <= bin);

    /// <summary>The least m · 2^e, m of 10 binary digits, that is not below.</summary>
    private static double RoundedUp(double threshold)
    {
        if (threshold == 0) return 0;
        int exponent = -200;
        while (1024 * Math.Pow(2, exponent) < threshold) exponent++;
        return Enumerable.Range(512, 513).Select(m => m * Math.Pow(2, exponent)).First(v => v >= threshold);
    }
}
