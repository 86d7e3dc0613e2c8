using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare.Canonical;

/// <summary>Operators that move elements. Canonical: at most one nn.reshape in a row, and nothing that moves nothing.</summary>
internal static class ShapeRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        // op(x) → x where the shape tells that nothing moved; an identity is drop-identity's affair, or stands there on purpose
        .. OpTable.With(Level.Float, OpTraits.Reshapes).Where(row => row != NnUnary.Identity)
            .Concat([NnShape.BroadcastTo, NnShape.Tile, NnShape.Repeat, NnShape.UpSample, NnShape.Pad])
            .Select(spec => Rule.On(spec).Where(SameShape).Rewrite((op, _) => op.Operands[0])),
        // slice(x; 0.., everything, step 1) → x
        Rule.On(NnShape.Slice).Where(op => SameShape(op) && op.Ints("strides").All(s => s > 0)).Rewrite((op, _) => op.Operands[0]),
        // concat(x) → x
        Rule.On(NnShape.Concat).Where(op => op.Operands.Count == 1).Rewrite((op, _) => op.Operands[0]),
        // reshape(reshape(x)) → reshape(x)
        Rule.On(NnShape.Reshape).Rewrite((op, context) =>
            op.Operands[0].MadeBy(NnShape.Reshape) is { } inner ? context.Reshape(op, inner.Operands[0], op.Result.Type.Shape) : null),
    ];

    private static bool SameShape(Operation op) => op.Operands[0].Type.Shape == op.Result.Type.Shape;
}
