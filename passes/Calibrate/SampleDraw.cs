namespace CortexMl.Passes.Calibrate;

/// <summary>
/// Samples that stand for all where not all can be looked at: those whose numbers have the smallest digests. Which they are does not
/// depend on the order of the data.
/// </summary>
public sealed class SampleDraw
{
    /// <summary>Samples that are remembered.</summary>
    public const int Most = 64;

    private const ulong Basis = 0xCBF29CE484222325, Prime = 0x100000001B3, Mixer = 0xBF58476D1CE4E5B9;

    private readonly SortedSet<(ulong Digest, int Index)> _kept = [];

    /// <summary>Numbers of the samples that are remembered, in the order in which <see cref="From"/> gives them.</summary>
    public IReadOnlyList<int> Order => [.. _kept.Select(kept => kept.Index)];

    /// <summary>A draw that was made before.</summary>
    /// <param name="order">As <see cref="Order"/> told it.</param>
    public static SampleDraw InOrder(IReadOnlyList<int> order)
    {
        var draw = new SampleDraw();
        foreach (var (place, index) in order.Index()) draw._kept.Add(((ulong)place, index));
        return draw;
    }

    /// <param name="index">Of the sample in its source.</param>
    /// <returns>The digest of its numbers.</returns>
    public ulong Add(int index, Sample sample)
    {
        ulong digest = Digest(sample);
        Add(digest, index);
        return digest;
    }

    /// <summary>Those that are remembered, the smallest digest first.</summary>
    internal IEnumerable<(ulong Digest, int Index)> Kept => _kept;

    /// <summary>Takes up a sample by its digest, or what another draw of the same data took.</summary>
    internal void Add(ulong digest, int index)
    {
        _kept.Add((digest, index));
        if (_kept.Count > Most) _kept.Remove(_kept.Max);
    }

    /// <summary>Up to <paramref name="count"/> samples, in an order that is the same whatever that of the source is.</summary>
    /// <remarks>Nothing else of the source is read, where it can be read in pieces.</remarks>
    public IReadOnlyList<Sample> From(ISampleSource source, int count)
    {
        List<int> drawn = [.. _kept.Take(count).Select(kept => kept.Index)];
        int[] ascending = [.. drawn.Order()];
        var samples = new Sample[drawn.Count];
        foreach (var (index, sample) in ascending.Zip(source.Read(ascending))) samples[drawn.IndexOf(index)] = sample;
        return samples;
    }

    /// <summary>The first of the remembered samples that is another one now; null where all are as they were.</summary>
    /// <param name="source">The data that they were drawn from.</param>
    public Sample? FirstOther(ISampleSource source) =>
        From(source, Most).Zip(_kept).Where(pair => Digest(pair.First) != pair.Second.Digest).Select(pair => pair.First).FirstOrDefault();

    /// <summary>The samples that calibration drew; the first ones where it did not run on data.</summary>
    public static IEnumerable<Sample> Of(PassServices services, ISampleSource source, int count) =>
        (services.Results.Get<SampleDraw>() ?? services.Given.Get<SampleDraw>())?.From(source, count) ?? source.Read().Take(count);

    /// <summary>FNV-1a over the numbers' bits, 32 at a time, mixed once more at the end.</summary>
    private static ulong Digest(Sample sample)
    {
        ulong hash = Basis;
        foreach (var tensor in sample.Inputs)
            foreach (float number in tensor.Data)
                hash = unchecked((hash ^ BitConverter.SingleToUInt32Bits(number)) * Prime);
        ulong mixed = unchecked((hash ^ (hash >> 29)) * Mixer);
        return mixed ^ (mixed >> 32);
    }
}
