using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.flatten(%x)                          %0 = nn.reshape(%x) {shape = [1, 64]}
//  %1 = nn.expand_dims(%0) {axes = [0]}    ⇒    %1 = nn.reshape(%0) {shape = [1, 1, 64]}
//
// One spelling for everything that only renames the elements' indices: nn.reshape with the result's shape. What moves squares of pixels
// to channels or back is a transpose between two of them.
public sealed class NormalizeShapes : RewritePass
{
    public static readonly PassInfo Record = new(
        "normalize-shapes",
        "Spell flatten, expand_dims, squeeze and the moves between channels and pixels as reshape and transpose", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // An identity that drop-identity did not see keeps others from folding (keep-input-scale).
        .. OpTable.With(Level.Float, OpTraits.Reshapes).Where(row => row != NnShape.Reshape && row != NnUnary.Identity).Select(spec =>
            // flatten(x), expand_dims(x), squeeze(x) → reshape(x) to the same shape
            Rule.On(spec).Where(op => op.Result.Type.Shape.Rank > 0)
                .Rewrite((op, context) => context.Reshape(op, op.Operands[0], op.Result.Type.Shape))),
        // depth_to_space(x) → reshape(transpose(reshape(x, [N, b, b, C, H, W])))
        Rule.On(NnShape.DepthToSpace).Rewrite((op, context) =>
            Split(op, context, BlockForm.DepthToSpace(op), IsDcr(op) ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3])),
        // space_to_depth(x) → reshape(transpose(reshape(x, [N, C, H, b, W, b])))
        Rule.On(NnShape.SpaceToDepth).Rewrite((op, context) =>
            Split(op, context, BlockForm.SpaceToDepth(op), IsDcr(op) ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4])),
    ];

    private static bool IsDcr(Operation op) => op.Text("mode") == "DCR";

    private static Value Split(Operation op, PassContext context, Shape six, int[] axes)
    {
        var apart = context.Reshape(op, op.Operands[0], six);
        var moved = context.Insert(op, NnShape.Transpose, [apart], Attributes.Of(("axes", axes)));
        return context.Reshape(op, moved, op.Result.Type.Shape);
    }

    /// <summary>The data's six axes, in which squares of b x b stand apart.</summary>
    private static class BlockForm
    {
        public static Shape DepthToSpace(Operation op)
        {
            var data = op.Operands[0].Type.Shape;
            int b = (int)op.Int("block"), channels = data[1] / (b * b);
            return IsDcr(op) ? Shape.Of(data[0], b, b, channels, data[2], data[3]) : Shape.Of(data[0], channels, b, b, data[2], data[3]);
        }

        public static Shape SpaceToDepth(Operation op)
        {
            var data = op.Operands[0].Type.Shape;
            int b = (int)op.Int("block");
            return Shape.Of(data[0], data[1], data[2] / b, b, data[3] / b, b);
        }
    }
}
