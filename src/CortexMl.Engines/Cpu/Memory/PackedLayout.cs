using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>How an element is kept; the number is its size in bytes.</summary>
internal enum ElementKind
{
    /// <summary>Unsigned; signed numbers lie there with an offset.</summary>
    Byte = 1,
    Short = 2,
    Int = 4,
}

/// <summary>The dimensions of a value as the kernels see it: rank 4 as it is, rank 2 as one pixel per row.</summary>
internal readonly record struct View(int Batch, int Channels, int Height, int Width)
{
    public long Count => (long)Batch * Channels * Height * Width;

    public int Pixels => Batch * Height * Width;

    public int Rows => Batch * Height;

    public static View? Of(Shape shape) => shape.Count == 0 ? null : shape.Rank switch
    {
        4 => new View(shape[0], shape[1], shape[2], shape[3]),
        2 => new View(shape[0], shape[1], 1, 1),
        _ => null,
    };
}

/// <summary>Rows and columns around an image.</summary>
internal readonly record struct Margins(int Top, int Bottom, int Left, int Right)
{
    public int Rows => Top + Bottom;

    public int Columns => Left + Right;

    public static Margins operator +(Margins one, Margins other) =>
        new(one.Top + other.Top, one.Bottom + other.Bottom, one.Left + other.Left, one.Right + other.Right);
}

/// <summary>
/// A value in NHWC with margins around every image, of zeros where it says nothing else. Unused channels behind the real ones hold
/// anything: every weight there is zero.
/// </summary>
/// <param name="Stride">Elements from one pixel to the next.</param>
/// <param name="Offset">
/// What the memory holds for a zero: 0, or 128 where bytes hold -128..127. Whatever reads the value takes it off again.
/// </param>
/// <param name="Highest">The largest number that the memory holds, of those that are bytes.</param>
internal sealed record PackedLayout(View View, Margins Margins, int Stride, ElementKind Kind, int Offset, int Highest)
{
    /// <summary>What is around the images.</summary>
    public ChannelNumbers Border { get; init; } = ChannelNumbers.Zero;

    /// <summary>The offset of signed bytes.</summary>
    public const int SignedOffset = 128;

    /// <summary>Bytes behind the last pixel that kernels may read: they take whole lanes, or whole rows of matrices.</summary>
    private const int Slack = 64;

    /// <summary>Channels that a kernel computes at once.</summary>
    public const int Block = 16;

    private int[]? _pixels;

    public int Blocks => (View.Channels + Block - 1) / Block;

    public int PixelBytes => Stride * (int)Kind;

    public int RowBytes => (View.Width + Margins.Columns) * PixelBytes;

    public int ImageBytes => (View.Height + Margins.Rows) * RowBytes;

    /// <summary>The whole size, in 64 bits so that large margins cannot wrap.</summary>
    public long Bytes =>
        ((long)View.Batch * (View.Height + (long)Margins.Rows) * (View.Width + (long)Margins.Columns) * PixelBytes) + Slack;

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
                for (int j = 0; j < width; j++) offsets[at++] = At(n, map(i, j));
        }
        return offsets;
    }

    /// <summary>Where the first pixel of a row begins, rows counted through all images.</summary>
    public int Row(int row) => At(row / View.Height, (row % View.Height, 0));

    /// <summary>Where the pixels begin that a map names by n, row and column; of a batch of another size too.</summary>
    public int[] Offsets(int batch, int height, int width, Func<int, int, int, (int N, int Row, int Column)> map)
    {
        var offsets = new int[batch * height * width];
        for (int i = 0; i < offsets.Length; i++)
        {
            var (n, row, column) = map(i / (height * width), i / width % height, i % width);
            offsets[i] = At(n, (row, column));
        }
        return offsets;
    }

    private int At(int n, (int Row, int Column) pixel) =>
        (n * ImageBytes) + ((pixel.Row + Margins.Top) * RowBytes) + ((pixel.Column + Margins.Left) * PixelBytes);
}
