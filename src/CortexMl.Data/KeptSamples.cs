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
        var labelled = Enumerable.Range(0, labels.Count).Where(i => labels[i] is not null).ToList();
        int taken = Math.Min(count, labelled.Count);
        int[] indices = [.. Enumerable.Range(0, taken).Select(i => labelled[(int)((long)i * labelled.Count / taken)])];
        _raw = [.. sources.Select(s => s.Read(indices).ToList())];
        Labels = [.. indices.Select(i => labels[i]!.Value)];
    }

    /// <summary>Those with a label alone, spread evenly over the data, in their order.</summary>
    public IReadOnlyList<int> Labels { get; }

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

    /// <summary>Those of every <paramref name="step"/>-th.</summary>
    /// <exception cref="DiagnosticException">CML0803, CML0804, CML0807: this preparation does not fit the data or the input.</exception>
    public IReadOnlyList<Sample> Prepare(Preprocessing preprocessing, int step = 1)
    {
        Preprocessing.Checked(preprocessing);
        var preprocessors = _inputs.Zip(_sources, (i, s) => new Preprocessor(preprocessing.For(s), i.Shape, i.Name)).ToList();
        return [.. from i in Enumerable.Range(0, Count)
                   where i % step == 0
                   let inputs = preprocessors.Select((p, k) => p.Apply(_raw[k][i].Tensor, _raw[k][i].Name)).ToArray()
                   select new Sample(inputs, Labels[i], _raw[0][i].Name)];
    }
}
