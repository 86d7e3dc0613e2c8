using CortexMl.Numerics;

namespace CortexMl.Evaluating.Metrics;

/// <summary>10 · log₁₀(Σx² / Σ(x - y)²) of every output: x the float network's, y the model's; the least of them.</summary>
internal sealed class NoiseTally(MetricModel model) : Tally
{
    private readonly MetricModel _model = model;
    private readonly (ExactSum Signal, ExactSum Noise)[] _outputs =
        [.. model.Measured.Outputs.Select(_ => (new ExactSum(), new ExactSum()))];

    public override double? Value => _outputs.Min(sums => Ratio(sums));

    public override IReadOnlyList<MetricFigure> Figures => _outputs.Length < 2 ? []
        : [.. _outputs.Zip(_model.Measured.Outputs, (sums, port) => new MetricFigure(port.Name, Ratio(sums), Metric.Decibels))];

    public override void Add(MetricSample sample)
    {
        for (int k = 0; k < _outputs.Length; k++)
        {
            float[] expected = _model.Reference(sample.Expected, k), found = _model.Reals(sample.Found, k);
            double signal = 0, noise = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                // Masks of minus infinity are no signal.
                if (!float.IsFinite(expected[i])) continue;
                double apart = (double)expected[i] - found[i];
                signal += (double)expected[i] * expected[i];
                noise += apart * apart;
            }
            _outputs[k].Signal.Add(signal);
            _outputs[k].Noise.Add(noise);
        }
    }

    public override void Merge(Tally other)
    {
        foreach (var (own, more) in _outputs.Zip(((NoiseTally)other)._outputs))
        {
            own.Signal.Add(more.Signal);
            own.Noise.Add(more.Noise);
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
internal sealed class CosineTally(MetricModel model) : Tally
{
    private readonly ExactSum _sum = new();
    private long _count;
    private double _worst = double.PositiveInfinity;

    public override double? Value => _count == 0 ? null : _sum.Value / _count;

    public override IReadOnlyList<MetricFigure> Figures => [new("worst", _count == 0 ? null : _worst, "")];

    public override void Add(MetricSample sample)
    {
        double cosine = Of(model.Reals(sample.Found), model.Reference(sample.Expected));
        _sum.Add(cosine);
        _count++;
        _worst = Math.Min(_worst, cosine);
    }

    public override void Merge(Tally other)
    {
        var more = (CosineTally)other;
        _sum.Add(more._sum);
        (_count, _worst) = (_count + more._count, Math.Min(_worst, more._worst));
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
internal sealed class ErrorTally(MetricModel model) : Tally
{
    private readonly ExactSum _sum = new();
    private long _count;
    private double _largest;

    public override double? Value => _count == 0 ? null : _sum.Value / _count;

    public override IReadOnlyList<MetricFigure> Figures => [new("largest", _count == 0 ? null : _largest, "")];

    public override void Add(MetricSample sample)
    {
        float[] found = model.Reals(sample.Found);
        float[]? expected = sample.Truth is null ? model.Reference(sample.Expected) : null;
        double sum = 0;
        for (int i = 0; i < found.Length; i++)
        {
            double apart = Math.Abs((expected?[i] ?? sample.Truth!.GetDouble(i)) - found[i]);
            sum += apart;
            _largest = Math.Max(_largest, apart);
        }
        _sum.Add(sum);
        _count += found.Length;
    }

    public override void Merge(Tally other)
    {
        var more = (ErrorTally)other;
        _sum.Add(more._sum);
        (_count, _largest) = (_count + more._count, Math.Max(_largest, more._largest));
    }
}
