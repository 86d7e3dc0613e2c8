using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines;

/// <summary>Graphs of one operator of any shape and attributes, fed with numbers of full range.</summary>
internal sealed class OperatorGraphs(int seed)
{
    public static IReadOnlyList<OpSpec> Rows { get; } = [.. OpTable.Rows.Where(r => r.Levels.HasFlag(Level.Cvm))];

    private readonly Random _random = new(seed);
    private readonly GraphBuilder _build = new("one", Level.Cvm);

    public static Graph Of(OpSpec row, int seed) => new OperatorGraphs(seed).Make(row);

    private Graph Make(OpSpec row)
    {
        var (operands, attributes) = Operation(row);
        foreach (var result in _build.Operation(row, operands, attributes).Results) _build.Output(result);
        return _build.Build();
    }

    private (IReadOnlyList<Value> Operands, Attributes Attributes) Operation(OpSpec row)
    {
        var any = AnyShape();
        var four = Shape.Of(1 + Next(2), 1 + Next(4), 3 + Next(4), 3 + Next(4));
        return row.CvmName switch
        {
            "clip" => ([Wild(any)], Attributes.Of(("a_min", -Next(1 << Next(31))), ("a_max", 1 + Next(1 << Next(31))))),
            "cvm_clip" => ([Wild(any)], Attributes.Of(("precision", 1 + Next(32)))),
            "cvm_left_shift" => ([Wild(any)], Attributes.Of(("precision", 1 + Next(32)), ("shift_bit", 1 + Next(23)))),
            "cvm_right_shift" => ([Wild(any)], Attributes.Of(("precision", 1 + Next(32)), ("shift_bit", 1 + Next(32)))),
            "elemwise_add" or "elemwise_sub" => ([Wild(any), Wild(any)], Attributes.Empty),
            var name when name!.StartsWith("broadcast", StringComparison.Ordinal) => ([Wild(Part(any)), Wild(Part(any))], Attributes.Empty),
            "conv2d" => Convolution(),
            "dense" => Dense(),
            "max_pool2d" => ([Input(four)], Attributes.Of(("pool_size", Pair(2, 3)), ("strides", Pair(1, 2)), ("padding", Pair(0, 1)))),
            "upsampling" => ([Input(four)], Attributes.Of(("scale", 1 + Next(3)))),
            "sum" => ([Input(any, 20)], Reduction(any)),
            "max" => ([Wild(any)], Reduction(any)),
            "concatenate" => Concatenate(any),
            "repeat" => ([Input(any)], Attributes.Of(("repeats", 1 + Next(3)), ("axis", Next(any.Rank)))),
            "tile" => ([Input(any)], Attributes.Of(("reps", Enumerable.Range(0, 1 + Next(4)).Select(_ => 1L + Next(3)).ToArray()))),
            "transpose" =>
                ([Input(any)],
                    Attributes.Of(("axes", Enumerable.Range(0, any.Rank).OrderBy(_ => Next(100)).Select(axis => (long)axis).ToArray()))),
            "reshape" => ([Input(any)], Attributes.Of(("shape", new long[] { -1 }))),
            "expand_dims" => ([Input(any)], Attributes.Of(("axis", Next(any.Rank + 1)), ("num_newaxis", 1 + Next(2)))),
            "squeeze" => ([Input(Shape.Of([1, .. any.Dims, 1]))], Attributes.Empty),
            "strided_slice" => ([Input(any)], Slices(any)),
            "slice_like" => ([Input(any), Input(Shape.Of([.. any.Select(dim => 1 + Next(dim))]))], Attributes.Empty),
            "take" =>
                ([Input(any), Input(AnyShape())],
                    Next(2) == 0 || any.Rank > 3 ? Attributes.Empty : Attributes.Of(("axis", Next(any.Rank)))),
            "cvm_lut" => LookUp(any),
            "where" => ([Input(Next(2) == 0 ? any : Shape.Of(any[0]), 2), Input(any), Input(any)], Attributes.Empty),
            "get_valid_counts" =>
                ([Input(Shape.Of(1 + Next(3), 1 + Next(9), 2 + Next(6)), 4)], Attributes.Of(("score_threshold", Next(5) - 2))),
            "non_max_suppression" => Suppression(),
            _ => ([Wild(any)], Attributes.Empty),
        };
    }

    private int Next(int count) => _random.Next(count);

    private long[] Pair(int low, int high) => [low + Next(high - low + 1), low + Next(high - low + 1)];

    private Shape AnyShape() => Shape.Of([.. Enumerable.Range(0, 1 + Next(4)).Select(_ => 1 + Next(5))]);

