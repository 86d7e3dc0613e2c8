using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Pointwise;

/// <summary>
/// An input of which nothing is read but between which of many numbers it lies, as one-hot codes of bytes are made. Eight bits cannot
/// tell those numbers apart.
/// </summary>
internal static class ComparedInput
{
    /// <summary>Steps of the integer between two of the numbers, at least.</summary>
    private const int Steps = 4;

    /// <summary>Whether all that reads the input compares it with constants that are closer than so many bits tell.</summary>
    public static bool NeedsMore(Value input, int precision)
    {
        var limits = new SortedSet<float>();
        return Collect(input, limits) && limits.Count > 1
            && limits.Zip(limits.Skip(1)).Min(pair => (double)pair.Second - pair.First) * Precisions.Bound(precision)
                < Steps * Demands.Threshold(input);
    }

    private static bool Collect(Value value, SortedSet<float> limits)
    {
        foreach (var use in value.Uses)
        {
            if (use.User is not { } op) return false;
            if ((op.Spec.Traits & OpTraits.Reshapes) != 0)
            {
                if (!Collect(op.Result, limits)) return false;
                continue;
            }
            if (op.Spec != NnBinary.Greater || op.Operands[1 - use.Index].Constant is not { } constant) return false;
            foreach (float limit in constant.Floats) limits.Add(limit);
        }
        return value.Uses.Count > 0;
    }
}
