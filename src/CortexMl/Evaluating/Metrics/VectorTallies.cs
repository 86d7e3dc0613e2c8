using CortexMl.Numerics;

namespace CortexMl.Evaluating.Metrics;

/// <summary>10 · log₁₀(Σx² / Σ(x - y)²) of every output: x the float network's, y the model's; the least of them.</summary>
internal sealed class NoiseTally(MetricModel model)
    : Tally(new(0, 2 * model.Measured.Outputs.Count) { Outputs = [.. model.Measured.Outputs.Select(o => o.Name)] })
{
    public static MetricReading Read(MetricSums sums)
    {
        double?[] ratios = [.. Enumerable.Range(0, sums.Outputs.Count).Select(k => Ratio((sums.Exact[2 * k], sums.Exact[2 * k + 1])))];
        return new(ratios.Min(), ratios.Length < 2 ? []
            : [.. ratios.Zip(sums.Outputs, (ratio, name) => new MetricFigure(name, ratio, Metric.Decibels))]);
    }

    public static bool CanBe(MetricSums sums, int samples) => sums.Exact.All(sum => !sum.IsNegative);

    public override void Add(MetricSample sample)
    {
        for (int k = 0; k < Sums.Outputs.Count; k++)
        {
            float[] expected = model.Reference(sample.Expected, k), found = model.Reals(sample.Found, k);
            double signal = 0, noise = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                // Masks of minus infinity are no signal.
                if (!float.IsFinite(expected[i])) continue;
                double apart = (double)expected[i] - found[i];
                signal += (double)expected[i] * expected[i];
                noise += apart * apart;
            }
            Sums.Exact[2 * k].Add(signal);
            Sums.Exact[2 * k + 1].Add(noise);
        }
    }

    private static double? Ratio((ExactSum Signal, ExactSum Noise) sums) => (sums.Signal.Value, sums.Noise.Value) switch
    {
        (_, 0) => null,
        (0, _) => -200,
        var (signal, noise) => Math.Round(PortableMath.Decibels(signal / noise), 2),
    };
}

/// <summary>Cosine of the first output and the float network's, sample by sample.</summary>
internal sealed class CosineTally(MetricModel model) : Tally(new(1, 1))
{
    public static MetricReading Read(MetricSums sums)
    {
        long count = sums.Counts[0];
        return new(count == 0 ? null : sums.Exact[0].Value / count, [new("worst", count == 0 ? null : sums.Least, "")]);
    }

    public static bool CanBe(MetricSums sums, int samples) => sums.Counts[0] == samples;

    public override void Add(MetricSample sample)
    {
        double cosine = Of(model.Reals(sample.Found), model.Reference(sample.Expected));
        Sums.Exact[0].Add(cosine);
        Sums.Counts[0]++;
        Sums.See(cosine);
    }

    /// <summary>1 for two vectors of zeros, 0 where one is.</summary>
    public static double Of(float[] a, float[] b)
    {
        double product = 0, first = 0, second = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            first += (double)a[i] * a[i];
            second += (double)b[i] * b[i];
        }
        double lengths = Math.Sqrt(first) * Math.Sqrt(second);
        return lengths > 0 ? Math.Clamp(product / lengths, -1, 1) : first == second ? 1 : 0;
    }
}

/// <summary>Mean of |x - y| over the elements of the first output: x the label's numbers, or without labels the float network's.</summary>
internal sealed class ErrorTally(MetricModel model) : Tally(new(1, 1))
{
    public static MetricReading Read(MetricSums sums)
    {
        long count = sums.Counts[0];
        return new(count == 0 ? null : sums.Exact[0].Value / count, [new("largest", count == 0 ? null : sums.Largest, "")]);
    }

    public static bool CanBe(MetricSums sums, int samples) =>
        !sums.Exact[0].IsNegative && (samples == 0 ? sums.Counts[0] == 0 : sums.Counts[0] % samples == 0);

    public override void Add(MetricSample sample)
    {
        float[] found = model.Reals(sample.Found);
        float[]? expected = sample.Truth is null ? model.Reference(sample.Expected) : null;
        double sum = 0;
        for (int i = 0; i < found.Length; i++)
        {
            double apart = Math.Abs((expected?[i] ?? sample.Truth!.GetDouble(i)) - found[i]);
            sum += apart;
            Sums.See(apart);
        }
        Sums.Exact[0].Add(sum);
        Sums.Counts[0] += found.Length;
    }
}
