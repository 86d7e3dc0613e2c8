using CortexMl.Ir;
using CortexMl.Ops.Ranges;

namespace CortexMl.Ops;

/// <summary>The abstract operators of the quant level: exact about what is meant, silent about how it is rounded.</summary>
public static class Quant
{
    /// <summary>
    /// Brings integers to another precision and scale (passes/Quantize/README.md §4). With a multiplier it means data · multiplier ·
    /// 2^-shift; without one the factor is the ratio of the result's scale to the data's. Either way the result is rounded half up and
    /// saturates at ±α(precision).
    /// </summary>
    public static readonly OpSpec Requantize = new("quant.requantize")
    {
        Doc = "Bring integers to another precision and scale, saturating",
        Operands =
        [
            new("data", "integers with their scale"),
            new("multiplier", "positive integer constant that broadcasts to the data; per channel after weights", Arity.Optional),
        ],
        Attributes =
        [
            new("precision", AttributeKind.Int, Doc: "precision of the result") { Required = true, Min = 1, Max = 32 },
            new("shift", AttributeKind.Int, Doc: "right shift in bits; given with a multiplier") { Min = 0, Max = 30 },
        ],
        Shapes = op =>
        {
            if (op.Has(1) != op.Attributes.Has("shift")) throw op.Logic("a multiplier and a shift come together");
            if (op.Has(1) && Tensors.Shape.Broadcast(op.Shape(0), op.Shape(1)) != op.Shape(0))
                throw op.Logic($"multiplier {op.Shape(1)} does not broadcast to {op.Shape(0)}");
            return [op.Shape(0)];
        },
        Elements = (op, _) => [ElementType.Integer((int)op.Int("precision"))],
        Levels = Level.Quant,
        Ranges = [RequantizeIntervals.Requantize],
    };
}
