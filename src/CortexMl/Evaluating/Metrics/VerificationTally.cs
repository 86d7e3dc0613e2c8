namespace CortexMl.Evaluating.Metrics;

/// <summary>
/// Whether embeddings tell who is who: every pair of samples is called the same where the cosine of the first output is at least a
/// threshold. Both kinds of pairs count as much, however many there are of each.
/// </summary>
internal sealed class VerificationTally(MetricModel model) : Tally
{
    /// <summary>Two million pairs.</summary>
    public const int MostSamples = 2000;

    private readonly SortedDictionary<int, (int Label, float[] Embedding)> _samples = [];
    private (int Samples, (double Accuracy, double EqualError, double Threshold)? Found) _curve;

    public override double? Value => Curve?.Accuracy;

    public override IReadOnlyList<MetricFigure> Figures => Curve is { } curve
        ? [new("equal error", curve.EqualError, Metric.Share), new("threshold", curve.Threshold, "")]
        : [];

    /// <summary>The first samples only: pairs grow with the square of them.</summary>
    public override void Add(MetricSample sample)
    {
        if (sample.Index < MostSamples) _samples[sample.Index] = (sample.Found.Label!.Value, model.Reals(sample.Found));
    }

    public override void Merge(Tally other)
    {
        foreach (var (index, sample) in ((VerificationTally)other)._samples) _samples[index] = sample;
    }

    /// <summary>Null where there is no pair of one kind.</summary>
    private (double Accuracy, double EqualError, double Threshold)? Curve
    {
        get
        {
            if (_curve.Samples != _samples.Count) _curve = (_samples.Count, Best(Pairs()));
            return _curve.Found;
        }
    }

    private List<(double Cosine, bool IsSame)> Pairs()
    {
        var samples = _samples.Values.ToList();
        var pairs = new List<(double Cosine, bool IsSame)>();
        for (int i = 0; i < samples.Count; i++)
        {
            for (int j = i + 1; j < samples.Count; j++)
                pairs.Add((CosineTally.Of(samples[i].Embedding, samples[j].Embedding), samples[i].Label == samples[j].Label));
        }
        return pairs;
    }

    /// <summary>Thresholds are the cosines that occur: the largest first, and of equally good ones the first.</summary>
    internal static (double Accuracy, double EqualError, double Threshold)? Best(List<(double Cosine, bool IsSame)> pairs)
    {
        long same = pairs.Count(p => p.IsSame), different = pairs.Count - same;
        if (same == 0 || different == 0) return null;
        pairs.Sort((a, b) => b.Cosine.CompareTo(a.Cosine));
        var (accuracy, equal, threshold, apart) = (0.0, 1.0, 1.0, 2.0);
        long accepted = 0, mistaken = 0;
        for (int i = 0; i < pairs.Count; i++)
        {
            if (pairs[i].IsSame) accepted++;
            else mistaken++;
            // Equal cosines fall on one side.
            if (i + 1 < pairs.Count && pairs[i + 1].Cosine == pairs[i].Cosine) continue;
            double refused = (double)(same - accepted) / same, let = (double)mistaken / different, right = 1 - (refused + let) / 2;
            if (right > accuracy) (accuracy, threshold) = (right, pairs[i].Cosine);
            if (Math.Abs(refused - let) < apart) (apart, equal) = (Math.Abs(refused - let), (refused + let) / 2);
        }
        return (accuracy, equal, threshold);
    }
}
