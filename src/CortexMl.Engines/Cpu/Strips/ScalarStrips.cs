using System.Numerics;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>The number of binary digits of the magnitude, at least 1.</summary>
internal sealed class DigitsStrip : StripKernel
{
    public override void Run(StripOperands operands, Span<int> result)
    {
        var x = operands.First[..result.Length];
        for (int i = 0; i < result.Length; i++)
        {
            // The most negative integer is its own magnitude, of 32 digits.
            uint magnitude = unchecked((uint)(x[i] < 0 ? -x[i] : x[i]));
            result[i] = Math.Max(1, 32 - BitOperations.LeadingZeroCount(magnitude));
        }
    }
}

/// <summary>The second operand where the first one is not 0, else the third.</summary>
internal sealed class ChoiceStrip : StripKernel
{
    public override void Run(StripOperands operands, Span<int> result)
    {
        ReadOnlySpan<int> condition = operands.First, x = operands.Second, y = operands.Third;
        for (int i = 0; i < result.Length; i++) result[i] = condition[i] != 0 ? x[i] : y[i];
    }
}
