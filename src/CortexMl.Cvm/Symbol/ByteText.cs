using System.Text;

namespace CortexMl.Cvm.Symbol;

/// <summary>
/// Names are bytes in the file and strings here: UTF-8, with each byte that is not valid UTF-8 kept as the lone surrogate U+DC00 + byte,
/// so that different bytes stay different names and are written back unchanged.
/// </summary>
internal static class ByteText
{
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Span<char> pair = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out var rune, out int used) == System.Buffers.OperationStatus.Done;
            if (valid) text.Append(pair[..rune.EncodeToUtf16(pair)]);
            else text.Append((char)(0xDC00 + bytes[0]));
            bytes = bytes[(valid ? used : 1)..];
        }
        return text.ToString();
    }

    public static byte[] Encode(string text)
    {
        var bytes = new List<byte>(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (int i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
                i += rune.Utf16SequenceLength - 1;
            }
            else bytes.Add(text[i] is >= '\udc80' and <= '\udcff' ? (byte)(text[i] - '\udc00') : (byte)'?');
        }
        return [.. bytes];
    }
}
