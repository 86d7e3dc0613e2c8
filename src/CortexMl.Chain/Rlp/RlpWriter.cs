using System.Numerics;

namespace CortexMl.Chain.Rlp;

/// <summary>Writes canonical RLP.</summary>
public static class RlpWriter
{
    /// <summary>Longest string or list whose length stands in the first byte.</summary>
    internal const int ShortLength = 55;

    public static byte[] Write(RlpItem item) => item switch
    {
        RlpBytes { Value: { Length: 1 } single } when single.Span[0] < 0x80 => single.ToArray(),
        RlpBytes bytes => [.. Header(0x80, bytes.Value.Length), .. bytes.Value.Span],
        RlpList list => Join(list),
        _ => throw new ArgumentException($"{item.GetType()} is no RLP item"),
    };

    /// <summary>An unsigned integer.</summary>
    public static RlpBytes Integer(BigInteger value) => new(value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true));

    private static byte[] Join(RlpList list)
    {
        byte[] payload = [.. list.Items.SelectMany(Write)];
        return [.. Header(0xc0, payload.Length), .. payload];
    }

    private static byte[] Header(byte kind, int length)
    {
        if (length <= ShortLength) return [(byte)(kind + length)];
        byte[] size = new BigInteger(length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [(byte)(kind + ShortLength + size.Length), .. size];
    }
}
