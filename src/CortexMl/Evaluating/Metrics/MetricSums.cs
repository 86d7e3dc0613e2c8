namespace CortexMl.Evaluating.Metrics;

/// <summary>
/// What samples add up to under one metric: counts, exact sums and extremes. Neither the order of the samples nor their grouping changes a
/// bit of them. What stands where, its tally and its reading know.
/// </summary>
/// <param name="counts">How many counts there are.</param>
/// <param name="exact">How many exact sums.</param>
internal sealed class MetricSums(int counts, int exact = 0)
{
    public long[] Counts { get; } = new long[counts];

    public IReadOnlyList<ExactSum> Exact { get; } = [.. Enumerable.Range(0, exact).Select(_ => new ExactSum())];

    /// <summary>The least of the numbers that were seen; infinity before the first.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    /// <summary>The largest magnitude that was seen.</summary>
    public double Largest { get; private set; }

    /// <summary>Names of the outputs that <see cref="Exact"/> is about; empty where that is not asked.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>By index of the sample, for a metric of pairs: of a bounded number of samples.</summary>
    public SortedDictionary<int, Embedding> Embeddings { get; } = [];

    /// <summary>With a number that may be the least, or the largest.</summary>
    public void See(double number)
    {
        Least = Math.Min(Least, number);
        Largest = Math.Max(Largest, Math.Abs(number));
    }

    /// <summary>Of the same model, with other samples; of the same kind.</summary>
    public void Merge(MetricSums other)
    {
        for (int i = 0; i < Counts.Length; i++) Counts[i] = checked(Counts[i] + other.Counts[i]);
        foreach (var (own, more) in Exact.Zip(other.Exact)) own.Add(more);
        (Least, Largest) = (Math.Min(Least, other.Least), Math.Max(Largest, other.Largest));
        foreach (var (index, embedding) in other.Embeddings) Embeddings[index] = embedding;
    }

    /// <summary>With the extremes that were stored.</summary>
    public MetricSums Seen(double least, double largest)
    {
        (Least, Largest) = (least, largest);
        return this;
    }
}

/// <summary>What a model made of one sample, and whose it is.</summary>
internal sealed record Embedding(int Label, float[] Numbers);

/// <summary>What sums say.</summary>
/// <param name="Value">Null where there is nothing to measure, or for decibels no noise.</param>
internal sealed record MetricReading(double? Value, IReadOnlyList<MetricFigure> Figures);
