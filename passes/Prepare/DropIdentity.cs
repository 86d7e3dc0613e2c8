using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Passes.Prepare;

//  %1 = nn.dropout(%0) {rate = 0.5}
//  %2 = nn.identity(%1)              ⇒   nn.relu(%0)
//  %3 = nn.relu(%2)
public sealed class DropIdentity : RewritePass
{
    public static readonly PassInfo Record = new(
        "drop-identity", "Remove operators that pass their input through: identity, dropout", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // f(x) → x where f keeps shape and elements: identity, and dropout, since the graph is for inference; not what keep-input-scale
        // put there
        .. OpTable.With(Level.Float, OpTraits.Elementwise | OpTraits.Reshapes)
            .Select(spec => Rule.On(spec).Where(op => !KeepInputScale.Keeps(op)).Rewrite((op, _) => op["data"])),
    ];
}
