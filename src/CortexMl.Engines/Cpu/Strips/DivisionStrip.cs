using System.Runtime.Intrinsics.X86;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>
/// a / b, truncated toward zero, and 0 where b is 0; the most negative integer by -1 wraps to itself. Normalisations divide whole rows by
/// one number: as long as the divisor stays the same, its reciprocal is multiplied.
/// </summary>
internal sealed class DivisionStrip : StripKernel
{
    /// <summary>Elements of one divisor that are worth its reciprocal.</summary>
    private const int Worth = 16;

    public override void Run(StripOperands operands, Span<int> result)
    {
        ReadOnlySpan<int> a = operands.First[..result.Length], b = operands.Second[..result.Length];
        for (int i = 0; i < result.Length;)
        {
            int divisor = b[i], count = Same(b[i..]);
            if (count >= Worth && Avx2.IsSupported) Reciprocal.Of(divisor).Divide(a.Slice(i, count), result.Slice(i, count));
            else for (int k = i; k < i + count; k++) result[k] = Quotient(a[k], divisor);
            i += count;
        }
    }

    /// <summary>The quotient of two numbers.</summary>
    public static int Quotient(int a, int b) => b switch
    {
        0 => 0,
        -1 => unchecked(-a),
        _ => a / b,
    };

    /// <summary>Elements at the start that are one number.</summary>
    private static int Same(ReadOnlySpan<int> divisors)
    {
        int other = divisors.IndexOfAnyExcept(divisors[0]);
        return other < 0 ? divisors.Length : other;
    }
}
