using CortexMl.Engines.Interpreter;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>The place of one value; several that do not live at the same time share memory.</summary>
internal abstract class Storage
{
    public abstract long Bytes { get; }
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
internal sealed unsafe class PackedBuffer(PackedLayout layout) : Storage
{
    private Pinned<byte>? _memory;

    public PackedLayout Layout { get; } = layout;

    public override long Bytes => Layout.Bytes;

    public byte* Pointer => _memory!.Pointer;

    public void Place(Pinned<byte> memory) => _memory = memory;

    /// <summary>Zeros around the images: other values may have been there. Only bytes have an offset.</summary>
    public void ClearBorder()
    {
        if (Layout.BorderRows == 0 && Layout.BorderColumns == 0) return;
        byte zero = (byte)Layout.Offset;
        int rows = Layout.View.Height + (2 * Layout.BorderRows), side = Layout.BorderColumns * Layout.PixelBytes;
        for (int n = 0; n < Layout.View.Batch; n++)
        {
            byte* image = Pointer + ((nint)n * Layout.ImageBytes);
            int edge = Layout.BorderRows * Layout.RowBytes;
            new Span<byte>(image, edge).Fill(zero);
            new Span<byte>(image + Layout.ImageBytes - edge, edge).Fill(zero);
            for (int row = Layout.BorderRows; row < rows - Layout.BorderRows; row++)
            {
                byte* start = image + ((nint)row * Layout.RowBytes);
                new Span<byte>(start, side).Fill(zero);
                new Span<byte>(start + Layout.RowBytes - side, side).Fill(zero);
            }
        }
    }
}
