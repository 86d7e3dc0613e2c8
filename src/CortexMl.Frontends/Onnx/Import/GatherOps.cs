using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>Look-ups by index.</summary>
internal static class GatherOps
{
    private const string DependsOnData = "which elements it moves depends on the data";

    public static readonly OnnxOp[] Rows =
    [
        new("Gather", "nn.take; a single constant index as nn.slice") { Import = Gather, Fold = GatherKnown },
        OnnxOp.Refused("GatherElements", DependsOnData + "; use Gather"),
        OnnxOp.Refused("GatherND", DependsOnData + "; use Gather"),
        OnnxOp.Refused("ScatterElements", DependsOnData),
        OnnxOp.Refused("ScatterND", DependsOnData),
        OnnxOp.Refused("OneHot", "use an embedding: Gather from an identity matrix"),
    ];

    private static Entry[] Gather(OnnxNode n)
    {
        int axis = n.Axis(n.Attributes.Int("axis", 0), n.Rank), size = n.Shape()[axis];
        var input = n.Input();
        if (n.Known(1) is not { } known)
        {
            if (n.Input(1).Type.IsReal()) throw n.Mismatch("the indices are real numbers");
            return n.Moved(n.Emit(NnLookup.Take, [n.AnyData(), n.AnyData(1)], ("axis", axis)), input);
        }
        long[] indices = Indices(n, known, size);
        if (indices.Length == 1) return n.Moved(One(n, axis, (int)indices[0], known.Shape), input);
        var constant = n.Floats("indices", Tensor.Create(known.Shape, Array.ConvertAll(indices, i => (float)i)));
        return n.Moved(n.Emit(NnLookup.Take, [n.AnyData(), constant], ("axis", axis)), input);
    }

    /// <summary>The node's result: the elements of each axis in this order.</summary>
    public static Value Take(OnnxNode n, Value data, SortedDictionary<int, long[]> picks)
    {
        int last = picks.Keys.Last();
        foreach (var (axis, pick) in picks)
        {
            var indices = n.Floats($"axis{axis}", Tensor.Vector(Array.ConvertAll(pick, i => (float)i)));
            data = axis == last ? n.Emit(NnLookup.Take, [data, indices], ("axis", axis)) : n.Step($"axis{axis}", NnLookup.Take, [data, indices], ("axis", axis));
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
    private static long[] Indices(OnnxNode n, Tensor indices, int size) => Array.ConvertAll(indices.Longs(), i =>
        i >= -size && i < size ? i < 0 ? i + size : i : throw n.Mismatch($"index {i} is outside an axis of {size}"));
}
