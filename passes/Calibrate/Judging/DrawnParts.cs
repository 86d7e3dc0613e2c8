using CortexMl.Ir;

namespace CortexMl.Passes.Calibrate.Judging;

/// <summary>
/// Parts of values, kept while the network runs on all samples, of those few that <see cref="SampleDraw"/> takes first: the network need
/// not run again, and the order of the samples does not show.
/// </summary>
internal sealed class DrawnParts
{
    /// <summary>Numbers that are kept, of all values and samples: 8 megabytes.</summary>
    private const double Numbers = 1 << 21;

    private const int FewestSamples = 2;

    /// <summary>More are never kept.</summary>
    public const int MostSamples = 32;

    private readonly ValuePart?[] _parts;
    private readonly int _most;
    private readonly SortedList<(ulong Digest, int Index), float[]?[]> _kept = [];
    private ulong _place;
    private float[]?[]? _open;

    /// <param name="judged">The values that are kept.</param>
    public DrawnParts(Graph graph, IReadOnlyList<JudgedValue> judged)
    {
        _parts = new ValuePart?[Measurement.Values(graph).Count];
        foreach (var value in judged) _parts[value.Place] = value.Part;
        double each = judged.Sum(v => (double)v.Part.Shape.Count);
        _most = (int)Math.Clamp(Numbers / Math.Max(1, each), FewestSamples, MostSamples);
    }

    /// <summary>Whether there is a value of which parts are kept.</summary>
    public bool IsWanted => Array.Exists(_parts, p => p is not null);

    public int Samples => _kept.Count;

    /// <summary>The values of this sample come next.</summary>
    /// <param name="index">Of the sample in its source.</param>
    public void Begin(int index, ulong digest)
    {
        _open = null;
        if (_kept.Count == _most && _kept.GetKeyAtIndex(_most - 1).CompareTo((digest, index)) <= 0) return;
        if (_kept.Count == _most) _kept.RemoveAt(_most - 1);
        _place = digest;
        _kept.Add((digest, index), _open = new float[]?[_parts.Length]);
    }

    /// <param name="value">Its place among <see cref="Measurement.Values"/>.</param>
    public void See(int value, ReadOnlySpan<float> elements)
    {
        if (_open is not null && _parts[value] is { } part) _open[value] = part.Cut(elements, _place);
    }

    /// <summary>The parts of a value, one sample behind the other.</summary>
    public float[] Of(int value) => [.. _kept.Values.SelectMany(sample => sample[value]!)];
}
