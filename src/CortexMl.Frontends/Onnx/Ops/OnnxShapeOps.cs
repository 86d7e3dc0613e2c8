using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Operators that only rename or permute indices. On known tensors of any type they are done at once.</summary>
internal static class OnnxShapeOps
{
    public static readonly OnnxOp[] Rows =
    [
        Row("Identity", "nn.identity", (n, x) => n.Emit(NnUnary.Identity, [x]), (_, t) => t),
        new("Dropout", "nn.identity, with a mask that is all true; in its form for inference") { Import = Dropout },
        Row("Flatten", "nn.reshape to two axes", (n, x) => n.Emit(NnShape.Reshape, [x], ("shape", Flat(n))), (n, t) => t.Reshape(Flat(n))),
        Row("Reshape", "nn.reshape; constant shape", (n, x) => n.Emit(NnShape.Reshape, [x], ("shape", Target(n))),
            (n, t) => t.Reshape(Target(n))),
        Row("Squeeze", "nn.squeeze", Squeeze, (n, t) => t.Reshape(Shape.Of(t.Shape.Where((_, i) => !SqueezedAxes(n).Contains(i))))),
        Row("Unsqueeze", "nn.expand_dims", (n, x) => n.Emit(NnShape.ExpandDims, [x], ("axes", NewAxes(n))), Unsqueezed),
        Row("Transpose", "nn.transpose", (n, x) => n.Emit(NnShape.Transpose, [x], ("axes", Order(n))),
            (n, t) => Moves.Transpose(t, Order(n))),
        Row("Expand", "nn.reshape and nn.tile; constant shape", Expand,
            (n, t) => Moves.Broadcast(t, n.Reserve(Expanded(n).Select(d => (long)d), t.DType))),
        Row("Tile", "nn.tile; constant repeats", (n, x) => n.Emit(NnShape.Tile, [x], ("repeats", Repeats(n))), Tiled),
        Row("DepthToSpace", "nn.depth_to_space",
            (n, x) => n.Emit(NnShape.DepthToSpace, [x], ("block", Block(n)), ("mode", n.Attributes.Choice("mode", "DCR", "CRD"))), null),
        Row("SpaceToDepth", "nn.space_to_depth", (n, x) => n.Emit(NnShape.SpaceToDepth, [x], ("block", Block(n))), null),
        new("Shape", "a constant: all shapes are known") { Import = ShapeOf },
        new("Size", "a constant: all shapes are known") { Import = n => n.Out(Tensor.Scalar(n.Shape().Count)) },
    ];

    private static OnnxOp Row(string name, string doc, Func<OnnxNode, Value, Value> import, Func<OnnxNode, Tensor, Tensor>? fold) =>
        new(name, doc)
        {
            Import = n => n.Moved(import(n, n.AnyData()), n.Input()),
            Fold = fold is null ? null : n => n.Out(fold(n, n.Constant(0, "the data"))),
        };

    private static Entry[] Dropout(OnnxNode n)
    {
        bool dropsNothing = (n.Opset < 12 ? n.Attributes.Float("ratio", 0.5) : n.Has(1) ? n.Number(1, "ratio") : 0.5) == 0;
        if (!dropsNothing && n.Has(2) && n.Number(2, "training_mode") != 0)
            throw TrainingForm.Dropout("training_mode is true", "or set its input training_mode to false in the file");
        if (!dropsNothing) OnnxBatchNormOps.CheckTest(n, sign => TrainingForm.Dropout(sign, "or set is_test to 1 in the file"));
        var kept = n.Known(0) is not null ? n.Same(n.Input()) : n.Moved(n.Emit(NnUnary.Identity, [n.AnyData()]), n.Input());
        if (!n.Wants(1)) return kept;
        var mask = Moves.Broadcast(Tensor.Scalar(true), n.Reserve(n.Shape().Select(d => (long)d), DType.Bool));
        return [.. kept, Entry.Of(n.OutputName(1), mask)];
    }

    private static Shape Flat(OnnxNode n)
    {
        long axis = n.Attributes.Int("axis", 1);
        int split = axis == n.Rank ? n.Rank : n.Axis(axis, n.Rank);
        return Shape.Of([.. new[] { n.Shape().Take(split), n.Shape().Skip(split) }.Select(dims => checked((int)Shape.Of(dims).Count))]);
    }

