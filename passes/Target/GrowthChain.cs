using System.Text;
using CortexMl.Analysis;
using CortexMl.Ir;

namespace CortexMl.Passes.Target;

/// <summary>The chain of operators that made a value grow: from it back along the widest operand, to an input or an 8-bit value.</summary>
internal static class GrowthChain
{
    private const int MaxSteps = 8, Small = 8;

    public static string Of(Operation operation, Intervals ranges)
    {
        var text = new StringBuilder("  grown by");
        for (int step = 0; step < MaxSteps; step++)
        {
            var widest = operation.Operands.Where(o => !o.IsConstant).MaxBy(o => ranges[o].All.Magnitude);
            text.Append(step == 0 ? " " : " ← ").Append(operation.Spec.Name);
            if (widest is null) break;
            text.Append('(').Append(ranges[widest].All).Append(')');
            if (widest.Producer is not { } producer || ranges[widest].All.Precision <= Small) break;
            operation = producer;
        }
        return text.ToString();
    }
}
