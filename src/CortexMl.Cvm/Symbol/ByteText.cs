using System.Text;
using CortexMl.Diagnostics;

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

/// <summary>Turns byte offsets of a text into line and column, both 1-based, columns in bytes.</summary>
internal sealed class LineIndex(ReadOnlyMemory<byte> text, string fileName)
{
    private int[]? _lineStarts;

    public SourceLocation At(int offset)
    {
        _lineStarts ??= FindLines(text.Span);
        int line = Array.BinarySearch(_lineStarts, offset);
        if (line < 0) line = ~line - 1;
        return new SourceLocation(fileName, line + 1, offset - _lineStarts[line] + 1);
    }

    private static int[] FindLines(ReadOnlySpan<byte> text)
    {
        var starts = new int[text.Count((byte)'\n') + 1];
        for (int line = 1; line < starts.Length; line++)
            starts[line] = starts[line - 1] + text[starts[line - 1]..].IndexOf((byte)'\n') + 1;
        return starts;
    }
}
