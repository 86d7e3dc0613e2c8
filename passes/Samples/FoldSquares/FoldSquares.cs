using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;

namespace CortexMl.Samples;

//  %1 = nn.mul(%0, %0)      ⇒      %1 = nn.square(%0)
//
// A table of 1024 entries in place of a multiplication of two 16-bit values: smaller numbers behind it, coarser steps.
public sealed class FoldSquares : RewritePass
{
    public override PassInfo Info { get; } =
        new("fold-squares", "Spell a product of a value with itself as square", Level.Float, Level.Float,
        new PassOption("up-to", PassOptionKind.Int, "1000000", "largest number of elements that is rewritten") { Min = 1 })
        {
            Before = "canonicalize",
        };

    protected override IEnumerable<Rule> Rules =>
    [
        // x · x → square(x)
        Rule.On(NnBinary.Mul).Where(mul => mul["a"] == mul["b"]).Rewrite(ToSquare),
    ];

    private static Value? ToSquare(Operation mul, PassContext context) =>
        mul.Result.Type.Shape.Count > context.Options.Int("up-to")
            ? null
            : context.Rewriter.Insert(mul, NnUnary.Square, [mul["a"]]).Result;
}
