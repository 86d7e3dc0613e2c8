using CortexMl.Engines.Float.MachineCode;

namespace CortexMl.Engines.Float.Portable;

/// <summary>How large a product is, and what else decides about its tile.</summary>
/// <param name="Columns">Those that are no window included.</param>
/// <param name="Stored">Those that are.</param>
/// <param name="IsTiled">Whether columns are put in order tile by tile, once.</param>
internal readonly record struct ProductSize(int Rows, int Depth, int Columns, int Stored, TileBias Bias, bool IsTiled = false);

/// <summary>The innermost loop of all products: some rows of the left matrix times some columns of the right one.</summary>
internal abstract class ProductTile
{
    /// <summary>Rows of a tile.</summary>
    public abstract int Rows { get; }

    /// <summary>Columns of a tile.</summary>
    public abstract int Columns { get; }

    /// <summary>Whether it takes as many rows as it has, whatever is left of them.</summary>
    public abstract bool FillsRows { get; }

    /// <summary>Columns that it goes through.</summary>
    public virtual int ColumnsOf(RightMatrix right) => right.Columns;

    /// <summary>Computes all rows of a tile's columns.</summary>
    /// <param name="column">The first of them, among those that it goes through.</param>
    public abstract void Run(MatrixProduct product, int column, MatrixProduct.Scratch scratch);
}

/// <summary>Tiles of one kind: all kinds give the same bits.</summary>
internal abstract record ProductTiles
{
    /// <summary>All that run here, the fastest last.</summary>
    public static IReadOnlyList<ProductTiles> All { get; } = [.. LanesTiles.Widths, .. CodeTiles.AtHand];

    /// <summary>The fastest.</summary>
    public static ProductTiles Best { get; } = CodeTiles.AtHand is [.., var widest] ? widest : LanesTiles.Widest;

    public abstract ProductTile For(ProductSize size);
}
