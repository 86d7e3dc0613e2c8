namespace CortexMl.Engines.Float.Portable;

/// <summary>The rows of a product, in groups that a tile reads one step after the other.</summary>
/// <remarks>[rows, depth] ⇒ [⌈rows / group⌉, depth, group], with zeros behind the last row.</remarks>
internal sealed class LeftMatrix
{
    private readonly float[] _elements;

    /// <param name="elements">[rows, depth], row-major.</param>
    public LeftMatrix(ReadOnlySpan<float> elements, int rows, int depth, ProductTiles tiles)
    {
        (Rows, Depth, Tile) = (rows, depth, tiles.For(rows));
        int group = Tile.Rows;
        _elements = new float[checked(Groups * depth * group)];
        for (int row = 0; row < rows; row++)
        {
            var target = _elements.AsSpan(Start(row / group, 0) + row % group);
            var source = elements.Slice(row * depth, depth);
            for (int k = 0; k < depth; k++) target[k * group] = source[k];
        }
    }

    public int Rows { get; }

    public int Depth { get; }

    /// <summary>What multiplies it.</summary>
    public ProductTile Tile { get; }

    /// <summary>Groups of rows.</summary>
    public int Groups => (Rows + Tile.Rows - 1) / Tile.Rows;

    public ReadOnlySpan<float> Elements => _elements;

    /// <summary>Where step <paramref name="k"/> of a group starts among <see cref="Elements"/>.</summary>
    public int Start(int group, int k) => (group * Depth + k) * Tile.Rows;
}
