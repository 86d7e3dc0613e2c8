using CortexMl.Ir;

namespace CortexMl.Cvm.Symbol;

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
