namespace CortexMl.Engines.Float.Portable;

/// <summary>The rows of a product, in groups that a tile reads one step after the other.</summary>
/// <remarks>[rows, depth] ⇒ groups of [depth, rows of the tile]; the last has the rows that are left, or zeros behind them.</remarks>
internal sealed class LeftMatrix
{
    private readonly float[] _elements;

    /// <param name="elements">[rows, depth], row-major.</param>
    /// <param name="tile">What multiplies it.</param>
    public LeftMatrix(ReadOnlySpan<float> elements, int rows, int depth, ProductTile tile)
    {
        (Rows, Depth, Tile) = (rows, depth, tile);
        _elements = new float[checked((tile.FillsRows ? Groups * tile.Rows : rows) * depth)];
        for (int row = 0; row < rows; row++)
        {
            int group = row / tile.Rows, step = RowsOf(group);
            var target = _elements.AsSpan(Start(group, 0) + row % tile.Rows);
            var source = elements.Slice(row * depth, depth);
            for (int k = 0; k < depth; k++) target[k * step] = source[k];
        }
    }

    public int Rows { get; }

    public int Depth { get; }

    /// <summary>What multiplies it.</summary>
    public ProductTile Tile { get; }

    /// <summary>Groups of rows.</summary>
    public int Groups => (Rows + Tile.Rows - 1) / Tile.Rows;

    public ReadOnlySpan<float> Elements => _elements;

    /// <summary>How many rows a group has.</summary>
    public int RowsOf(int group) => Tile.FillsRows ? Tile.Rows : Math.Min(Tile.Rows, Rows - group * Tile.Rows);

    /// <summary>Where step <paramref name="k"/> of a group starts among <see cref="Elements"/>.</summary>
    public int Start(int group, int k) => group * Tile.Rows * Depth + k * RowsOf(group);
}
