using CortexMl.Data.Preprocess;
using CortexMl.Data.Sources;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Data;

/// <summary>Some samples of data as they are stored, to be prepared again and again in other ways.</summary>
public sealed class KeptSamples
{
    private readonly IReadOnlyList<IRawSource> _sources;
    private readonly IReadOnlyList<(string Name, Shape Shape)> _inputs;
    private readonly IReadOnlyList<IReadOnlyList<RawSample>> _raw;

    internal KeptSamples(
        IReadOnlyList<IRawSource> sources, IReadOnlyList<(string Name, Shape Shape)> inputs, IReadOnlyList<int?> labels, int count)
    {
        (_sources, _inputs) = (sources, inputs);
        Available = labels.Count(l => l is not null);
        int[] indices = ClassByClass(labels, count);
        int[] ascending = [.. indices.Order()];
        var places = ascending.Select((index, place) => (index, place)).ToDictionary(p => p.index, p => p.place);
        _raw = [.. sources.Select(s => s.Read(ascending).ToList()).Select(read => indices.Select(i => read[places[i]]).ToList())];
        Labels = [.. indices.Select(i => labels[i]!.Value)];
    }

    /// <summary>Of those with a label, one of each class in turn, so that the first few are mixed too.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Samples with a label that the data hold.</summary>
    public int Available { get; }

    public int Count => Labels.Count;

    /// <summary>Whether --layout means something to them.</summary>
    public bool AreArrays => _sources.All(s => !s.HasPlanes);

    /// <summary>What full brightness is, by the largest stored number: 1, 255 or 65535; null where the numbers are others.</summary>
    public double? Unit()
    {
        var all = _raw.SelectMany(r => r).Select(s => s.Tensor.ToFloat().Data).ToList();
        return all.Min(x => x.Min()) < 0 ? null
            : all.Max(x => x.Max()) switch { > 0 and <= 1 => 1, > 1 and <= 255 => 255, > 255 and <= 65535 => 65535, _ => null };
    }

    /// <summary>Channels of the first sample under a layout; 1 where it has no axis of channels.</summary>
    public int Channels(DataLayout? layout)
    {
        var shape = _raw[0][0].Tensor.Shape;
        return shape.Rank != 3 ? 1 : layout == DataLayout.Nhwc && AreArrays ? shape[2] : shape[0];
    }

    /// <summary>Whether arrays have an axis of channels, so that their layout can be mistaken.</summary>
    public bool HasLayout => AreArrays && AxesOf(_raw[0][0].Tensor.Shape) == 3;

    /// <summary>The first <paramref name="count"/> of them.</summary>
    /// <exception cref="DiagnosticException">CML0803, CML0804, CML0807: this preparation does not fit the data or the input.</exception>
    public IReadOnlyList<Sample> Prepare(Preprocessing preprocessing, int count)
    {
        Preprocessing.Checked(preprocessing);
        var preprocessors = _inputs.Zip(_sources, (i, s) => new Preprocessor(preprocessing.For(s), i.Shape, i.Name)).ToList();
        return [.. from i in Enumerable.Range(0, Math.Min(count, Count))
                   let inputs = preprocessors.Select((p, k) => p.Apply(_raw[k][i].Tensor, _raw[k][i].Name)).ToArray()
                   select new Sample(inputs, Labels[i], _raw[0][i].Name)];
    }

    /// <summary>
    /// Indices, one of each class in turn. A fixed step would meet the same classes again and again in data that are sorted, or whose
    /// classes take turns.
    /// </summary>
    private static int[] ClassByClass(IReadOnlyList<int?> labels, int count)
    {
        var all = Enumerable.Range(0, labels.Count).Where(i => labels[i] is not null).GroupBy(i => labels[i]!.Value)
            .OrderBy(g => g.Key).Select(g => g.ToList()).ToList();
        int taken = Math.Min(count, all.Count);
        var classes = Enumerable.Range(0, taken).Select(i => all[(int)((long)i * all.Count / taken)]).ToList();
        int rounds = 0;
        int most = classes.Select(c => c.Count).DefaultIfEmpty().Max();
        while (rounds < most && classes.Sum(c => Math.Min(c.Count, rounds)) < count) rounds++;
        var turns = Enumerable.Range(0, rounds).SelectMany(round => classes.Where(c => c.Count > round).Select(c => Spread(c, round)));
        return [.. turns.Take(count)];

        int Spread(List<int> of, int round) => of[(int)((long)round * of.Count / Math.Min(of.Count, rounds))];
    }

    private static int AxesOf(Shape shape) => shape.Rank - shape.TakeWhile((dim, axis) => dim == 1 && shape.Rank - axis > 3).Count();
}
