using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Quantize.Products;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Shapes;

/// <summary>Operators that only move elements: scale and precision pass through, per tensor.</summary>
internal static class ShapeLowering
{
    public static readonly LoweringRule Identity = Moving((op, data, _) => data);

    public static readonly LoweringRule Reshape = Moving((op, data, quantizer) =>
        quantizer.Emit(
            CvmShape.Reshape, [data], Attributes.Of(("shape", Quantizer.WithDimension(op.Result.Type.Shape))), data.Type.Scale!));

    public static readonly LoweringRule Flatten =
        Moving((op, data, quantizer) => quantizer.Emit(CvmShape.Flatten, [data], null, data.Type.Scale!));

    public static readonly LoweringRule Transpose = Moving((op, data, quantizer) =>
        quantizer.Emit(CvmShape.Transpose, [data], Attributes.Of(("axes", op.Ints("axes").ToArray())), data.Type.Scale!));

    public static readonly LoweringRule Tile = Moving((op, data, quantizer) =>
        quantizer.Emit(CvmShape.Tile, [data], Attributes.Of(("reps", op.Ints("repeats").ToArray())), data.Type.Scale!));

    public static readonly LoweringRule Repeat = Moving((op, data, quantizer) =>
        quantizer.Emit(CvmShape.Repeat, [data],
            Attributes.Of(("repeats", op.Int("repeats")), ("axis", op.Int("axis"))), data.Type.Scale!));

    public static readonly LoweringRule Pad = Moving((op, data, quantizer) => Padding.Emit(
        quantizer, data, Ints(op, "before"), Ints(op, "after"),
        Rounding.Clamped(op.Float("value") * data.Type.Scale!.Value, data.Type.Element.Bound)));

    public static readonly LoweringRule Slice = Moving((op, data, quantizer) => quantizer.Emit(
        CvmShape.StridedSlice, [data],
        Attributes.Of(("begin", Ints(op, "begin")), ("end", Ends(op)), ("stride", Ints(op, "strides"))), data.Type.Scale!));

    public static readonly LoweringRule UpSample = Moving((op, data, quantizer) =>
    {
        var (h, w) = op.Pair("scale");
        if (h == w) return quantizer.Emit(CvmPool.UpSampling, [data], Attributes.Of(("scale", h)), data.Type.Scale!);
        var rows = quantizer.Emit(CvmShape.Repeat, [data], Attributes.Of(("repeats", h), ("axis", 2)), data.Type.Scale!);
        return quantizer.Emit(CvmShape.Repeat, [rows], Attributes.Of(("repeats", w), ("axis", 3)), data.Type.Scale!);
    });

    //  broadcast_to(x: [C, 1])   ⇒   cvm.repeat(cvm.reshape(x) : [1, C, 1]) along each axis of 1 that grows
    public static readonly LoweringRule BroadcastTo = Moving((op, data, quantizer) =>
    {
        var target = op.Result.Type.Shape;
        var source = Shape.Of([.. Enumerable.Repeat(1, target.Rank - data.Type.Shape.Rank), .. data.Type.Shape]);
        var value = source == data.Type.Shape
            ? data
            : quantizer.Emit(CvmShape.Reshape, [data], Attributes.Of(("shape", source)), data.Type.Scale!);
        for (int axis = 0; axis < target.Rank; axis++)
            if (source[axis] != target[axis])
                value = quantizer.Emit(
                    CvmShape.Repeat, [value], Attributes.Of(("repeats", target[axis]), ("axis", axis)), data.Type.Scale!);
        return value;
    });

    //  concat(a, b)   ⇒   cvm.concatenate(a, b)   all at the scale that covers the largest threshold
    public static readonly LoweringRule Concat = new(ConcatDemand, (op, quantizer) =>
    {
        var demand = ConcatDemand(op, 0, quantizer.Demands)!.Value;
        return quantizer.Emit(
            CvmShape.Concatenate, [.. op.Operands.Select(o => quantizer.At(o, demand))], Attributes.Of(("axis", op.Int("axis"))),
            Scale.PerTensor(demand.Scale));
    });

    private static Demand? ConcatDemand(Operation op, int index, Demands demands) =>
        Demand.Covering(demands.Of(op.Result).Precision, op.Operands.Max(Demands.Threshold));

    private static LoweringRule Moving(Func<Operation, Value, Quantizer, Value> emit) => new(
        (op, index, demands) => index == 0 ? demands.Of(op.Result) : null,
        (op, quantizer) => emit(op, quantizer.At(op["data"], quantizer.Demands.Of(op.Result)), quantizer));

    /// <summary>Our end -1 means "down to the first element"; the CVM counts -1 from the back, so that -D - 1 stands for it.</summary>
    private static long[] Ends(Operation op) =>
        [.. op.Ints("end").Select((end, axis) => end < 0 ? -op["data"].Type.Shape[axis] - 1L : end)];

    private static int[] Ints(Operation op, string name) => [.. op.Ints(name).Select(v => (int)v)];
}
