using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CortexMl.Engines.Float.Portable;

/// <summary>A tile of intrinsics: sums are in memory between blocks of steps.</summary>
/// <remarks>
/// sum[r, c] ⇒ fma(left[k, r], right[k, c], sum[r, c]) for k = 0, 1, … in this order: the definition of a product on any processor.
/// </remarks>
internal abstract unsafe class LanesTile : ProductTile
{
    /// <summary>Steps whose columns stay in the processor's nearest cache.</summary>
    private const int DepthBlock = 256;

    /// <summary>Always whole tiles: behind the last row there are zeros.</summary>
    public override bool FillsRows => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(MatrixProduct product, int column, MatrixProduct.Scratch scratch)
    {
        var left = product.Left;
        int tile = Columns, size = Rows * tile;
        var sums = scratch.Sums(left.Groups * size);
        sums.Clear();
        fixed (float* first = left.Elements, right = product.Right.Tile(column, tile, scratch, out var steps), sum = sums)
        fixed (int* step = steps)
        {
            for (int from = 0; from < left.Depth; from += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, left.Depth - from);
                for (int group = 0; group < left.Groups; group++)
                    Add(depth, first + left.Start(group, from), right, step + from, sum + group * size);
            }
        }
        product.Store(sums, tile, column, addsBias: true);
    }

    /// <param name="depth">Steps of k.</param>
    /// <param name="left">[depth, rows]</param>
    /// <param name="right">The columns of step k begin at <paramref name="steps"/>[k].</param>
    /// <param name="sums">[rows, columns]: read and written.</param>
    protected abstract void Add(int depth, float* left, float* right, int* steps, float* sums);
}

/// <summary>4 rows times 2 registers of columns.</summary>
/// <remarks>Optimised at the first call: a compilation on few samples is over before the runtime does so by itself.</remarks>
internal sealed unsafe class BlockTile<TLanes, TRegister> : LanesTile
    where TLanes : struct, ILanes<TRegister>
    where TRegister : struct
{
    public override int Rows => 4;

    public override int Columns => 2 * TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Add(int depth, float* left, float* right, int* steps, float* sums)
    {
        int lanes = TLanes.Count, columns = 2 * lanes;
        TRegister a0 = TLanes.Load(sums), a1 = TLanes.Load(sums + lanes);
        TRegister b0 = TLanes.Load(sums + columns), b1 = TLanes.Load(sums + columns + lanes);
        TRegister c0 = TLanes.Load(sums + 2 * columns), c1 = TLanes.Load(sums + 2 * columns + lanes);
        TRegister d0 = TLanes.Load(sums + 3 * columns), d1 = TLanes.Load(sums + 3 * columns + lanes);
        for (int* end = steps + depth; steps < end; left += 4, steps++)
        {
            float* step = right + *steps;
            TRegister x0 = TLanes.Load(step), x1 = TLanes.Load(step + lanes);
            TRegister row = TLanes.Fill(left[0]);
            a0 = TLanes.MultiplyAdd(row, x0, a0);
            a1 = TLanes.MultiplyAdd(row, x1, a1);
            row = TLanes.Fill(left[1]);
            b0 = TLanes.MultiplyAdd(row, x0, b0);
            b1 = TLanes.MultiplyAdd(row, x1, b1);
            row = TLanes.Fill(left[2]);
            c0 = TLanes.MultiplyAdd(row, x0, c0);
            c1 = TLanes.MultiplyAdd(row, x1, c1);
            row = TLanes.Fill(left[3]);
            d0 = TLanes.MultiplyAdd(row, x0, d0);
            d1 = TLanes.MultiplyAdd(row, x1, d1);
        }
        TLanes.Store(a0, sums);
        TLanes.Store(a1, sums + lanes);
        TLanes.Store(b0, sums + columns);
        TLanes.Store(b1, sums + columns + lanes);
        TLanes.Store(c0, sums + 2 * columns);
        TLanes.Store(c1, sums + 2 * columns + lanes);
        TLanes.Store(d0, sums + 3 * columns);
        TLanes.Store(d1, sums + 3 * columns + lanes);
    }
}

/// <summary>One row times 8 registers of columns: depthwise convolutions.</summary>
internal sealed unsafe class RowTile<TLanes, TRegister> : LanesTile
    where TLanes : struct, ILanes<TRegister>
    where TRegister : struct
{
    public override int Rows => 1;

    public override int Columns => 8 * TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Add(int depth, float* left, float* right, int* steps, float* sums)
    {
        int lanes = TLanes.Count;
        TRegister s0 = TLanes.Load(sums), s1 = TLanes.Load(sums + lanes);
        TRegister s2 = TLanes.Load(sums + 2 * lanes), s3 = TLanes.Load(sums + 3 * lanes);
        TRegister s4 = TLanes.Load(sums + 4 * lanes), s5 = TLanes.Load(sums + 5 * lanes);
        TRegister s6 = TLanes.Load(sums + 6 * lanes), s7 = TLanes.Load(sums + 7 * lanes);
        for (int* end = steps + depth; steps < end; left++, steps++)
        {
            float* step = right + *steps;
            TRegister row = TLanes.Fill(*left);
            s0 = TLanes.MultiplyAdd(row, TLanes.Load(step), s0);
            s1 = TLanes.MultiplyAdd(row, TLanes.Load(step + lanes), s1);
            s2 = TLanes.MultiplyAdd(row, TLanes.Load(step + 2 * lanes), s2);
            s3 = TLanes.MultiplyAdd(row, TLanes.Load(step + 3 * lanes), s3);
            s4 = TLanes.MultiplyAdd(row, TLanes.Load(step + 4 * lanes), s4);
            s5 = TLanes.MultiplyAdd(row, TLanes.Load(step + 5 * lanes), s5);
            s6 = TLanes.MultiplyAdd(row, TLanes.Load(step + 6 * lanes), s6);
            s7 = TLanes.MultiplyAdd(row, TLanes.Load(step + 7 * lanes), s7);
        }
        TLanes.Store(s0, sums);
        TLanes.Store(s1, sums + lanes);
        TLanes.Store(s2, sums + 2 * lanes);
        TLanes.Store(s3, sums + 3 * lanes);
        TLanes.Store(s4, sums + 4 * lanes);
        TLanes.Store(s5, sums + 5 * lanes);
        TLanes.Store(s6, sums + 6 * lanes);
        TLanes.Store(s7, sums + 7 * lanes);
    }
}

/// <summary>The tiles of one width of registers.</summary>
/// <param name="Block">For products of several rows.</param>
/// <param name="Row">For products of one row.</param>
internal sealed record LanesTiles(ProductTile Block, ProductTile Row) : ProductTiles
{
    /// <summary>One of each width, the widest last.</summary>
    public static IReadOnlyList<ProductTiles> Widths { get; } =
        [Of<Lanes4, Vector128<float>>(), Of<Lanes8, Vector256<float>>(), Of<Lanes16, Vector512<float>>()];

    /// <summary>The widest that this processor runs in one instruction.</summary>
    public static ProductTiles Widest { get; } = Widths[Vector512.IsHardwareAccelerated ? 2 : Vector256.IsHardwareAccelerated ? 1 : 0];

    public override ProductTile For(ProductSize size) => size.Rows == 1 ? Row : Block;

    private static LanesTiles Of<TLanes, TRegister>()
        where TLanes : struct, ILanes<TRegister>
        where TRegister : struct =>
        new(new BlockTile<TLanes, TRegister>(), new RowTile<TLanes, TRegister>());
}
