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
        // identity(x) → x
        Rule.On(NnUnary.Identity).Rewrite((op, _) => op.Operands[0]),
        // dropout(x) → x: the graph is for inference
        Rule.On(NnUnary.Dropout).Rewrite((op, _) => op.Operands[0]),
    ];
}
