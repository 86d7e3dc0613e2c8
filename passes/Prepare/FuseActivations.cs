using CortexMl.Ir;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.mul(%x, @sqrt_half)
//  %1 = nn.erf(%0)
//  %2 = nn.add(%1, @one)           ⇒      %4 = nn.gelu(%x)
//  %3 = nn.mul(%x, %2)
//  %4 = nn.mul(%3, @half)
//
// Exporters write activations out in many spellings. Whatever the spelling, such a subgraph is a function of one number, so it is
// recognised by its values at many points, not by its operators. As one row it becomes one table, where the spelling would be requantized
// at every step.
//
//  x · sigmoid(β·x)                                        → swish(x; β)
//  x · clip(x + 3, 0, 6) / 6, x · hard_sigmoid(x; 1/6)     → hard_swish(x)
//  x / 2 · (1 + erf(x / √2))                               → gelu(x)
//  x / 2 · (1 + tanh(√(2/π) · (x + 0.044715·x³)))          → gelu(x; tanh)
//  x · tanh(log(1 + exp(x)))                               → mish(x)
//  clip(α·x + β, 0, 1), clip(x + 3, 0, 6) / 6              → hard_sigmoid(x; α, β)
//  max(x, 0) + min(α·(exp(x) - 1), 0)                      → elu(x; α)
//  1 / (1 + exp(-x)), log(1 + exp(x)), x / (1 + |x|)       → sigmoid(x), softplus(x), softsign(x)
public sealed class FuseActivations : RewritePass
{
    public static readonly PassInfo Record = new(
        "fuse-activations", "Recognise activations that were exported as several operators", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules => ScalarFunction.Rows.Select(row => Rule.On(row).Rewrite(Fuse));

    private static Value? Fuse(Operation root, PassContext context)
    {
        foreach (var argument in ScalarFunction.Arguments(root))
            if (At(root, argument, KnownActivations.Probes) is not null && At(root, argument, KnownActivations.Points) is { } known)
                return context.Insert(root, known.Row, [argument], known.Attributes);
        return null;
    }

    private static (OpSpec Row, Attributes Attributes)? At(Operation root, Value argument, double[] points) =>
        ScalarFunction.Sample(root, argument, points) is { } values ? KnownActivations.Find(values, points) : null;
}
