using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Elements that are chosen by what is known: a condition, lengths, or the elements themselves.</summary>
internal static class OnnxSelectionOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("Compress", "nn.take of what a constant condition chooses")
        {
            Import = n => n.Moved(Chosen(n), n.Input()), Fold = KnownChosen,
        },
        OnnxGatherOps.Picking("ReverseSequence", "constant lengths", Reversed),
        new("NonZero", "places of constants, at import: how many there are depends on the numbers") { Fold = NonZero },
        new("Unique", "of constants, at import: how many there are depends on the numbers") { Fold = Unique },
    ];

    private static Value Chosen(OnnxNode n)
    {
        var data = n.AnyData();
        var (axis, picked) = Choice(n);
        if (n.Attributes.Has("axis")) return OnnxGatherOps.Take(n, data, new() { [axis] = picked });
        return OnnxGatherOps.Take(n, n.Reshaped("row", data, Shape.Of((int)n.Shape().Count)), new() { [0] = picked });
    }

    private static Entry[] KnownChosen(OnnxNode n)
    {
        var data = n.Constant(0, "the data");
        var (axis, picked) = Choice(n);
        if (!n.Attributes.Has("axis")) data = data.Reshape(Shape.Of(data.Length));
        n.Reserve(data.Shape.With(axis, picked.Length).Select(d => (long)d), data.DType);
        return n.Out(Moves.Gather(data, picked, Shape.Of(picked.Length), axis));
    }

    /// <summary>The axis, 0 of all elements in one row where none is named, and its indices for which the condition is true.</summary>
    private static (int Axis, long[] Picked) Choice(OnnxNode n)
    {
        bool hasAxis = n.Attributes.Has("axis");
        int axis = hasAxis ? n.Axis(n.Attributes.Int("axis", 0), n.Rank) : 0;
        long size = hasAxis ? n.Shape()[axis] : n.Shape().Count;
        long[] condition = n.Longs(1, "the condition");
        long[] picked = [.. condition.Index().Where(c => c.Item != 0).Select(c => (long)c.Index)];
        if (condition.Length > size) throw n.Mismatch($"{Counted.Of(condition.Length, "condition")} for {Counted.Of(size, "element")}");
        return picked.Length > 0 ? (axis, picked) : throw n.Refused("its condition chooses nothing", "the result must have elements");
    }

    //  y[t] = x[length - 1 - t] for t < length, x[t] behind
    private static (Shape Shape, int[] Flat) Reversed(OnnxNode n, Shape data)
    {
        int time = n.Axis(n.Attributes.Int("time_axis", 0), data.Rank), batch = n.Axis(n.Attributes.Int("batch_axis", 1), data.Rank);
        long[] lengths = n.Longs(1, "the lengths");
        if (time == batch || lengths.Length != data[batch] || lengths.Any(l => l < 0 || l > data[time]))
            throw n.Mismatch($"lengths [{string.Join(", ", lengths.Take(16))}] do not fit axes {time} and {batch} of {data}");
        n.Reserve(data.Select(d => (long)d), DType.F32);
        int[] strides = data.Strides();
        var flat = new int[data.Count];
        for (int i = 0; i < flat.Length; i++)
        {
            int at = i / strides[time] % data[time], length = (int)lengths[i / strides[batch] % data[batch]];
            flat[i] = at < length ? i + (length - 1 - 2 * at) * strides[time] : i;
        }
        return (data, flat);
    }

    /// <summary>[axes, places]</summary>
    private static Entry[] NonZero(OnnxNode n)
    {
        var data = n.Constant(0, "the data");
        int[] strides = data.Shape.Strides(), found = [.. data.Doubles().Index().Where(v => v.Item != 0).Select(v => v.Index)];
        var shape = n.Reserve([data.Shape.Rank, found.Length], DType.I64);
        long[] places = [.. Enumerable.Range(0, data.Shape.Rank)
            .SelectMany(axis => found.Select(i => (long)(i / strides[axis] % data.Shape[axis])))];
        return n.Out(Tensor.Create(shape, places));
    }

    /// <summary>Elements, or slices of an axis, each once; where each first stood, which is whose, how many there are of each.</summary>
    private static Entry[] Unique(OnnxNode n)
    {
        var data = n.Constant(0, "the data");
        bool hasAxis = n.Attributes.Has("axis");
        if (!hasAxis) data = data.Reshape(Shape.Of(data.Length));
        int axis = hasAxis ? n.Axis(n.Attributes.Int("axis", 0), data.Shape.Rank) : 0, count = data.Shape[axis];
        n.Reserve(data.Shape.Select(d => (long)d), DType.I64);
        double[][] slices = [.. Enumerable.Range(0, count).Select(i => Moves.Gather(data, [i], Shape.Of(), axis).Doubles())];
        var groups = Enumerable.Range(0, count).GroupBy(i => slices[i], new SameSlice()).Select(g => g.ToArray()).ToList();
        if (n.Attributes.Bool("sorted", true)) groups.Sort((a, b) => slices[a[0]].AsSpan().SequenceCompareTo(slices[b[0]]));
        var whose = new long[count];
        foreach (var (g, members) in groups.Index())
            foreach (int member in members) whose[member] = g;
        long[] first = [.. groups.Select(g => (long)g[0])];
        Tensor[] results =
        [
            Moves.Gather(data, first, Shape.Of(first.Length), axis), Tensor.Vector(first), Tensor.Vector(whose),
            Tensor.Vector([.. groups.Select(g => (long)g.Length)]),
        ];
        return [.. results.Take(n.OutputCount).Select((tensor, i) => Entry.Of(n.OutputName(i), tensor))];
    }

    private sealed class SameSlice : IEqualityComparer<double[]>
    {
        public bool Equals(double[]? x, double[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(double[] numbers) => numbers.Aggregate(17, HashCode.Combine);
    }
}
