using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Quantize.Products;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Shapes;

/// <summary>Operators that only move elements: scale and precision pass through, per tensor.</summary>
internal static class ShapeLowering
{
    public static readonly LoweringRule Identity = Moving((op, data, _, _) => data);

    public static readonly LoweringRule Reshape = Moving((op, data, scale, quantizer) =>
        quantizer.Emit(
            CvmShape.Reshape, [data], Attributes.Of(("shape", Quantizer.WithDimension(op.Result.Type.Shape))), scale));

    public static readonly LoweringRule Flatten =
        Moving((op, data, scale, quantizer) => quantizer.Emit(CvmShape.Flatten, [data], null, scale));

    public static readonly LoweringRule Transpose = Moving((op, data, scale, quantizer) =>
        quantizer.Emit(CvmShape.Transpose, [data], Attributes.Of(("axes", op.Ints("axes").ToArray())), scale));

    public static readonly LoweringRule Tile = Moving((op, data, scale, quantizer) =>
        quantizer.Emit(CvmShape.Tile, [data], Attributes.Of(("reps", op.Ints("repeats").ToArray())), scale));

    public static readonly LoweringRule Repeat = Moving((op, data, scale, quantizer) =>
        quantizer.Emit(CvmShape.Repeat, [data],
            Attributes.Of(("repeats", op.Int("repeats")), ("axis", op.Int("axis"))), scale));

    public static readonly LoweringRule Pad = Moving((op, data, scale, quantizer) =>
    {
        // Channels have scales of their own only where the padding is 0.
        double value = op.Float("value"), fill = value == 0 ? 0 : value * scale.Value;
        return Padding.Emit(
            quantizer, data, Ints(op, "before"), Ints(op, "after"), Rounding.Clamped(fill, data.Type.Element.Bound), scale);
    });

    public static readonly LoweringRule Slice = Moving((op, data, scale, quantizer) => quantizer.Emit(
        CvmShape.StridedSlice, [data],
        Attributes.Of(("begin", Ints(op, "begin")), ("end", Ends(op)), ("stride", Ints(op, "strides"))), scale));

    public static readonly LoweringRule UpSample = Moving((op, data, scale, quantizer) =>
    {
        var (h, w) = op.Pair("scale");
        if (h == w) return quantizer.Emit(CvmPool.UpSampling, [data], Attributes.Of(("scale", h)), scale);
        var rows = quantizer.Emit(CvmShape.Repeat, [data], Attributes.Of(("repeats", h), ("axis", 2)), scale);
        return quantizer.Emit(CvmShape.Repeat, [rows], Attributes.Of(("repeats", w), ("axis", 3)), scale);
    });

    //  broadcast_to(x: [C, 1])   ⇒   cvm.repeat(cvm.reshape(x) : [1, C, 1]) along each axis of 1 that grows
    public static readonly LoweringRule BroadcastTo = Moving((op, data, scale, quantizer) =>
    {
        var target = op.Result.Type.Shape;
        var source = Shape.Of([.. Enumerable.Repeat(1, target.Rank - data.Type.Shape.Rank), .. data.Type.Shape]);
        var value = source == data.Type.Shape
            ? data
            : quantizer.Emit(CvmShape.Reshape, [data], Attributes.Of(("shape", source)), scale);
        for (int axis = 0; axis < target.Rank; axis++)
            if (source[axis] != target[axis])
                value = quantizer.Emit(
                    CvmShape.Repeat, [value], Attributes.Of(("repeats", target[axis]), ("axis", axis)), scale);
        return value;
    });

    //  concat(a, b)   ⇒   cvm.concatenate(a, b)   all as the result is wanted, or each at its channels
    public static readonly LoweringRule Concat = new((op, index, demands) => demands.Through(op, op.Operands[index]), (op, quantizer) =>
    {
        var operands = op.Operands.Select(o => quantizer.At(o, quantizer.Demands.Through(op, o)));
        return quantizer.Emit(CvmShape.Concatenate, [.. operands], Attributes.Of(("axis", op.Int("axis"))),
            quantizer.Demands.Of(op.Result).Units);
    })
    {
        Freedom = static (_, _, _) => ScaleFreedom.HandedOn,
    };

    /// <summary>A row that moves its data; the scale is the result's, whose channels may stand elsewhere.</summary>
    private static LoweringRule Moving(Func<Operation, Value, Scale, Quantizer, Value> emit) => new(
        (op, index, demands) => index == 0 ? demands.Through(op, op["data"]) : null,
        (op, quantizer) => emit(
            op, quantizer.At(op["data"], quantizer.Demands.Through(op, op["data"])), quantizer.Demands.Of(op.Result).Units, quantizer))
    {
        Freedom = static (_, _, _) => ScaleFreedom.HandedOn,
    };

    /// <summary>Our end -1 means "down to the first element"; the CVM counts -1 from the back, so that -D - 1 stands for it.</summary>
    private static long[] Ends(Operation op) =>
        [.. op.Ints("end").Select((end, axis) => end < 0 ? -op["data"].Type.Shape[axis] - 1L : end)];

    private static int[] Ints(Operation op, string name) => [.. op.Ints(name).Select(v => (int)v)];
}
