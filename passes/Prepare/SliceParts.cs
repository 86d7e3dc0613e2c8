using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %3 = nn.concat(%ids, %scores, %boxes) {axis = 2}
//  %4 = nn.transpose(%3) {axes = [1, 0, 2]}                       %4 = nn.transpose(%scores) {axes = [1, 0, 2]}
//  %5 = nn.slice(%4; columns 1..2)                         ⇒
//
// A slice of what was joined is taken of the parts, through whatever moved them since. What is joined has one scale in integers: rows of a
// detection are class, score and coordinates, and what is read out of them again should keep its own. Only where no part is cut but a
// single one, and where something of the join is left out.
public sealed class SliceParts : RewritePass
{
    public static readonly PassInfo Record = new(
        "slice-parts", "Take slices of joined values from the parts that they are made of", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules => [Rule.On(NnShape.Slice).Rewrite(OfParts)];

    private static Value? OfParts(Operation slice, PassContext context)
    {
        if (AxisCut.Of(slice) is not { } stretch) return null;
        var trace = new PartTrace(slice, context);
        return trace.Of(slice.Operands[0], stretch, 0) is { } make && trace.LeavesOut ? make() : null;
    }
}
