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

    /// <summary>Indices that 16 bits hold.</summary>
    private const int MostIndices = 32767;

    public static readonly OnnxOp[] Rows =
    [
        new("ArgMax", "nn.reduce_max, nn.greater, and nn.reduce_max of the places of what is not below it")
        {
            Import = n => Extreme(n, n.Numbers()),
        },
        new("ArgMin", "as ArgMax of -x") { Import = n => Extreme(n, n.Step("negative", NnUnary.Neg, [n.Numbers()])) },
        new("OneHot", "nn.greater than k - 1/2, less nn.greater than k + 1/2; constant depth and values")
        {
            Import = OneHot,
        },
        new("CumSum", "nn.dense with a triangle of ones; constant axis") { Import = CumSum },
    ];

    //  is[i] = not (max x > x[i])      the first index: n - max(is[i] · (n - i));  the last one: max(is[i] · (i + 1)) - 1
    private static Entry[] Extreme(OnnxNode n, Value data)
    {
        int rank = data.Type.Shape.Rank, axis = n.Axis(n.Attributes.Int("axis", 0), rank), size = data.Type.Shape[axis];
        if (size > MostIndices)
            throw n.Refused($"axis {axis} of {data.Type.Shape} is long", $"at most {MostIndices} elements are compared");
        bool isLast = n.Attributes.Bool("select_last_index", false), keep = n.Attributes.Bool("keepdims", true);
        var most = n.Step("most", NnReduce.Max, [data], ("axes", new[] { axis }), ("keepdims", true));
        var isMost = TruthRows.Not(n, n.Step("below", NnBinary.Greater, [most, data]), (row, operands) => n.Step("is_most", row, operands));
        n.Reserve([size], DType.F32);
        var places = Tensor.Create(
            Shape.Of(Enumerable.Range(0, rank - axis).Select(i => i == 0 ? size : 1)),
            [.. Enumerable.Range(0, size).Select(i => (float)(isLast ? i + 1 : size - i))]);
        var placed = n.Step("places", NnBinary.Mul, [isMost, n.Floats("places", places)]);
        var furthest = keep ? n.Step("furthest", NnReduce.Max, [placed], ("axes", new[] { axis }), ("keepdims", true))
            : n.Step("furthest", NnReduce.Max, [placed], ("axes", new[] { axis }));
        var index = isLast ? n.Emit(NnBinary.Sub, [furthest, n.Scalar(1)]) : n.Emit(NnBinary.Sub, [n.Scalar(size), furthest]);
        return [Entry.Of(n.OutputName(0), index, DType.I64)];
    }

    //  of index i and place k: [i > k - ½] - [i > k + ½], which no rounding of i below ½ changes; the same of i < 0 and k - depth
    private static Entry[] OneHot(OnnxNode n)
    {
        long depth = (long)n.Number(1, "the depth");
        double[] values = n.Constant(2, "the values").Doubles();
        if (depth is < 1 or > MostIndices) throw n.Refused($"depth is {depth}", $"1 to {MostIndices} places are made");
        if (values.Length != 2) throw n.Mismatch($"{Counted.Of(values.Length, "value")} where off and on are needed");
        var shape = n.Shape();
        int axis = n.Axis(n.Attributes.Int("axis", -1), shape.Rank + 1);
        n.Reserve(shape.Insert(axis, (int)depth).Select(d => (long)d), DType.F32);
        var column = n.Step("column", NnShape.ExpandDims, [n.AnyData()], ("axes", new[] { axis }));
        var places = Shape.Of([(int)depth, .. Enumerable.Repeat(1, shape.Rank - axis)]);
        var chosen = n.Step("chosen", NnBinary.Add, [Is("from_start", 0), Is("from_end", -depth)]);
        return n.Out(values is [0, 1] ? n.Emit(NnUnary.Identity, [chosen])
            : n.Emit(NnBinary.Add, [n.Step("scaled", NnBinary.Mul, [chosen, n.Scalar(values[1] - values[0])]), n.Scalar(values[0])]));

        Value Is(string step, long first)
        {
            Value above = Above($"{step}.above", first - 0.5f), beyond = Above($"{step}.beyond", first + 0.5f);
            return n.Step(step, NnBinary.Sub, [above, beyond]);
        }

        Value Above(string step, float first)
        {
            float[] limits = [.. Enumerable.Range(0, (int)depth).Select(k => k + first)];
            return n.Step(step, NnBinary.Greater, [column, n.Floats($"{step}.limits", Tensor.Create(places, limits))]);
        }
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
}
