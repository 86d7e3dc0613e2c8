using System.Runtime.CompilerServices;

namespace CortexMl.Engines.Float.Portable;

/// <summary>The rows of a product, in groups that a tile reads one step after the other.</summary>
/// <remarks>[rows, depth] ⇒ groups of [depth, rows of the tile]; the last has the rows that are left, or zeros behind them.</remarks>
internal sealed class LeftMatrix
{
    private readonly float[] _elements;

    /// <param name="tile">What multiplies it.</param>
    public LeftMatrix(int rows, int depth, ProductTile tile)
    {
        (Rows, Depth, Tile) = (rows, depth, tile);
        _elements = new float[checked((tile.FillsRows ? Groups * tile.Rows : rows) * depth)];
    }

    /// <summary>Takes other elements.</summary>
    /// <param name="elements">[rows, depth], row-major.</param>
    public LeftMatrix Pack(ReadOnlySpan<float> elements)
    {
        for (int group = 0; group < Groups; group++)
        {
            int row = group * Tile.Rows, rows = Math.Min(Tile.Rows, Rows - row);
            Pack(elements.Slice(row * Depth, rows * Depth), rows, _elements.AsSpan(Start(group, 0)), RowsOf(group));
        }
        return this;
    }

    /// <param name="step">Numbers of a step in the target.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Pack(ReadOnlySpan<float> elements, int rows, Span<float> target, int step)
    {
        const int AtOnce = 4;
        int row = 0, depth = Depth;
        fixed (float* first = elements, to = target)
        {
            for (; row + AtOnce <= rows; row += AtOnce)
            {
                float* a = first + row * depth, b = a + depth, c = b + depth, d = c + depth, next = to + row;
                for (int k = 0; k < depth; k++, next += step)
                {
                    next[0] = a[k];
                    next[1] = b[k];
                    next[2] = c[k];
                    next[3] = d[k];
                }
            }
            for (; row < rows; row++)
                for (int k = 0; k < depth; k++) to[k * step + row] = first[row * depth + k];
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
