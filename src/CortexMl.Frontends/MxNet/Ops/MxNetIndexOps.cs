using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Indices of the largest elements, and what indices choose.</summary>
internal static class MxNetIndexOps
{
    private const string OfComparisons = "nn.greater, and sums of what it says";

    public static readonly MxNetOp[] Rows =
    [
        Extreme("argmax", isLargest: true, isNumpy: false), Extreme("argmin", isLargest: false, isNumpy: false),
        Extreme("_npi_argmax", isLargest: true, isNumpy: true), Extreme("_npi_argmin", isLargest: false, isNumpy: true),
        new("argmax_channel")
        {
            Doc = $"{OfComparisons}; of the last axis",
            Import = n => n.Rank == 0 ? throw n.Mismatch("data is a scalar")
                : [IndexRows.Largest(n, n.Data(), n.Rank - 1, false, false, MxNetComparisonOps.Last(n))],
        },
        new("one_hot", "_npx_one_hot")
        {
            Doc = "nn.take from a table, or nn.greater than k - 1/2 less nn.greater than k + 1/2, along a new last axis",
            Attributes = [new("depth"), new("on_value", "1"), new("off_value", "0")],
            Import = OneHot,
        },
        new("pick", "choose_element_0index", "_npx_pick")
        {
            Doc = "as one_hot along the axis, then nn.mul and nn.reduce_sum; mode clip",
            Data = ["data", "index"],
            Attributes = [new("axis", "-1", "one axis"), new("keepdims", "False"), new("mode", "clip", "clip")],
            Import = Pick,
        },
        new("topk", "_npx_topk")
        {
            Doc = $"{OfComparisons}: each element is compared with each",
            Attributes =
            [
                new("axis", "-1", "one axis"), new("k", "1", "0 is all"), new("ret_typ", "indices", "indices, value, both or mask"),
                new("is_ascend", "False"),
            ],
            Import = n => Leading(n, n.Attributes.Int("k", 0), n.Attributes.Choice("ret_typ", "indices", "value", "both", "mask")),
        },
        new("sort", "_npi_sort")
        {
            Doc = $"{OfComparisons}: each element is compared with each",
            Attributes = [new("axis", "-1", "one axis"), new("is_ascend", "True")],
            Import = n => Leading(n, 0, "value"),
        },
        new("argsort", "_npi_argsort")
        {
            Doc = $"{OfComparisons}: each element is compared with each",
            Attributes = [new("axis", "-1", "one axis"), new("is_ascend", "True")],
            Import = n => Leading(n, 0, "indices"),
        },
    ];

    private static MxNetOp Extreme(string name, bool isLargest, bool isNumpy) => new(name)
    {
        Doc = OfComparisons + (isNumpy ? "" : "; over all axes the result is [1]"),
        Attributes = [new("axis", "None", "one axis, or all elements in one row"), new("keepdims", "False")],
        Import = n =>
        {
            var data = isLargest ? n.Data() : n.Step("negative", NnUnary.Neg, [n.Data()]);
            bool keep = n.Attributes.Bool("keepdims");
            if (n.Attributes.Text("axis") is not null)
                return [IndexRows.Largest(
                    n, data, n.Axis(n.Attributes.Int("axis"), n.Rank), false, keep, MxNetComparisonOps.Last(n))];
            var row = n.Step("row", NnShape.Reshape, [data], ("shape", new[] { data.Type.Shape.Count }));
            int[] shape = keep ? [.. Enumerable.Repeat(1, n.Rank)] : isNumpy ? [] : [1];
            var index = IndexRows.Largest(n, row, 0, false, true, (spec, operands) => n.Step("index", spec, operands));
            return [n.Emit(NnShape.Reshape, [index], ("shape", shape))];
        },
    };

    private static Value[] OneHot(NodeImport n)
    {
        int depth = n.Attributes.Int("depth", 1, IndexRows.MostIndices);
        double on = n.Attributes.Float("on_value"), off = n.Attributes.Float("off_value");
        if (IndexRows.OneHotRows(n, n.Data(), depth, countsFromEnd: false, (float)off, (float)on, MxNetComparisonOps.Last(n)) is { } rows)
            return [rows];
        if (on == 1 && off == 0) return [IndexRows.OneHot(n, "places", n.Data(), n.Rank, depth, 0, MxNetComparisonOps.Last(n))];
        var chosen = IndexRows.OneHot(n, "places", n.Data(), n.Rank, depth, 0, (row, operands) => n.Step("chosen", row, operands));
        var scaled = n.Step("scaled", NnBinary.Mul, [chosen, n.Scalar(on - off)]);
        return [n.Emit(NnBinary.Add, [scaled, n.Floats("off", Tensor.Scalar((float)off))])];
    }

