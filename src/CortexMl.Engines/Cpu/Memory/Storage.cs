using CortexMl.Engines.Interpreter;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>The place of one value; several that do not live at the same time share memory.</summary>
internal abstract class Storage
{
    public abstract long Bytes { get; }

    /// <summary>What holds the memory: of a part of another value, that.</summary>
    public virtual Storage Whole => this;
}

/// <summary>A value row-major in int32, as the interpreter's kernels take it.</summary>
internal sealed class PlainBuffer(Shape shape) : Storage
{
    public override long Bytes => shape.Count * sizeof(int);

    /// <summary>Set once the memory is planned.</summary>
    public Block Block { get; private set; }

    public void Place(int[] data) => Block = new Block(data, shape);
}

/// <summary>A value in a packed layout.</summary>
/// <param name="whole">
/// What it is the inner part of: its border and the other are the same bytes. Null where it has memory of its own.
/// </param>
internal sealed unsafe class PackedBuffer(PackedLayout layout, PackedBuffer? whole = null) : Storage
{
    private Pinned<byte>? _memory;
    private byte[]? _border;

    public PackedLayout Layout { get; } = layout;

    public override long Bytes => Layout.Bytes;

    public override Storage Whole => whole?.Whole ?? this;

    public byte* Pointer => whole is null ? _memory!.Pointer : whole.Pointer;

    /// <summary>Whether the value lies in another one, framed by it.</summary>
    public bool IsWithin(PackedBuffer other) => whole == other;

    public void Place(Pinned<byte> memory) => _memory = memory;

    /// <summary>Writes what is around the images: other values may have been there.</summary>
    public void ClearBorder()
    {
        var (top, bottom, left, right) = Layout.Margins;
        int widest = Math.Max(Math.Max(top, bottom) * Layout.RowBytes / Layout.PixelBytes, Math.Max(left, right));
        if (widest == 0) return;
        var pixels = _border ??= Layout.Border.Pixels(Layout, Layout.View.Channels, Layout.Stride, widest);
        byte* at = Pointer;
        for (int n = 0; n < Layout.View.Batch; n++)
        {
            at = Write(at, top * Layout.RowBytes);
            for (int row = 0; row < Layout.View.Height; row++)
            {
                at = Write(at, left * Layout.PixelBytes) + ((nint)Layout.View.Width * Layout.PixelBytes);
                at = Write(at, right * Layout.PixelBytes);
            }
            at = Write(at, bottom * Layout.RowBytes);
        }

        byte* Write(byte* to, int bytes)
        {
            pixels.AsSpan(0, bytes).CopyTo(new Span<byte>(to, bytes));
            return to + bytes;
        }
    }
}
