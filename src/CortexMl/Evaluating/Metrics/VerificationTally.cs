namespace CortexMl.Evaluating.Metrics;

/// <summary>
/// Whether embeddings tell who is who: every pair of samples is called the same where the cosine of the first output is at least a
/// threshold. Both kinds of pairs count as much, however many there are of each. What is
/// compared are pairs, so that the embeddings themselves have to be kept: of <see cref="MostSamples"/> at most.
/// </summary>
internal sealed class VerificationTally(MetricModel model) : Tally(new(0))
{
    /// <summary>Two million pairs.</summary>
    public const int MostSamples = 2000;

    public static MetricReading Read(MetricSums sums) => Best(Pairs([.. sums.Embeddings.Values])) is { } curve
        ? new(curve.Accuracy, [new("equal error", curve.EqualError, Metric.Share), new("threshold", curve.Threshold, "")])
        : new(null, []);

    /// <summary>The first samples only: pairs grow with the square of them.</summary>
    public override void Add(MetricSample sample)
    {
        if (sample.Index < MostSamples) Sums.Embeddings[sample.Index] = new(sample.Found.Label!.Value, model.Reals(sample.Found));
    }

    private static List<(double Cosine, bool IsSame)> Pairs(IReadOnlyList<Embedding> samples)
    {
        var pairs = new List<(double Cosine, bool IsSame)>();
        for (int i = 0; i < samples.Count; i++)
        {
            for (int j = i + 1; j < samples.Count; j++)
                pairs.Add((CosineTally.Of(samples[i].Numbers, samples[j].Numbers), samples[i].Label == samples[j].Label));
        }
        return pairs;
    }

    /// <summary>
    /// Thresholds are the cosines that occur: the largest first, and of equally good ones the first. Null without a pair of either kind.
    /// </summary>
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