    private static Value[] Pick(NodeImport n)
    {
        n.Attributes.Require("mode", "clip");
        int axis = n.Axis(n.Attributes.Int("axis"), n.Rank), size = n.Data().Type.Shape[axis];
        var index = n.Data(1);
        if (size > IndexRows.MostIndices)
            throw n.Mismatch($"axis {axis} has {Counted.Of(size, "element")}; at most {IndexRows.MostIndices} are compared");
        Shape gone = Shape.Of(n.Data().Type.Shape.Where((_, a) => a != axis)), kept = n.Data().Type.Shape.With(axis, 1);
        if (index.Type.Shape != gone && index.Type.Shape != kept)
            throw n.Mismatch($"index {index.Type.Shape} does not fit {gone} or {kept}");
        index = n.Reshaped("lined", n.Step("clipped", NnUnary.Clip, [index], ("min", 0.0), ("max", size - 1.0)), gone);
        var chosen = IndexRows.OneHot(n, "places", index, axis, size, 0, (row, operands) => n.Step("chosen", row, operands));
        var picked = n.Step("picked", NnBinary.Mul, [n.Data(), chosen]);
        return [n.Emit(NnReduce.Sum, [picked], ("axes", new[] { axis }), ("keepdims", n.Attributes.Bool("keepdims")))];
    }

    //  leads[k, i] = [x[i] is the k-th largest]      values: Σ leads[k, i] · x[i];  indices: Σ leads[k, i] · i;  mask: Σ over k
    private static Value[] Leading(NodeImport n, int count, string wanted)
    {
        if (n.Attributes.Text("axis") is null) throw n.Attributes.Unsupported("axis", "one axis");
        int rank = n.Rank, axis = n.Axis(n.Attributes.Int("axis"), rank), size = n.Data().Type.Shape[axis];
        if (count == 0) count = size;
        if (count > size) throw n.Mismatch($"k is {count} where there are {Counted.Of(size, "element")}");
        int[] order = [.. Enumerable.Range(0, rank).Where(a => a != axis), axis], back = [.. order];
        for (int a = 0; a < rank; a++) back[order[a]] = a;
        var data = axis == rank - 1 ? n.Data() : n.Step("turned", NnShape.Transpose, [n.Data()], ("axes", order));
        var compared = n.Attributes.Bool("is_ascend") ? n.Step("negative", NnUnary.Neg, [data]) : data;
        var leads = IndexRows.Leaders(n, compared, count);
        return wanted switch
        {
            "both" => [Values("values"), Indices("indices")],
            "value" => [Values(null)],
            "mask" => [Last(leads, rank - 1, null)],
            _ => [Indices(null)],
        };

        Value Values(string? step)
        {
            var lined = n.Step("lined", NnShape.ExpandDims, [data], ("axes", new[] { rank - 1 }));
            return Last(n.Step("weighted", NnBinary.Mul, [leads, lined]), rank, step);
        }

        Value Indices(string? step)
        {
            var places = n.Floats("places", Tensor.Vector([.. Enumerable.Range(0, size).Select(i => (float)i)]));
            return Last(n.Step("placed", NnBinary.Mul, [leads, places]), rank, step);
        }

        Value Last(Value parts, int over, string? step)
        {
            (string, AttributeValue) axes = ("axes", new[] { over });
            if (axis == rank - 1) return step is null ? n.Emit(NnReduce.Sum, [parts], axes) : n.Step(step, NnReduce.Sum, [parts], axes);
            var sum = n.Step($"{step ?? "result"}.sum", NnReduce.Sum, [parts], axes);
            return step is null ? n.Emit(NnShape.Transpose, [sum], ("axes", back))
                : n.Step(step, NnShape.Transpose, [sum], ("axes", back));
        }
    }
}
