using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Ranges;

namespace CortexMl.Ops.Cvm;

/// <summary>Rows that move elements and compute nothing. Source: CortexMl.Cvm/SPECIFICATION.md §8.1, §8.2.</summary>
public static class CvmShape
{
    private const OpTraits Move = OpTraits.Moves | OpTraits.Monotone | OpTraits.Homogeneous;

    public static readonly OpSpec Flatten = Row(
        "flatten", "Every row made one-dimensional: [d0, d1 · d2 · …]", CvmShapeRules.Flatten, [],
        OpTraits.InPlace | OpTraits.Reshapes);

    public static readonly OpSpec Reshape = Row(
        "reshape", "The same elements under another shape", CvmReshape.Resolve,
        [Attr.Ints("shape", "target; 0 copies a dimension, -1 is what remains, -2 copies all that follow, -3 joins two, -4 splits one")],
        OpTraits.InPlace | OpTraits.Reshapes);

    public static readonly OpSpec Transpose = Row(
        "transpose", "Axes in another order", CvmShapeRules.Transpose,
        [Attr.Ints("axes", "the input's axes in the order of the result; none reverses", [])], range: MoveIntervals.Transpose);

    public static readonly OpSpec ExpandDims = Row(
        "expand_dims", "Axes of size 1 inserted", CvmShapeRules.ExpandDims,
        [CvmAttr.Int("axis", "where; negative counts from the end of the result"),
            CvmAttr.Int("num_newaxis", "how many, 1..4096", 1, min: 1)],
        OpTraits.InPlace | OpTraits.Reshapes);

    public static readonly OpSpec Squeeze = Row(
        "squeeze", "Axes of size 1 removed", CvmShapeRules.Squeeze, [Attr.Ints("axis", "which; none for every axis of size 1", [])],
        OpTraits.InPlace | OpTraits.Reshapes);

    public static readonly OpSpec Concatenate = new("cvm.concatenate")
    {
        Doc = "Operands one after the other along an axis",
        Operands = [new("data", "tensors that agree in every other axis", Arity.Variadic)],
        Attributes = [CvmAttr.Int("axis", "axis of joining", 1)],
        Shapes = CvmRules.Shape(CvmShapeRules.Concatenate),
        Elements = CvmRules.Precision((op, _) => op.OperandTypes().Max(o => o.Precision)),
        Levels = Level.Quant | Level.Cvm,
        Traits = Move | OpTraits.SampleWise,
        Ranges = [MoveIntervals.Concatenate],
        CvmName = "concatenate",
    };

    public static readonly OpSpec Repeat = Row(
        "repeat", "Every slice along an axis repeated in place", CvmShapeRules.Repeat,
        [CvmAttr.Int("repeats", "how often, at least 1"), CvmAttr.Int("axis", "along which axis", 0)]);

    // Left out, reps would be (0), which is never allowed.
    public static readonly OpSpec Tile = Row(
        "tile", "The whole tensor repeated along axes", CvmShapeRules.Tile,
        [Attr.Ints("reps", "repetitions of the trailing axes, 1..4096 each", [0])]);

    public static readonly OpSpec StridedSlice = Row(
        "strided_slice", "Every stride-th element from begin up to end, per axis", CvmSlice.Shape,
        [
            Attr.Ints("begin", "first index per axis, from 0 where left out", [0]),
            Attr.Ints("end", "index behind the last, the whole axis where left out", [1]),
            Attr.Ints("stride", "steps, negative for backward, 1 where left out", []),
        ], range: MoveIntervals.Slice);

    public static readonly OpSpec SliceLike = new("cvm.slice_like")
    {
        Doc = "The leading part of data with the shape of another tensor",
        Operands = [new("data", "what is cut"), new("like", "whose dimensions are taken")],
        Attributes = [Attr.Ints("axis", "axes to cut; none for all", [], int.MinValue, int.MaxValue)],
        Shapes = CvmRules.Shape(CvmShapeRules.SliceLike),
        Elements = CvmRules.SamePrecision,
        Levels = Level.Quant | Level.Cvm,
        Traits = Move,
        CvmName = "slice_like",
    };

    private static OpSpec Row(
        string name, string doc, Func<IOperation, long[]> shape, IReadOnlyList<AttributeSpec> attributes,
        OpTraits traits = OpTraits.None, RangeRule? range = null) =>
        new("cvm." + name)
        {
            Doc = doc,
            Operands = [new("data", "integers")],
            Attributes = attributes,
            Shapes = CvmRules.Shape(shape),
            Elements = CvmRules.SamePrecision,
            Levels = Level.Quant | Level.Cvm,
            Traits = traits | Move,
            Ranges = range is null ? [] : [range],
            CvmName = name,
        };
}
