using System.Numerics;

namespace CortexMl.Ir;

/// <summary>Arithmetic of CVM precisions (CortexMl.Cvm/SPECIFICATION.md §1, passes/Quantize/README.md §1).</summary>
public static class Precisions
{
    /// <summary>α(p) = 2^(p-1) - 1: the largest magnitude that precision p holds.</summary>
    public static long Bound(int precision) => (1L << (precision - 1)) - 1;

    /// <summary>Number of binary digits of n &gt;= 0: bits(0) = 0, bits(1) = 1, bits(127) = 7.</summary>
    public static int Bits(long n) => 64 - BitOperations.LeadingZeroCount((ulong)n);

    /// <summary>
    /// The smallest precision that holds every integer of magnitude up to <paramref name="magnitude"/>: Of(0) = 1, Of(127) = 8, Of(128) =
    /// 9.
    /// </summary>
    public static int Of(long magnitude) => Bits(magnitude) + 1;
}
