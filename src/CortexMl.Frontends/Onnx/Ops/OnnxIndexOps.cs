using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Indices of extremes, and running sums.</summary>
internal static class OnnxIndexOps
{
    /// <summary>The running sum of so many takes a matrix of its square.</summary>
    private const int MostSummed = 4096;

    /// <summary>The running product of so many takes as many operations.</summary>
    private const int MostMultiplied = 256;

    public static readonly OnnxOp[] Rows =
    [
        new("ArgMax", "nn.reduce_max, nn.greater, and nn.reduce_max of the places of what is not below it")
        {
            Import = n => Extreme(n, n.Numbers()),
        },
        new("ArgMin", "as ArgMax of -x") { Import = n => Extreme(n, n.Step("negative", NnUnary.Neg, [n.Numbers()])) },
        new("OneHot", "nn.take from a table, or nn.greater than k - 1/2 less nn.greater than k + 1/2; constant depth and values")
        {
            Import = OneHot,
        },
        new("Hardmax", "as ArgMax, then as OneHot; before opset 13 over all axes from the named one on") { Import = Hardmax },
        new("TopK", "nn.greater of each element and each, and sums of what is the k-th largest; constant k") { Import = TopK },
        new("CumSum", "nn.dense with a triangle of ones; constant axis") { Import = CumSum },
        new("CumProd", "nn.mul of each element and the product before it; constant axis") { Import = CumProd },
    ];

    private static Entry[] Extreme(OnnxNode n, Value data)
    {
        int axis = n.Axis(n.Attributes.Int("axis", 0), data.Type.Shape.Rank);
        n.Reserve([data.Type.Shape[axis]], DType.F32);
        bool isLast = n.Attributes.Bool("select_last_index", false), keep = n.Attributes.Bool("keepdims", true);
        var index = IndexRows.Largest(n, data, axis, isLast, keep, OnnxComparisonOps.Last(n));
        return [Entry.Of(n.OutputName(0), index, DType.I64)];
    }

    private static Entry[] Hardmax(OnnxNode n)
    {
        int axis = n.Axis(n.Attributes.Int("axis", n.Opset < 13 ? 1 : -1), n.Rank), size = n.Shape()[axis];
        var (shape, data) = (n.Shape(), n.Data());
        if (n.Opset < 13)
        {
            long before = Shape.Of(shape.Take(axis)).Count;
            data = n.Step("matrix", NnShape.Reshape, [data], ("shape", new[] { before, shape.Count / before }));
            (axis, size) = (1, data.Type.Shape[1]);
        }
        n.Reserve([size], DType.F32);
        var index = IndexRows.Largest(n, data, axis, false, false, (row, operands) => n.Step("index", row, operands));
        if (n.Opset >= 13) return n.Out(IndexRows.OneHot(n, "chosen", index, axis, size, 0, OnnxComparisonOps.Last(n)));
        var chosen = IndexRows.OneHot(n, "chosen", index, axis, size, 0, (row, operands) => n.Step("chosen", row, operands));
        return n.Out(n.Emit(NnShape.Reshape, [chosen], ("shape", shape)));
    }

    //  leads[k, i] = [x[i] is the k-th largest]      values: Σ leads[k, i] · x[i];  indices: Σ leads[k, i] · i
    private static Entry[] TopK(OnnxNode n)
    {
        int rank = n.Rank, axis = n.Axis(n.Attributes.Int("axis", -1), rank), size = n.Shape()[axis];
        long count = n.Opset < 10 ? n.Attributes.Int("k", 0) : (long)n.Number(1, "k");
        if (count < 1 || count > size) throw n.Refused($"k is {count}", $"it may be 1 to {size}");
        int[] order = [.. Enumerable.Range(0, rank).Where(a => a != axis), axis], back = [.. order];
        for (int a = 0; a < rank; a++) back[order[a]] = a;
        var data = axis == rank - 1 ? n.Numbers() : n.Step("turned", NnShape.Transpose, [n.Numbers()], ("axes", order));
        bool isLargest = n.Attributes.Bool("largest", true);
        n.Reserve([size, size], DType.F32);
        var leads = IndexRows.Leaders(n, isLargest ? data : n.Step("negative", NnUnary.Neg, [data]), (int)count);
        var weighted = n.Step("weighted", NnBinary.Mul, [leads, n.Step("lined", NnShape.ExpandDims, [data], ("axes", new[] { rank - 1 }))]);
        float[] places = [.. Enumerable.Range(0, size).Select(i => (float)i)];
        var placed = n.Step("placed", NnBinary.Mul, [leads, n.Floats("indices", Tensor.Vector(places))]);
        return
        [
            Entry.Of(n.OutputName(0), Sum(0, weighted), n.Input().Type),
            .. n.OutputCount > 1 ? new[] { Entry.Of(n.OutputName(1), Sum(1, placed), DType.I64) } : [],
        ];

        Value Sum(int output, Value parts)
        {
            if (axis == rank - 1) return n.EmitAs(n.OutputName(output), NnReduce.Sum, [parts], ("axes", new[] { rank }));
            var sum = n.Step($"sum{output}", NnReduce.Sum, [parts], ("axes", new[] { rank }));
            return n.EmitAs(n.OutputName(output), NnShape.Transpose, [sum], ("axes", back));
        }
    }

