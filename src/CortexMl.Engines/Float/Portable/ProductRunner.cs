namespace CortexMl.Engines.Float.Portable;

/// <summary>Runs the tiles of products on some threads.</summary>
/// <param name="threads">At least 1.</param>
internal sealed class ProductRunner(ProductTiles tiles, int threads)
{
    /// <summary>Pieces of work per thread, so that a thread that the machine lets wait delays nobody.</summary>
    private const int PiecesPerThread = 4;

    /// <summary>Multiplications that another thread is worth waking for.</summary>
    private const long LeastPiece = 1 << 18;

    private readonly MatrixProduct.Scratch _scratch = new();

    public ProductTiles Tiles => tiles;

    /// <param name="products">Of the same shape.</param>
    public void Run(IReadOnlyList<MatrixProduct> products)
    {
        if (products.Count == 0) return;
        var first = products[0].Left.Tile;
        int tile = first.Columns, each = (first.ColumnsOf(products[0].Right) + tile - 1) / tile;
        int count = checked(each * products.Count), pieces = threads == 1 ? 1 : Math.Min(count, threads * PiecesPerThread);
        long work = (long)products[0].Left.Rows * products[0].Left.Depth * products[0].Right.Columns * products.Count;
        pieces = (int)Math.Min(pieces, work / LeastPiece);
        if (pieces <= 1)
        {
            Piece(0, count, _scratch);
            return;
        }
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Parallel.For(0, pieces, options, () => new MatrixProduct.Scratch(), (piece, _, scratch) =>
        {
            Piece((int)((long)count * piece / pieces), (int)((long)count * (piece + 1) / pieces), scratch);
            return scratch;
        }, static _ => { });

        void Piece(int from, int to, MatrixProduct.Scratch scratch)
        {
            for (int i = from; i < to; i++) products[i / each].Left.Tile.Run(products[i / each], i % each * tile, scratch);
        }
    }
}
