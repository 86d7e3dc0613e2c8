using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CortexMl.Engines.Float.Portable;

/// <summary>The columns of a product: step k of column c is at start + <see cref="Steps"/>[k] + c.</summary>
/// <remarks>
/// A convolution needs no copy of what its windows see: step k of neighbouring windows lies side by side in the padded image. Columns go on
/// through the whole image then, the ends of its rows included, and those that are no window are not stored.
/// </remarks>
/// <param name="elements">Where all of it lies.</param>
/// <param name="start">Of the first column.</param>
/// <param name="steps">At least one; the last is the largest unless <see cref="Reach"/> says another.</param>
/// <param name="columns">Those that are no window included.</param>
internal class RightMatrix(float[] elements, int start, int[] steps, int columns)
{
    private (int Tile, int[] Steps) _copied;

    public int[] Steps => steps;

    public int Columns { get; } = columns;

    /// <summary>The largest of <see cref="Steps"/>.</summary>
    public int Reach { get; init; } = steps[^1];

    /// <summary>Columns from one row of windows to the next.</summary>
    public int Period { get; init; } = columns;

    /// <summary>Windows in a row: so many columns of each period are stored.</summary>
    public int Width { get; init; } = columns;

    /// <summary>Columns that are stored.</summary>
    public int Stored => (Columns + Period - Width) / Period * Width;

    /// <summary>What the steps count from, for the columns of a tile.</summary>
    /// <param name="tile">How many, a multiple of 8; behind the last column there is anything.</param>
    /// <param name="scratch">[depth, tile]: takes a copy where that is wanted, or the tile reaches beyond the elements.</param>
    /// <param name="own">The steps within the result.</param>
    /// <param name="copies">Whether a copy is wanted: what is read again and again is read faster side by side.</param>
    public virtual ReadOnlySpan<float> Tile(int column, int tile, ref AlignedFloats scratch, out int[] own, bool copies = false)
    {
        int first = start + column;
        bool fits = first + Reach + tile <= elements.Length;
        own = steps;
        if (fits && !copies) return elements.AsSpan(first);
        scratch = scratch.AtLeast(checked(steps.Length * tile));
        if (fits) Copy(elements.AsSpan(first), tile, scratch.Span);
        else CopyLast(elements.AsSpan(first), Math.Min(tile, Columns - column), tile, scratch.Span);
        var copied = _copied;
        if (copied.Tile != tile) _copied = copied = (tile, SideBySide(steps.Length, tile));
        own = copied.Steps;
        return scratch.Span;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Copy(ReadOnlySpan<float> elements, int tile, Span<float> to)
    {
        fixed (float* first = elements, target = to)
        {
            float* next = target;
            foreach (int step in steps)
                for (float* from = first + step, end = from + tile; from < end; from += Vector256<float>.Count, next += Vector256<float>.Count)
                    Vector256.Load(from).Store(next);
        }
    }

    private void CopyLast(ReadOnlySpan<float> elements, int width, int tile, Span<float> to)
    {
        for (int k = 0; k < steps.Length; k++)
        {
            elements.Slice(steps[k], width).CopyTo(to[(k * tile)..]);
            to.Slice(k * tile + width, tile - width).Clear();
        }
    }

    /// <summary>Steps of [depth, tile].</summary>
    private static int[] SideBySide(int depth, int tile) => [.. Enumerable.Range(0, depth).Select(k => k * tile)];

    /// <summary>[depth, columns], row-major: the right operand of a matrix product.</summary>
    public static RightMatrix Plain(float[] elements, int start, int depth, int columns) =>
        new(elements, start, SideBySide(depth, columns), columns);

    /// <summary>[columns, depth], row-major: the weights of a dense layer, put in order once.</summary>
    public static RightMatrix Transposed(ReadOnlySpan<float> elements, int columns, int depth, int tile)
    {
        var tiles = new AlignedFloats(checked((columns + tile - 1) / tile * depth * tile));
        for (int column = 0; column < columns; column++)
        {
            var target = tiles.Span[(column / tile * depth * tile + column % tile)..];
            var source = elements.Slice(column * depth, depth);
            for (int k = 0; k < depth; k++) target[k * tile] = source[k];
        }
        return new TiledMatrix(tiles, depth, columns, tile);
    }

    /// <summary>[⌈columns / tile⌉, depth, tile]</summary>
    private sealed class TiledMatrix(AlignedFloats tiles, int depth, int columns, int tile)
        : RightMatrix([], 0, SideBySide(depth, tile), columns)
    {
        public override ReadOnlySpan<float> Tile(int column, int tile, ref AlignedFloats scratch, out int[] own, bool copies)
        {
            own = Steps;
            return tiles.Span[(column * Steps.Length)..];
        }
    }
}
