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

    /// <summary>What some steps count from, for the columns of a tile.</summary>
    /// <param name="tile">How many; behind the last column there is anything.</param>
    /// <param name="scratch">Takes a copy where the tile reaches beyond the elements.</param>
    /// <param name="own">The steps within the result.</param>
    public virtual ReadOnlySpan<float> Tile(int column, int tile, MatrixProduct.Scratch scratch, out ReadOnlySpan<int> own)
    {
        var all = elements.AsSpan(start + column);
        own = steps;
        if (Reach + tile <= all.Length) return all;
        var copy = scratch.Columns(steps.Length, tile, out var dense);
        int width = Math.Min(tile, Columns - column);
        for (int k = 0; k < steps.Length; k++)
        {
            all.Slice(own[k], width).CopyTo(copy[(k * tile)..]);
            copy.Slice(k * tile + width, tile - width).Clear();
        }
        own = dense;
        return copy;
    }

    /// <summary>A copy of the windows of a tile, those columns alone that are stored: [depth, tile].</summary>
    /// <param name="window">The first, among those that are stored.</param>
    /// <param name="tile">How many; behind the last window there is anything.</param>
    /// <inheritdoc cref="Tile"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe ReadOnlySpan<float> Copy(int window, int tile, MatrixProduct.Scratch scratch, out ReadOnlySpan<int> own)
    {
        var copy = scratch.Columns(steps.Length, tile, out own);
        int end = Math.Min(Stored, window + tile), reach = 0, count = 0, lanes = Vector512.IsHardwareAccelerated ? 16 : 8;
        // What of them lies side by side, in registers: what one holds behind the end of a row, the next row overwrites.
        var runs = stackalloc (int From, int To, int Length)[tile];
        for (int at = window, length; at < end; at += length)
        {
            length = Math.Min(Math.Min(end - at, Width - at % Width), lanes);
            runs[count++] = (start + at / Width * Period + at % Width, at - window, length);
            reach = runs[count - 1].From + lanes;
        }
        fixed (float* first = elements, to = copy)
        {
            for (int k = 0; k < steps.Length; k++)
            {
                int step = steps[k];
                float* from = first + step, next = to + k * tile;
                if (step + reach > elements.Length)
                    for (int i = 0; i < count; i++)
                        elements.AsSpan(step + runs[i].From, runs[i].Length).CopyTo(copy[(k * tile + runs[i].To)..]);
                else if (Vector512.IsHardwareAccelerated)
                    for (int i = 0; i < count; i++) Vector512.Load(from + runs[i].From).Store(next + runs[i].To);
                else
                    for (int i = 0; i < count; i++) Vector256.Load(from + runs[i].From).Store(next + runs[i].To);
            }
        }
        return copy;
    }

    /// <summary>Steps of [depth, tile].</summary>
    public static int[] SideBySide(int depth, int tile) => [.. Enumerable.Range(0, depth).Select(k => k * tile)];

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
        public override ReadOnlySpan<float> Tile(int column, int tile, MatrixProduct.Scratch scratch, out ReadOnlySpan<int> own)
        {
            own = Steps;
            return tiles.Span[(column * Steps.Length)..];
        }
    }
}