    // An index below 0 counts from the end.
    private static Entry[] OneHot(OnnxNode n)
    {
        long depth = (long)n.Number(1, "the depth");
        double[] values = n.Constant(2, "the values").Doubles();
        if (depth is < 1 or > IndexRows.MostIndices) throw n.Refused($"depth is {depth}", $"1 to {IndexRows.MostIndices} places are made");
        if (values.Length != 2) throw n.Mismatch($"{Counted.Of(values.Length, "value")} where off and on are needed");
        var shape = n.Shape();
        int axis = n.Axis(n.Attributes.Int("axis", -1), shape.Rank + 1);
        n.Reserve(shape.Insert(axis, (int)depth).Select(d => (long)d), DType.F32);
        if (!n.Input().Type.IsReal() && Looked(n, axis, (int)depth, values) is { } looked) return n.Out(looked);
        var chosen = n.Step("chosen", NnBinary.Add, [Is("from_start", 0), Is("from_end", -depth)]);
        return n.Out(values is [0, 1] ? n.Emit(NnUnary.Identity, [chosen])
            : n.Emit(NnBinary.Add, [n.Step("scaled", NnBinary.Mul, [chosen, n.Scalar(values[1] - values[0])]), n.Scalar(values[0])]));

        Value Is(string step, long first) =>
            IndexRows.OneHot(n, step, n.AnyData(), axis, (int)depth, first, (row, operands) => n.Step(step, row, operands));
    }

    /// <summary>The row of each index; the new axis is the last one until it is moved to its place.</summary>
    private static Value? Looked(OnnxNode n, int axis, int depth, double[] values)
    {
        int rank = n.Rank;
        bool moves = axis != rank;
        var rows = IndexRows.OneHotRows(n, n.AnyData(), depth, countsFromEnd: true, (float)values[0], (float)values[1],
            (row, operands) => moves ? n.Step("looked", row, operands) : n.Emit(row, operands));
        if (rows is null || !moves) return rows;
        int[] order = [.. Enumerable.Range(0, axis), rank, .. Enumerable.Range(axis, rank - axis)];
        return n.Emit(NnShape.Transpose, [rows], ("axes", order));
    }

    private static Entry[] CumSum(OnnxNode n)
    {
        int rank = n.Rank, axis = n.Axis((long)n.Number(1, "the axis"), rank), size = n.Shape()[axis];
        if (size > MostSummed) throw n.Refused($"axis {axis} of {n.Shape()} is long", $"at most {MostSummed} elements are summed");
        bool isExclusive = n.Attributes.Bool("exclusive", false), isReverse = n.Attributes.Bool("reverse", false);
        n.Reserve([size, size], DType.F32);
        var ones = Tensor.Zeros<float>(Shape.Of(size, size));
        for (int i = 0; i < size; i++)
            for (int k = 0; k < size; k++)
                if ((isReverse ? k >= i : k <= i) && !(isExclusive && k == i)) ones.Data[i * size + k] = 1;
        var weight = n.Floats("ones", ones);
        if (rank == 1)
        {
            var row = n.Step("row", NnShape.Reshape, [n.Numbers()], ("shape", new[] { 1, size }));
            return n.OutLike(n.Emit(NnShape.Reshape, [n.Step("sums", NnConv.Dense, [row, weight])], ("shape", new[] { size })));
        }
        if (axis == rank - 1) return n.OutLike(n.Emit(NnConv.Dense, [n.Numbers(), weight]));
        int[] order = [.. Enumerable.Range(0, rank)];
        (order[axis], order[^1]) = (order[^1], order[axis]);
        var sums = n.Step("sums", NnConv.Dense, [n.Step("turned", NnShape.Transpose, [n.Numbers()], ("axes", order)), weight]);
        return n.OutLike(n.Emit(NnShape.Transpose, [sums], ("axes", order)));
    }

    //  y[i] = y[i - 1] · x[i], and where the element itself does not count y[i] = y[i - 1] · x[i - 1], y[0] = 1
    private static Entry[] CumProd(OnnxNode n)
    {
        int rank = n.Rank, axis = n.Axis((long)n.Number(1, "the axis"), rank), size = n.Shape()[axis];
        if (size > MostMultiplied)
            throw n.Refused($"axis {axis} of {n.Shape()} is long", $"at most {MostMultiplied} elements are multiplied");
        bool isExclusive = n.Attributes.Bool("exclusive", false), isReverse = n.Attributes.Bool("reverse", false);
        var parts = new Value[size];
        Value? product = null;
        for (int i = 0; i < size; i++)
        {
            int at = isReverse ? size - 1 - i : i, factor = isExclusive ? isReverse ? at + 1 : at - 1 : at;
            parts[at] = product = isExclusive && i == 0 ? Ones() : product is null ? Slice(factor)
                : n.Step($"product{at}", NnBinary.Mul, [product, Slice(factor)]);
        }
        return n.OutLike(n.Emit(NnShape.Concat, parts, ("axis", axis)));

        Value Slice(int i) => n.Step($"element{i}", NnShape.Slice, [n.Numbers()],
            ("begin", n.Shape().Select((_, a) => a == axis ? i : 0).ToArray()), ("end", n.Shape().With(axis, i + 1)),
            ("strides", Enumerable.Repeat(1, rank).ToArray()));

        Value Ones()
        {
            var ones = Tensor.Zeros<float>(n.Reserve(n.Shape().With(axis, 1).Select(d => (long)d), DType.F32));
            Array.Fill(ones.Data, 1f);
            return n.Floats("ones", ones);
        }
    }
}
