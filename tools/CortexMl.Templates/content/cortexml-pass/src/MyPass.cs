using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Prepare.Matching;
using static CortexMl.Passes.Prepare.Matching.Operands;

namespace MyPass;

//  %1 = nn.mul(%0, %0)      ⇒      %1 = nn.square(%0)
public sealed class MyPass : RewritePass
{
    public override PassInfo Info { get; } =
        new("my-pass", "Spell a product of a value with itself as square", Level.Float, Level.Float,
        new PassOption("up-to", PassOptionKind.Int, "1000000", "largest number of elements that is rewritten") { Min = 1 })
        {
            Before = "canonicalize",
        };

    protected override IEnumerable<Rule> Rules =>
    [
        // x · x → square(x)
        Rule.On(NnBinary.Mul, Any("x"), Any("x")).Rewrite(ToSquare),
    ];

    private static Value? ToSquare(RuleMatch match, PassContext context) =>
        match["x"].Type.Shape.Count > context.Options.Int("up-to")
            ? null
            : context.Insert(match.Operation, NnUnary.Square, [match["x"]]);
}
