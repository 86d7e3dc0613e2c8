using System.Runtime.CompilerServices;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Float.Portable;

namespace CortexMl.Engines.Float.MachineCode;

/// <summary>Generated tiles of one instruction set.</summary>
internal sealed record CodeTiles(TileKernels Kernels) : ProductTiles($"{Kernels.Set.Name} code")
{
    /// <summary>Those that run here, the widest last.</summary>
    public static IReadOnlyList<CodeTiles> AtHand { get; } =
        [.. TileSet.AtHand.Select(set => new CodeTiles(new TileKernels(set, code => new NativeTile(code))))];

    /// <returns>A tile of intrinsics where the system gives no more memory for code.</returns>
    public override ProductTile For(ProductShape shape)
    {
        try
        {
            return new CodeTile(Kernels, shape);
        }
        catch (CodeRefusedException)
        {
            return LanesTiles.Widest.For(shape);
        }
    }
}

/// <summary>
/// A tile whose sums stay in registers through all steps and go to the result at once, or by way of memory where some columns are not stored.
/// </summary>
internal sealed unsafe class CodeTile : ProductTile
{
    /// <summary>Groups of rows from which on it pays to copy the columns of their steps side by side.</summary>
    private const int CopiesFromGroups = 4;

    private readonly int _lanes, _vectors;

    /// <summary>[rows, vectors], each from 1 on; null where the product has no such tile.</summary>
    private readonly TileKernel?[,] _kernels;

    /// <exception cref="CodeRefusedException">The system gives no more memory for code.</exception>
    public CodeTile(TileKernels kernels, ProductShape shape)
    {
        _lanes = kernels.Set.Lanes;
        (Rows, _vectors) = TileChoice.Of(kernels.Set, Math.Max(1, shape.Rows), Math.Max(1, shape.Columns));
        _kernels = new TileKernel?[Rows + 1, _vectors + 1];
        foreach (int rows in Sizes(shape.Rows, Rows))
            foreach (int vectors in Sizes((shape.Columns + _lanes - 1) / _lanes, _vectors))
                _kernels[rows, vectors] = kernels[new(rows, vectors, shape.Bias)];

        // Whole ones, and what is left.
        static IEnumerable<int> Sizes(int count, int tile) => new[] { Math.Min(count, tile), count % tile }.Where(size => size > 0).Distinct();
    }

    public override int Rows { get; }

    public override int Columns => _vectors * _lanes;

    public override bool FillsRows => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(MatrixProduct product, int column, MatrixProduct.Scratch scratch)
    {
        var (left, right) = (product.Left, product.Right);
        int vectors = Math.Min(_vectors, (right.Columns - column + _lanes - 1) / _lanes), width = vectors * _lanes;
        int line = column / right.Period, x = column % right.Period;
        bool isWhole = x + width <= right.Width && column + width <= right.Columns;
        bool biasPerColumn = !product.BiasPerRow && !product.Bias.IsEmpty;
        var sums = isWhole ? default : scratch.Sums(Rows * width);
        var columns = right.Tile(column, width, ref scratch.Columns, out int[] steps, copies: left.Groups >= CopiesFromGroups);
        var bias = biasPerColumn ? Padded(product.Bias.Span[column..], width, scratch) : product.Bias.Span;
        fixed (float* first = left.Elements, start = columns, sum = sums, result = product.Result, add = bias)
        fixed (int* step = steps)
        {
            var call = new TileCall { Right = start, Steps = step, StepsEnd = step + left.Depth, Bias = add };
            call.RowBytes = (isWhole ? right.Stored : width) * (long)sizeof(float);
            for (int group = 0, row = 0; group < left.Groups; group++, row += Rows)
            {
                int rows = left.RowsOf(group);
                call.Left = first + left.Start(group, 0);
                call.Result = isWhole ? result + product.Start + (long)row * right.Stored + line * right.Width + x : sum;
                if (!biasPerColumn) call.Bias = add + row;
                _kernels[rows, vectors]!.Run(&call);
                if (!isWhole) product.Store(sums, width, column, row, rows, addsBias: false);
            }
        }
    }

    /// <summary>Numbers of a tile's columns, with zeros behind the last.</summary>
    private static ReadOnlySpan<float> Padded(ReadOnlySpan<float> numbers, int width, MatrixProduct.Scratch scratch)
    {
        if (numbers.Length >= width) return numbers;
        var padded = scratch.Bias(width);
        numbers.CopyTo(padded);
        padded[numbers.Length..].Clear();
        return padded;
    }
}
