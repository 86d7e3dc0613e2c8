using System.Numerics;
using CortexMl.Chain.Abi;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Words;

/// <summary>
/// Bytes as <c>uint256[]</c>: laid into words of 32 bytes from the most significant byte on, the last one filled with zeros.
/// </summary>
public static class ChainWords
{
    /// <summary>Words that so many bytes take.</summary>
    public static long Count(long bytes) => (bytes + ChainRules.WordSize - 1) / ChainRules.WordSize;

    /// <summary>The bytes, filled up with zeros to whole words.</summary>
    public static byte[] Pad(ReadOnlySpan<byte> bytes)
    {
        var padded = new byte[checked((int)(Count(bytes.Length) * ChainRules.WordSize))];
        bytes.CopyTo(padded);
        return padded;
    }

    /// <summary>As the values of a <c>uint256[]</c>.</summary>
    public static IReadOnlyList<object> ToValues(ReadOnlySpan<byte> words)
    {
        var values = new object[words.Length / ChainRules.WordSize];
        for (int i = 0; i < values.Length; i++)
            values[i] = new BigInteger(words.Slice(i * ChainRules.WordSize, ChainRules.WordSize), isUnsigned: true, isBigEndian: true);
        return values;
    }

    /// <exception cref="DiagnosticException">CML1011: a value is not in the range of <c>uint256</c>.</exception>
    public static byte[] FromValues(IReadOnlyList<object> values)
    {
        var words = new byte[values.Count * ChainRules.WordSize];
        for (int i = 0; i < values.Count; i++)
        {
            var value = (BigInteger)values[i];
            if (value.Sign < 0 || value.GetBitLength() > 8 * ChainRules.WordSize)
                throw new DiagnosticException(ChainCodes.AbiValue, $"{value} does not fit uint256");
            byte[] word = value.ToByteArray(isUnsigned: true, isBigEndian: true);
            word.CopyTo(words, (i + 1) * ChainRules.WordSize - word.Length);
        }
        return words;
    }

    /// <summary>A JSON list of hexadecimal words, one a line, as the tutorial prints them.</summary>
    public static string Print(ReadOnlySpan<byte> words)
    {
        var lines = new string[words.Length / ChainRules.WordSize];
        for (int i = 0; i < lines.Length; i++) lines[i] = $"  \"{Hex.Of(words.Slice(i * ChainRules.WordSize, ChainRules.WordSize))}\"";
        return lines.Length == 0 ? "[]\n" : $"[\n{string.Join(",\n", lines)}\n]\n";
    }

    /// <summary>What <see cref="Print"/> writes, a JSON list with numbers, or the words' digits one after the other.</summary>
    /// <exception cref="DiagnosticException">CML1020 no whole words; CML1001, CML1011.</exception>
    public static byte[] Parse(string text)
    {
        if (text.AsSpan().TrimStart().StartsWith("["))
        {
            var values = (IReadOnlyList<object>)AbiJson.ReadArgument(text, s_words);
            return AbiCodec.Encode([s_words], [values])[(2 * ChainRules.WordSize)..];
        }
        byte[] bytes = Hex.Parse(text, "words");
        return bytes.Length % ChainRules.WordSize == 0 ? bytes
            : throw new DiagnosticException(ChainCodes.Words,
                $"{Counted.Of(bytes.Length, "byte is", "bytes are")} no whole number of words of {ChainRules.WordSize}",
                hint: "write 64 digits for each word");
    }

    private static readonly AbiArray s_words = new(new AbiInteger(256, IsSigned: false), null);
}
