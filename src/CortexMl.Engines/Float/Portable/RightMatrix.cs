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
    private (int Tile, int[] Steps)? _dense;

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
    /// <param name="tile">How many; behind the last column there is anything.</param>
    /// <param name="scratch">[depth, tile]: takes a copy where that is wanted, or the tile reaches beyond the elements.</param>
    /// <param name="own">The steps within the result.</param>
    /// <param name="copies">Whether a copy is wanted: steps that lie side by side are read faster again.</param>
    public virtual ReadOnlySpan<float> Tile(int column, int tile, ref float[] scratch, out int[] own, bool copies = false)
    {
        int first = start + column, depth = steps.Length;
        own = steps;
        bool fits = first + Reach + tile <= elements.Length;
        if (fits && !copies) return elements.AsSpan(first);
        if (scratch.Length < depth * tile) scratch = new float[depth * tile];
        own = _dense is { } dense && dense.Tile == tile ? dense.Steps : [.. Enumerable.Range(0, depth).Select(k => k * tile)];
        _dense = (tile, own);
        int width = fits ? tile : Math.Min(tile, Columns - column);
        for (int k = 0; k < depth; k++)
        {
            elements.AsSpan(first + steps[k], width).CopyTo(scratch.AsSpan(k * tile));
            if (width < tile) scratch.AsSpan(k * tile + width, tile - width).Clear();
        }
        return scratch;
    }

    /// <summary>[depth, columns], row-major: the right operand of a matrix product.</summary>
    public static RightMatrix Plain(float[] elements, int start, int depth, int columns) =>
        new(elements, start, [.. Enumerable.Range(0, depth).Select(k => k * columns)], columns);

    /// <summary>[columns, depth], row-major: the weights of a dense layer, put in order once.</summary>
    public static RightMatrix Transposed(ReadOnlySpan<float> elements, int columns, int depth, int tile)
    {
        var tiles = new float[checked((columns + tile - 1) / tile * depth * tile)];
        for (int column = 0; column < columns; column++)
        {
            var target = tiles.AsSpan(column / tile * depth * tile + column % tile);
            var source = elements.Slice(column * depth, depth);
            for (int k = 0; k < depth; k++) target[k * tile] = source[k];
        }
        return new TiledMatrix(tiles, depth, columns, tile);
    }

    /// <summary>[⌈columns / tile⌉, depth, tile]</summary>
    private sealed class TiledMatrix(float[] tiles, int depth, int columns, int tile)
        : RightMatrix(tiles, 0, [.. Enumerable.Range(0, depth).Select(k => k * tile)], columns)
    {
        private readonly float[] _tiles = tiles;

        public override ReadOnlySpan<float> Tile(int column, int tile, ref float[] scratch, out int[] own, bool copies)
        {
            own = Steps;
            return _tiles.AsSpan(column * Steps.Length, Steps.Length * tile);
        }
    }
}