    /// <summary>A shape that broadcasts to <paramref name="shape"/>.</summary>
    private Shape Part(Shape shape) => Shape.Of([.. shape.Skip(Next(shape.Rank)).Select(dim => Next(3) == 0 ? 1 : dim)]);

    private Value Input(Shape shape, int precision = 32) => _build.Input("x", TensorType.Integer(precision, shape));

    /// <summary>
    /// Any 32-bit integer, the most negative one too, which no input may hold: choices between inputs are as precise as their condition,
    /// so their difference wraps.
    /// </summary>
    private Value Wild(Shape shape)
    {
        var (a, b) = (Input(shape), Input(shape));
        var condition = _build.Constant("c", Tensor.Create(shape, Enumerable.Repeat(1, (int)shape.Count).ToArray()), 2);
        Value Claimed(Value value) => _build.Op(CvmLookup.Where, [condition, value, value]);
        return _build.Op(CvmBinary.ElemwiseSub, [Claimed(a), Claimed(b)]);
    }

    private Attributes Reduction(Shape shape) => Attributes.Of(
        ("axis", Enumerable.Range(0, shape.Rank).Where(_ => Next(2) == 0).Select(axis => (long)axis).ToArray()),
        ("keepdims", Next(2) == 0), ("exclude", Next(3) == 0));

    private (IReadOnlyList<Value>, Attributes) Concatenate(Shape shape)
    {
        int axis = Next(shape.Rank);
        return ([.. Enumerable.Range(0, 1 + Next(4))
            .Select(_ => Input(Shape.Of([.. shape.Select((dim, i) => i == axis ? 1 + Next(4) : dim)])))], Attributes.Of(("axis", axis)));
    }

    /// <summary>Any geometry whose kernel fits the padded data; the weights are an input as well.</summary>
    private (IReadOnlyList<Value>, Attributes) Convolution()
    {
        int groups = 1 + Next(3), depth = 1 + Next(3), channels = groups * (1 + Next(3));
        long[] kernel = Pair(1, 3), padding = Pair(0, 2), dilation = Pair(1, 2);
        int Size(int axis) => (int)Math.Max(1, 1 + ((kernel[axis] - 1) * dilation[axis]) - (2 * padding[axis])) + Next(5);
        bool hasBias = Next(2) == 0;
        Value data = Input(Shape.Of(1 + Next(2), groups * depth, Size(0), Size(1)), 8);
        var weight = Input(Shape.Of(channels, depth, (int)kernel[0], (int)kernel[1]), 8);
        var attributes = Attributes.Of(
            ("channels", channels), ("kernel_size", kernel), ("strides", Pair(1, 2)), ("padding", padding), ("dilation", dilation),
            ("groups", groups), ("use_bias", hasBias));
        return (hasBias ? [data, weight, Input(Shape.Of(channels), 16)] : [data, weight], attributes);
    }

    private (IReadOnlyList<Value>, Attributes) Dense()
    {
        int columns = 1 + Next(40), units = 1 + Next(9);
        bool hasBias = Next(2) == 0;
        Value data = Input(Shape.Of(1 + Next(4), columns), 8), weight = Input(Shape.Of(units, columns), 8);
        var attributes = Attributes.Of(("units", units), ("use_bias", hasBias));
        return (hasBias ? [data, weight, Input(Shape.Of(units), 16)] : [data, weight], attributes);
    }

    private Attributes Slices(Shape shape)
    {
        long[] from = [.. shape.Select(dim => (long)Next(dim))];
        bool back = Next(2) == 0;
        return Attributes.Of(("begin", from), ("end", shape.Select(dim => back ? -dim - 1L : dim).ToArray()),
            ("stride", shape.Select(_ => (back ? -1L : 1L) * (1 + Next(3))).ToArray()));
    }

    private (IReadOnlyList<Value>, Attributes) LookUp(Shape shape)
    {
        int entries = 1 + Next(20);
        return ([Input(shape, 4), Input(Shape.Of(entries))], Attributes.Of(("in_dim", entries)));
    }

    private (IReadOnlyList<Value>, Attributes) Suppression()
    {
        int batches = 1 + Next(3), rows = 1 + Next(12);
        // Few numbers make equal scores, ids below 0 and boxes that overlap; many make areas that wrap.
        var attributes = Attributes.Of(
            ("iou_threshold", 1 + Next(100)), ("force_suppress", Next(2) == 0), ("top_k", Next(3) == 0 ? Next(rows + 2) : -1),
            ("max_output_size", Next(3) == 0 ? Next(rows + 1) : -1));
        return ([Input(Shape.Of(batches, rows, 6), Next(4) == 0 ? 32 : 4), Input(Shape.Of(batches), 5)], attributes);
    }
}
