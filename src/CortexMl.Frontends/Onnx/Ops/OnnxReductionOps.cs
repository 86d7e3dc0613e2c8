using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Sums, means, maxima and norms over axes.</summary>
internal static class OnnxReductionOps
{
    /// <summary>Numbers in a product.</summary>
    private const int MostFactors = 16;

    public static readonly OnnxOp[] Rows =
    [
        Row("ReduceMean", NnReduce.Mean.Name, (n, x) => Reduce(n, NnReduce.Mean, x, n.Emit), v => v.Average()),
        Row("ReduceSum", NnReduce.Sum.Name, (n, x) => Reduce(n, NnReduce.Sum, x, n.Emit), v => v.Sum(), takesIntegers: true),
        Row("ReduceMax", NnReduce.Max.Name, (n, x) => Reduce(n, NnReduce.Max, x, n.Emit), v => v.Max(), takesIntegers: true),
        Row("ReduceMin", "-nn.reduce_max of -x",
            (n, x) => n.Emit(NnUnary.Neg, [Reduce(n, NnReduce.Max, n.Step("negative", NnUnary.Neg, [x]), Step(n, "largest"))]),
            v => v.Min(), takesIntegers: true),
        Row("ReduceSumSquare", "nn.square and nn.reduce_sum",
            (n, x) => Reduce(n, NnReduce.Sum, n.Step("square", NnUnary.Square, [x]), n.Emit), null, takesIntegers: true),
        Row("ReduceL1", "nn.abs and nn.reduce_sum", (n, x) => Reduce(n, NnReduce.Sum, n.Step("abs", NnUnary.Abs, [x]), n.Emit), null,
            takesIntegers: true),
        Row("ReduceL2", "nn.square, nn.reduce_sum and nn.sqrt",
            (n, x) => n.Emit(NnUnary.Sqrt, [Reduce(n, NnReduce.Sum, n.Step("square", NnUnary.Square, [x]), Step(n, "sum"))]), null),
        Row("ReduceLogSum", "nn.reduce_sum and nn.log", (n, x) => n.Emit(NnUnary.Log, [Reduce(n, NnReduce.Sum, x, Step(n, "sum"))]), null),
        Row("ReduceLogSumExp", "nn.exp, nn.reduce_sum and nn.log",
            (n, x) => n.Emit(NnUnary.Log, [Reduce(n, NnReduce.Sum, n.Step("exp", NnUnary.Exp, [x]), Step(n, "sum"))]), null),
        new("ReduceProd", "nn.mul of halves, and of their halves")
        {
            Import = Product, Fold = n => Fold(n, v => v.Aggregate(1.0, (a, b) => a * b)),
        },
    ];

    private static EmitRow Step(OnnxNode n, string name) => (row, operands, attributes) => n.Step(name, row, operands, attributes);

    private static OnnxOp Row(string name, string doc, Func<OnnxNode, Value, Value> import, Func<IEnumerable<double>, double>? fold,
        bool takesIntegers = false) =>
        new(name, doc)
        {
            Import = n => n.OutLike(import(n, takesIntegers ? n.Numbers() : n.Data())),
            Fold = fold is null ? null : n => Fold(n, fold),
        };

    private static Value Reduce(OnnxNode n, OpSpec row, Value data, EmitRow emit)
    {
        int[] axes = Axes(n);
        if (axes.Length == 0) return emit(NnUnary.Identity, [data]);
        return n.Attributes.Bool("keepdims", true)
            ? emit(row, [data], ("axes", axes), ("keepdims", true))
            : emit(row, [data], ("axes", axes));
    }

    //  [rest, n]   ⇒   first half · second half, until one is left; the last one of an odd number goes along
    private static Entry[] Product(OnnxNode n)
    {
        int[] axes = Axes(n), kept = [.. Enumerable.Range(0, n.Rank).Except(axes)];
        var shape = n.Shape();
        if (axes.Length == 0) return n.OutLike(n.Emit(NnUnary.Identity, [n.Numbers()]));
        int rest = (int)Shape.Of(kept.Select(a => shape[a])).Count, size = (int)Shape.Of(axes.Select(a => shape[a])).Count;
        if (size > MostFactors)
            throw n.Refused($"a product of {Counted.Of(size, "number")} grows or vanishes", $"at most {MostFactors} are multiplied");
        var turned = n.Step("turned", NnShape.Transpose, [n.Numbers()], ("axes", (int[])[.. kept, .. axes]));
        var factors = n.Step("rows", NnShape.Reshape, [turned], ("shape", new[] { rest, size }));
        for (; size > 1; size = size - size / 2)
        {
            int half = size / 2;
            var product = n.Step($"product{size}", NnBinary.Mul, [Part("first", 0, half), Part("second", half, 2 * half)]);
            factors = size % 2 == 0 ? product : n.Step($"with{size}", NnShape.Concat, [product, Part("odd", size - 1, size)], ("axis", 1));
        }
        var result = n.Attributes.Bool("keepdims", true) ? Shape.Of(shape.Select((d, a) => axes.Contains(a) ? 1 : d))
            : Shape.Of(kept.Select(a => shape[a]));
        return n.OutLike(n.Emit(NnShape.Reshape, [factors], ("shape", result)));

        Value Part(string name, int begin, int end) => n.Step($"{name}{size}", NnShape.Slice, [factors],
            ("begin", new[] { 0, begin }), ("end", new[] { rest, end }), ("strides", new[] { 1, 1 }));
    }

    /// <summary>Of the attribute or, in newer opsets, the input; none means all of them unless the model says that it means none.</summary>
    private static int[] Axes(OnnxNode n)
    {
        long[] axes = n.Attributes.Ints("axes") ?? (n.Has(1) ? n.Longs(1, "axes") : []);
        if (axes.Length == 0) return n.Attributes.Bool("noop_with_empty_axes", false) ? [] : [.. Enumerable.Range(0, n.Rank)];
        return [.. n.Axes(axes, n.Rank).Order()];
    }

    private static Entry[] Fold(OnnxNode n, Func<IEnumerable<double>, double> fold)
    {
        var tensor = n.Constant(0, "the data");
        int[] axes = Axes(n), kept = [.. Enumerable.Range(0, tensor.Shape.Rank).Except(axes)];
        if (axes.Length == 0) return n.Out(tensor);
        if (tensor.Length == 0) throw n.Mismatch("there is nothing to reduce");
        double[] data = Moves.Transpose(tensor, [.. kept, .. axes]).Doubles();
        var rest = Shape.Of(kept.Select(a => tensor.Shape[a]));
        int step = data.Length / (int)rest.Count;
        double[] results = [.. Enumerable.Range(0, (int)rest.Count).Select(i => fold(data.Skip(i * step).Take(step)))];
        var shape = n.Attributes.Bool("keepdims", true) ? Shape.Of(tensor.Shape.Select((d, a) => axes.Contains(a) ? 1 : d)) : rest;
        return n.Out(Constants.FromDoubles(tensor.DType, shape, results));
    }
}
