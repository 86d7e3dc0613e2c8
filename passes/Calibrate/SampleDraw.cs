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
        _kept.Add((digest, index));
        if (_kept.Count > Most) _kept.Remove(_kept.Max);
        return digest;
    }

    /// <summary>Up to <paramref name="count"/> samples, in an order that is the same whatever that of the source is.</summary>
    /// <remarks>The source is read once, up to the last of them.</remarks>
    public IReadOnlyList<Sample> From(ISampleSource source, int count)
    {
        List<int> drawn = [.. _kept.Take(count).Select(kept => kept.Index)];
        var samples = new Sample[drawn.Count];
        foreach (var (index, sample) in source.Read().Take(drawn.DefaultIfEmpty(-1).Max() + 1).Index())
            if (drawn.IndexOf(index) is >= 0 and var place) samples[place] = sample;
        return samples;
    }

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
