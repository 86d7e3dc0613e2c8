using System.Runtime.Intrinsics;

namespace CortexMl.Engines.Float.Portable;

/// <summary>The tiles of one width of registers.</summary>
/// <param name="Block">For products of several rows.</param>
/// <param name="Row">For products of one row.</param>
internal sealed record ProductTiles(ProductTile Block, ProductTile Row)
{
    /// <summary>One of each width, the widest last; all give the same bits.</summary>
    public static IReadOnlyList<ProductTiles> All { get; } =
        [Of<Lanes4, Vector128<float>>(), Of<Lanes8, Vector256<float>>(), Of<Lanes16, Vector512<float>>()];

    /// <summary>The widest that this processor runs in one instruction.</summary>
    public static ProductTiles Best { get; } = All[Vector512.IsHardwareAccelerated ? 2 : Vector256.IsHardwareAccelerated ? 1 : 0];

    /// <summary>The tile for a left matrix of so many rows.</summary>
    public ProductTile For(int rows) => rows == 1 ? Row : Block;

    private static ProductTiles Of<TLanes, TRegister>()
        where TLanes : struct, ILanes<TRegister>
        where TRegister : struct =>
        new(new BlockTile<TLanes, TRegister>(), new RowTile<TLanes, TRegister>());
}
