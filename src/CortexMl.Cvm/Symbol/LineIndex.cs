using CortexMl.Ir;

namespace CortexMl.Cvm.Symbol;

/// <summary>Turns byte offsets of a text into line and column (both 1-based, columns in bytes); counts only when asked.</summary>
internal sealed class LineIndex(ReadOnlyMemory<byte> text, string fileName)
{
    public SourceLocation At(int offset)
    {
        var before = text.Span[..Math.Min(offset, text.Length)];
        return new SourceLocation(fileName, before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }
}
