using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>How an element is kept; the number is its size in bytes.</summary>
internal enum ElementKind
{
    /// <summary>0..255.</summary>
    Byte = 1,
    Short = 2,
    Int = 4,
}

/// <summary>The dimensions of a value as the kernels see it: rank 4 as it is, rank 2 as one pixel per row.</summary>
internal readonly record struct View(int Batch, int Channels, int Height, int Width)
{
    public long Count => (long)Batch * Channels * Height * Width;

    public int Pixels => Batch * Height * Width;

    public static View? Of(Shape shape) => shape.Count == 0 ? null : shape.Rank switch
    {
        4 => new View(shape[0], shape[1], shape[2], shape[3]),
        2 => new View(shape[0], shape[1], 1, 1),
        _ => null,
    };
}

/// <summary>A value in NHWC with a border of zeros around every image and unused channels behind the real ones.</summary>
/// <param name="Stride">Elements from one pixel to the next.</param>
internal sealed record PackedLayout(View View, int BorderRows, int BorderColumns, int Stride, ElementKind Kind)
{
    /// <summary>Channels that a kernel computes at once.</summary>
    public const int Block = 16;

    private int[]? _pixels;

    public int Blocks => (View.Channels + Block - 1) / Block;

    public int PixelBytes => Stride * (int)Kind;

    public int RowBytes => (View.Width + (2 * BorderColumns)) * PixelBytes;

    public int ImageBytes => (View.Height + (2 * BorderRows)) * RowBytes;

    /// <summary>The whole size, in 64 bits so that large borders cannot wrap.</summary>
    public long Bytes => (long)View.Batch * (View.Height + (2L * BorderRows)) * (View.Width + (2L * BorderColumns)) * PixelBytes;

    /// <summary>Where every pixel begins, in bytes, in the order n, row, column.</summary>
    public int[] Pixels => _pixels ??= Offsets(View.Height, View.Width, (row, column) => (row, column));

    /// <summary>Where the pixels begin that another one, of the same batch and another size, looks at.</summary>
    public int[] Offsets(int height, int width, Func<int, int, (int Row, int Column)> map)
    {
        var offsets = new int[View.Batch * height * width];
        int at = 0;
        for (int n = 0; n < View.Batch; n++)
        {
            for (int i = 0; i < height; i++)
                for (int j = 0; j < width; j++) offsets[at++] = Offset(n, map(i, j));
        }
        return offsets;
    }

    private int Offset(int n, (int Row, int Column) pixel) =>
        (n * ImageBytes) + ((pixel.Row + BorderRows) * RowBytes) + ((pixel.Column + BorderColumns) * PixelBytes);
}