    private static Shape Target(OnnxNode n)
    {
        long[] wanted = n.Opset < 5 && n.Attributes.Ints("shape") is { } attribute ? attribute : n.Longs(1, "the shape");
        bool zeroCopies = !n.Attributes.Bool("allowzero", false);
        var shape = n.Shape();
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == 0 && zeroCopies) wanted = [.. wanted.Select((d, at) => at == i ? i < shape.Rank ? shape[i] : -2 : d)];
            if (wanted[i] is < -1 or > int.MaxValue) throw n.Mismatch($"[{string.Join(", ", wanted)}] is no shape for {shape}");
        }
        if (wanted.Count(d => d == -1) > 1) throw n.Mismatch("only one dimension may be -1");
        long rest = 1;
        foreach (long d in wanted.Where(d => d >= 0))
            rest = Math.BigMul(rest, d) is var product && product <= int.MaxValue
                ? (long)product
                : throw n.Mismatch("the shape is too large");
        if (wanted.Contains(-1) && (rest == 0 || shape.Count % rest != 0))
            throw n.Mismatch($"{shape} does not divide into [{string.Join(", ", wanted)}]");
        var target = Shape.Of(wanted.Select(d => (int)(d == -1 ? shape.Count / rest : d)));
        return target.Count == shape.Count
            ? target
            : throw n.Mismatch($"{shape} has {Counted.Of(shape.Count, "element")}, {target} has {target.Count}");
    }

    private static int[] SqueezedAxes(OnnxNode n)
    {
        var shape = n.Shape();
        if ((n.Attributes.Ints("axes") ?? (n.Has(1) ? n.Longs(1, "axes") : null)) is not { } axes)
            return [.. Enumerable.Range(0, shape.Rank).Where(i => shape[i] == 1)];
        int[] found = n.Axes(axes, shape.Rank);
        return Array.TrueForAll(found, a => shape[a] == 1) ? found : throw n.Mismatch($"an axis of {shape} that is to be removed is not 1");
    }

    private static Value Squeeze(OnnxNode n, Value x) =>
        SqueezedAxes(n) is { Length: > 0 } axes ? n.Emit(NnShape.Squeeze, [x], ("axes", axes)) : n.Emit(NnUnary.Identity, [x]);

    private static int[] NewAxes(OnnxNode n)
    {
        long[] axes = n.Attributes.Ints("axes") ?? n.Longs(1, "axes");
        return axes.Length <= 64 ? [.. n.Axes(axes, n.Rank + axes.Length).Order()]
            : throw n.Mismatch($"{Counted.Of(axes.Length, "new axis is", "new axes are")} too many");
    }

    private static Tensor Unsqueezed(OnnxNode n, Tensor tensor)
    {
        var shape = tensor.Shape;
        foreach (int axis in NewAxes(n)) shape = shape.Insert(axis, 1);
        return tensor.Reshape(shape);
    }

    private static int[] Order(OnnxNode n)
    {
        int[] order = n.Attributes.Ints("perm") is { } perm ? n.Axes(perm, n.Rank) : [.. Enumerable.Range(0, n.Rank).Reverse()];
        return order.Length == n.Rank ? order
            : throw n.Mismatch($"perm has {Counted.Of(order.Length, "axis", "axes")}, data {n.Shape()} has {n.Rank}");
    }

    private static Shape Expanded(OnnxNode n)
    {
        long[] wanted = n.Longs(1, "the shape");
        if (wanted.Any(d => d is < 0 or > int.MaxValue)) throw n.Mismatch("the shape is not positive");
        return Shape.Broadcast(n.Shape(), Shape.Of(wanted.Select(d => (int)d)))
            ?? throw n.Mismatch($"{n.Shape()} does not expand to [{string.Join(", ", wanted)}]");
    }

    private static Value Expand(OnnxNode n, Value x)
    {
        var target = Expanded(n);
        var own = x.Type.Shape;
        if (own.Rank < target.Rank)
        {
            own = Shape.Of([.. Enumerable.Repeat(1, target.Rank - own.Rank), .. own]);
            x = target == own ? n.Emit(NnShape.Reshape, [x], ("shape", own)) : n.Step("aligned", NnShape.Reshape, [x], ("shape", own));
            if (target == own) return x;
        }
        return target == own
            ? n.Emit(NnUnary.Identity, [x])
            : n.Emit(NnShape.Tile, [x], ("repeats", target.Select((d, i) => d / own[i]).ToArray()));
    }

    private static long[] Repeats(OnnxNode n)
    {
        if (n.Opset >= 6) return n.Longs(1, "repeats");
        int axis = n.Axis((long)n.Number(2, "axis"), n.Rank);
        return [.. Enumerable.Range(0, n.Rank).Select(i => i == axis ? (long)n.Number(1, "tiles") : 1)];
    }

    private static Tensor Tiled(OnnxNode n, Tensor tensor)
    {
        long[] repeats = Repeats(n);
        if (repeats.Length != tensor.Shape.Rank) throw n.Mismatch($"{Counted.Of(repeats.Length, "repeat")} for {tensor.Shape}");
        if (repeats.Any(r => r is < 0 or > int.MaxValue)) throw n.Mismatch("a repeat is negative");
        n.Reserve(tensor.Shape.Select((d, i) => checked(d * repeats[i])), tensor.DType);
        for (int axis = 0; axis < repeats.Length; axis++)
            tensor = repeats[axis] == 0 ? Tensor.Zeros<float>(tensor.Shape.With(axis, 0))
                : Moves.Concat([.. Enumerable.Repeat(tensor, (int)repeats[axis])], axis,
                    tensor.Shape.With(axis, tensor.Shape[axis] * (int)repeats[axis]));
        return tensor;
    }

    private static long Block(OnnxNode n) =>
        n.Attributes.Int("blocksize", 0) is > 0 and <= 4096 and var block
            ? block
            : throw n.Attributes.Unsupported("blocksize", "1 to 4096");

    private static Entry[] ShapeOf(OnnxNode n)
    {
        int rank = n.Rank, start = Clamped(n.Attributes.Int("start", 0)), end = Clamped(n.Attributes.Int("end", rank));
        return n.Out(Tensor.Vector([.. n.Shape().Skip(start).Take(Math.Max(0, end - start)).Select(d => (long)d)]));

        int Clamped(long at) => (int)Math.Clamp(at < 0 ? at + rank : at, 0, rank);
    }
}
