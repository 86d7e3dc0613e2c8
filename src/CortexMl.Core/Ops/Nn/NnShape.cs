using CortexMl.Ir;
using static CortexMl.Ops.Attr;

namespace CortexMl.Ops.Nn;

/// <summary>Float rows that only move elements or change how they are addressed. Shape rules: <see cref="NnShapeRules"/>.</summary>
public static class NnShape
{
    private const OpTraits Move = OpTraits.Moves | OpTraits.Monotone | OpTraits.Homogeneous;

    public static readonly OpSpec Flatten = Row("nn.flatten", "[N, …] as [N, rest]", NnShapeRules.Flatten, OpTraits.Reshapes);

    public static readonly OpSpec Reshape = Row(
        "nn.reshape", "The same elements under another shape", NnShapeRules.Reshape, OpTraits.Reshapes,
        Ints("shape", "dimensions of the result, all known", min: 1));

    public static readonly OpSpec Transpose = Row(
        "nn.transpose", "Axes in another order", NnShapeRules.Transpose, Ints("axes", "axis of data for each axis of the result"));

    /// <summary>All operands have the same rank and agree but along the axis.</summary>
    public static readonly OpSpec Concat = new("nn.concat")
    {
        Doc = "Tensors one behind the other along the axis",
        Operands = [new("data", "same shape but along the axis", Arity.Variadic)],
        Attributes = [Int("axis", "axis that grows", 1)],
        Shapes = NnShapeRules.Concat,
        Levels = Level.Float,
        Traits = Move,
    };

    /// <summary>Begin in 0..D-1; end in 0..D, or -1 with a negative stride (down to the first element).</summary>
    public static readonly OpSpec Slice = Row(
        "nn.slice", "Every stride-th element from begin up to but not including end", NnShapeRules.Slice,
        Ints("begin", "first index of each axis", min: 0), Ints("end", "end of each axis, exclusive", min: -1),
        Ints("strides", "step of each axis, not 0"));

    public static readonly OpSpec Pad = new("nn.pad")
    {
        Doc = "A constant border",
        Operands = [NnRule.Data],
        Attributes =
        [
            Ints("before", "elements before each axis", min: 0), Ints("after", "elements behind each axis", min: 0),
            Float("value", "what is filled in", 0.0),
        ],
        Shapes = NnShapeRules.Pad,
        Levels = Level.Float,
        Traits = OpTraits.Monotone,
    };

    public static readonly OpSpec ExpandDims = Row(
        "nn.expand_dims", "New axes of size 1", NnShapeRules.ExpandDims, OpTraits.Reshapes, Ints("axes", "where they stand in the result"));

    public static readonly OpSpec Squeeze =
        Row("nn.squeeze", "Axes of size 1 removed", NnShapeRules.Squeeze, OpTraits.Reshapes, Ints("axes", "axes of data to remove"));

    public static readonly OpSpec UpSample = Row(
        "nn.upsample", "Each pixel repeated: nearest neighbour", NnShapeRules.UpSample, Pair("scale", "factors of height and width"));

    public static readonly OpSpec Tile = Row("nn.tile", "The whole tensor repeated", NnShapeRules.Tile,
        Ints("repeats", "copies along each axis", min: 1));

    public static readonly OpSpec Repeat = Row(
        "nn.repeat", "Each element repeated along the axis", NnShapeRules.Repeat, Int("repeats", "copies of each element", min: 1),
        Int("axis", "axis that grows"));

    public static readonly OpSpec BroadcastTo = Row(
        "nn.broadcast_to", "NumPy broadcasting to a given shape", NnShapeRules.BroadcastTo,
        Ints("shape", "dimensions of the result", min: 1));

    public static readonly OpSpec DepthToSpace = Row(
        "nn.depth_to_space", "Channels become pixels: [N, C·b², H, W] as [N, C, H·b, W·b]", NnShapeRules.DepthToSpace,
        Int("block", "b, side of the square of pixels", min: 1),
        Choice("mode", "whether the channel index is (b, b, C) or (C, b, b)", "DCR", "CRD"));

    public static readonly OpSpec SpaceToDepth = Row(
        "nn.space_to_depth", "Pixels become channels: [N, C, H·b, W·b] as [N, C·b², H, W]", NnShapeRules.SpaceToDepth,
        Int("block", "b, side of the square of pixels", min: 1),
        Choice("mode", "whether the channel index is (b, b, C) or (C, b, b)", "DCR", "CRD"));

    private static OpSpec Row(string name, string doc, ShapeRule shapes, params AttributeSpec[] attributes) =>
        Row(name, doc, shapes, OpTraits.None, attributes);

    private static OpSpec Row(string name, string doc, ShapeRule shapes, OpTraits traits, params AttributeSpec[] attributes) => new(name)
    {
        Doc = doc,
        Operands = [NnRule.Data],
        Attributes = attributes,
        Shapes = shapes,
        Levels = Level.Float,
        Traits = traits | Move,
    };
}
