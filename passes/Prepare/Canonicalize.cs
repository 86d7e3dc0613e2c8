using CortexMl.Ir;
using CortexMl.Passes.Prepare.Canonical;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.mul(@two, %x)                  %0 = nn.mul(%x, @two)
//  %1 = nn.sub(%0, @one)                  %1 = nn.add(%0, @minus_one)
//  %2 = nn.relu(%1)                ⇒      %2 = nn.clip(%1) {max = 6.0, min = 0.0}
//  %3 = nn.clip(%2) {max = 6.0, min = -1.0}
//  %4 = nn.reduce_mean(%3) {axes = [2, 3], keepdims = true}       %3 = nn.global_avg_pool(%2)
//
// One spelling for what can be written in several ways, so that every other pass looks for one. The rules, by family: arithmetic with
// constants, clamps, shapes, windows and reductions.
public sealed class Canonicalize : RewritePass
{
    public static readonly PassInfo Record = new(
        "canonicalize", "Give every expression one spelling and drop what does nothing", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
        [.. ArithmeticRules.All, .. ClampRules.All, .. ShapeRules.All, .. TransposeRules.All,
            .. TransposeBelowRules.All, .. WindowRules.All];
}
