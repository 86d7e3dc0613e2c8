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
        if (Layout.BorderRows == 0 && Layout.BorderColumns == 0) return;
        int number = Layout.Border + Layout.Offset, rows = Layout.View.Height + (2 * Layout.BorderRows);
        int side = Layout.BorderColumns * Layout.PixelBytes, edge = Layout.BorderRows * Layout.RowBytes;
        for (int n = 0; n < Layout.View.Batch; n++)
        {
            byte* image = Pointer + ((nint)n * Layout.ImageBytes);
            Fill(image, edge, number);
            Fill(image + Layout.ImageBytes - edge, edge, number);
            for (int row = Layout.BorderRows; row < rows - Layout.BorderRows; row++)
            {
                byte* start = image + ((nint)row * Layout.RowBytes);
                Fill(start, side, number);
                Fill(start + Layout.RowBytes - side, side, number);
            }
        }
    }

    /// <summary>One element over and over, as the layout keeps it.</summary>
    public void Fill(byte* start, int bytes, int element)
    {
        if (Layout.Kind == ElementKind.Byte) new Span<byte>(start, bytes).Fill((byte)element);
        else if (Layout.Kind == ElementKind.Short) new Span<short>(start, bytes / sizeof(short)).Fill((short)element);
        else new Span<int>(start, bytes / sizeof(int)).Fill(element);
    }
}
