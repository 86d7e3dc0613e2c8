using System.Numerics;

namespace CortexMl.Chain.Abi;

/// <summary>Words of 32 bytes, big-endian, negative numbers in two's complement.</summary>
internal static class AbiWord
{
    public static byte[] Of(BigInteger value)
    {
        var word = new byte[ChainRules.WordSize];
        if (value.Sign < 0) Array.Fill(word, (byte)0xff);
        byte[] bytes = value.ToByteArray(isBigEndian: true);
        // A number from 2^255 up has a 33rd byte for its sign.
        var kept = bytes.AsSpan(Math.Max(0, bytes.Length - word.Length));
        kept.CopyTo(word.AsSpan(word.Length - kept.Length));
        return word;
    }

    /// <summary>Zero bytes that follow so many bytes.</summary>
    public static int Padding(long length) => (int)((ChainRules.WordSize - length % ChainRules.WordSize) % ChainRules.WordSize);
}
