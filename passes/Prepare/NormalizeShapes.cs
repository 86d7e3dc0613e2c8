using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.flatten(%x)                          %0 = nn.reshape(%x) {shape = [1, 64]}
//  %1 = nn.expand_dims(%0) {axes = [0]}    ⇒    %1 = nn.reshape(%0) {shape = [1, 1, 64]}
//
// One spelling for everything that only renames the elements' indices: nn.reshape with the result's shape.
public sealed class NormalizeShapes : RewritePass
{
    public static readonly PassInfo Record = new(
        "normalize-shapes", "Spell flatten, expand_dims and squeeze as reshape", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
        new[] { NnShape.Flatten, NnShape.ExpandDims, NnShape.Squeeze }.Select(spec =>
            // flatten(x), expand_dims(x), squeeze(x) → reshape(x) to the same shape
            Rule.On(spec).Where(op => op.Result.Type.Shape.Rank > 0).Rewrite((op, context) => context.Reshape(op, op.Operands[0], op.Result.Type.Shape)));
}
