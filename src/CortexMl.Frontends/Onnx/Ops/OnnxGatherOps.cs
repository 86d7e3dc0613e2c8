using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Look-ups by index.</summary>
internal static class OnnxGatherOps
{
    /// <summary>Indices are kept in f32, which holds whole numbers up to here.</summary>
    public const int MostExact = 1 << 24;

    public static readonly OnnxOp[] Rows =
    [
        new("Gather", "nn.take; a single constant index as nn.slice") { Import = Gather, Fold = GatherKnown },
        Picking("GatherElements", "constant indices", (n, data) => Elements(n, data, n.Constant(1, "the indices"))),
        Picking("GatherND", "constant indices", (n, data) => Slices(n, data, n.Constant(1, "the indices"))),
    ];

    private static Entry[] Gather(OnnxNode n)
    {
        int axis = n.Axis(n.Attributes.Int("axis", 0), n.Rank), size = n.Shape()[axis];
        var input = n.Input();
        if (n.Known(1) is not { } known)
        {
            if (n.Input(1).Type.IsReal()) throw n.Mismatch("the indices are real numbers");
            n.Note("its indices come with the data: those below 0, which count from the end in ONNX, are read as 0, those beyond the "
                + "end as the last");
            return n.Moved(n.Emit(NnLookup.Take, [n.AnyData(), n.AnyData(1)], ("axis", axis)), input);
        }
        long[] indices = Indices(n, known, size);
        if (indices.Length == 1) return n.Moved(One(n, axis, (int)indices[0], known.Shape), input);
        var constant = n.Floats("indices", Tensor.Create(known.Shape, Array.ConvertAll(indices, i => (float)i)));
        return n.Moved(n.Emit(NnLookup.Take, [n.AnyData(), constant], ("axis", axis)), input);
    }

    /// <summary>Any elements in any order, where it is known which: of the data in one row.</summary>
    public static OnnxOp Picking(string name, string restriction, Func<OnnxNode, Shape, (Shape Shape, int[] Flat)> pick) =>
        new(name, $"nn.take of the elements in one row; {restriction}")
        {
            Import = n =>
            {
                var data = n.Shape();
                if (data.Count > MostExact)
                    throw n.Refused($"{data} has more elements than whole numbers that f32 holds", $"at most {MostExact} are supported");
                var (shape, flat) = pick(n, data);
                var row = n.Step("row", NnShape.Reshape, [n.AnyData()], ("shape", new[] { data.Count }));
                var indices = n.Floats("indices", Tensor.Create(shape, Array.ConvertAll(flat, i => (float)i)));
                return n.Moved(n.Emit(NnLookup.Take, [row, indices]), n.Input());
            },
            Fold = n =>
            {
                var data = n.Constant(0, "the data");
                var (shape, flat) = pick(n, data.Shape);
                return n.Out(Constants.Pick(data, shape, flat));
            },
        };

    // y[i, j, k] = x[i, index[i, j, k], k] for axis 1
    public static (Shape Shape, int[] Flat) Elements(OnnxNode n, Shape data, Tensor indices)
    {
        int axis = n.Axis(n.Attributes.Int("axis", 0), data.Rank);
        var shape = indices.Shape;
        if (shape.Rank != data.Rank || shape.Where((d, i) => i != axis && d > data[i]).Any())
            throw n.Mismatch($"indices {shape} do not fit data {data}");
        n.Reserve(shape.Select(d => (long)d), DType.F32);
        long[] at = Indices(n, indices, data[axis]);
        int[] own = shape.Strides(), strides = data.Strides();
        return (shape,
            [.. at.Select((index, i) =>
            (int)index * strides[axis]
            + Enumerable.Range(0, shape.Rank).Where(a => a != axis).Sum(a => i / own[a] % shape[a] * strides[a]))]);
    }

    // y[b, i] = x[b, index[b, i, 0], …, index[b, i, q - 1]], a slice where q axes are not all
    public static (Shape Shape, int[] Flat) Slices(OnnxNode n, Shape data, Tensor indices)
    {
        long batch = n.Attributes.Int("batch_dims", 0);
        var shape = indices.Shape;
        if (batch < 0 || shape.Rank == 0 || shape[^1] == 0 || batch >= shape.Rank || batch + shape[^1] > data.Rank
            || !data.Take((int)batch).SequenceEqual(shape.Take((int)batch)))
            throw n.Mismatch($"indices {shape} do not fit data {data}");
        int b = (int)batch, depth = shape[^1];
        var result = n.Reserve([.. shape.SkipLast(1).Concat(data.Skip(b + depth)).Select(d => (long)d)], DType.F32);
        int[] strides = data.Strides();
        int rows = indices.Length / depth, perBatch = Math.Max(1, (int)Shape.Of(shape.Skip(b).SkipLast(1)).Count),
        slice = (int)Shape.Of(data.Skip(b + depth)).Count;
        int batchStride = b == 0 ? 0 : strides[b - 1];
        long[] at = indices.Longs();
        var flat = new int[rows * slice];
        for (int row = 0; row < rows; row++)
        {
            int start = row / perBatch * batchStride;
            for (int axis = 0; axis < depth; axis++) start += (int)Inside(n, at[row * depth + axis], data[b + axis]) * strides[b + axis];
            for (int i = 0; i < slice; i++) flat[row * slice + i] = start + i;
        }
        return (result, flat);
    }

    /// <summary>The node's result: the elements of each axis in this order.</summary>
    public static Value Take(OnnxNode n, Value data, SortedDictionary<int, long[]> picks)
    {
        int last = picks.Keys.Last();
        foreach (var (axis, pick) in picks)
        {
            var indices = n.Floats($"axis{axis}", Tensor.Vector(Array.ConvertAll(pick, i => (float)i)));
            data = axis == last
                ? n.Emit(NnLookup.Take, [data, indices], ("axis", axis))
                : n.Step($"axis{axis}", NnLookup.Take, [data, indices], ("axis", axis));
        }
        return data;
    }

    private static Value One(OnnxNode n, int axis, int index, Shape indexShape)
    {
        var shape = n.Shape();
        var slice = n.Step("slice", NnShape.Slice, [n.AnyData()], ("begin", shape.Select((_, i) => i == axis ? index : 0).ToArray()),
            ("end", shape.With(axis, index + 1)), ("strides", Enumerable.Repeat(1, shape.Rank).ToArray()));
        return n.Emit(NnShape.Reshape, [slice], ("shape", Shape.Of([.. shape.Take(axis), .. indexShape, .. shape.Skip(axis + 1)])));
    }

    private static Entry[] GatherKnown(OnnxNode n)
    {
        Tensor data = n.Constant(0, "the data"), indices = n.Constant(1, "the indices");
        int axis = n.Axis(n.Attributes.Int("axis", 0), data.Shape.Rank);
        long[] at = Indices(n, indices, data.Shape[axis]);
        n.Reserve([.. data.Shape.Take(axis).Concat(indices.Shape).Concat(data.Shape.Skip(axis + 1)).Select(d => (long)d)], data.DType);
        return n.Out(Moves.Gather(data, at, indices.Shape, axis));
    }

    /// <summary>Counted from the front.</summary>
    private static long[] Indices(OnnxNode n, Tensor indices, int size) => Array.ConvertAll(indices.Longs(), i => Inside(n, i, size));

    private static long Inside(OnnxNode n, long index, int size) =>
        index >= -size && index < size ? index < 0 ? index + size : index : throw n.Mismatch($"index {index} is outside an axis of {size}");
}
