using System.Buffers.Binary;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>What takes more than an operator of the language.</summary>
internal static class PtxArithmetic
{
    public static uint Dot4(uint a, uint b, uint sum)
    {
        for (int i = 0; i < 32; i += 8) sum += (uint)((sbyte)(a >> i) * (sbyte)(b >> i));
        return sum;
    }

    /// <summary>Where PTX leaves the result open, a fault: no kernel may count on one device's.</summary>
    public static long Divide(long a, long b, long least)
    {
        if (b == 0) throw new PtxFault("divides by zero");
        if (a == least && b == -1) throw new PtxFault("divides the most negative number by -1");
        return a / b;
    }

    /// <inheritdoc cref="Divide"/>
    /// <param name="allowsNegative">Open as well, but devices take the sign of the dividend.</param>
    public static long Remainder(long a, long b, long least, bool allowsNegative)
    {
        Divide(a, b, least);
        if (!allowsNegative && (a < 0 || b < 0)) throw new PtxFault("takes the remainder of negative numbers");
        return a % b;
    }

    public static ulong Parameter(byte[] parameters, int at, int width) => width switch
    {
        1 => parameters[at],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(parameters.AsSpan(at)),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(parameters.AsSpan(at)),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(parameters.AsSpan(at)),
    };
}
