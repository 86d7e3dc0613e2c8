using System.Runtime.CompilerServices;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Float.Portable;

namespace CortexMl.Engines.Float.MachineCode;

/// <summary>Generated tiles of one instruction set.</summary>
internal sealed record CodeTiles(TileKernels Kernels) : ProductTiles
{
    /// <summary>Those that run here, the widest last.</summary>
    public static IReadOnlyList<CodeTiles> AtHand { get; } =
        [.. TileSet.AtHand.Select(set => new CodeTiles(new TileKernels(set, code => new NativeTile(code))))];

    /// <returns>
    /// A tile of intrinsics for a single row, where a call is as long as its steps, and where the system gives no more memory for code.
    /// </returns>
    public override ProductTile For(ProductSize size)
    {
        if (size.Rows <= 1 || size.Depth == 0 || size.Stored == 0) return LanesTiles.Widest.For(size);
        try
        {
            return new CodeTile(Kernels, size);
        }
        catch (CodeRefusedException)
        {
            return LanesTiles.Widest.For(size);
        }
    }
}

/// <summary>
/// A tile whose sums stay in registers through all steps, and go to the result at once, or by way of memory where some of its columns are
/// not stored.
/// </summary>
internal sealed unsafe class CodeTile : ProductTile
{
    private readonly int _lanes, _vectors;
    private readonly bool _copies;

    /// <summary>[rows, vectors], each from 1 on: null where the product has no such tile.</summary>
    private readonly TileKernel?[,] _kernels;

    /// <exception cref="CodeRefusedException">The system gives no more memory for code.</exception>
    public CodeTile(TileKernels kernels, ProductSize size)
    {
        _lanes = kernels.Set.Lanes;
        var choice = new FloatTileChoice(kernels.Set, size);
        (Rows, _vectors, _copies) = (choice.Rows, choice.Vectors, choice.Copies);
        _kernels = new TileKernel?[Rows + 1, _vectors + 1];
        foreach (int rows in Sizes(size.Rows, Rows))
            foreach (int vectors in Sizes(((_copies ? size.Stored : size.Columns) + _lanes - 1) / _lanes, _vectors))
                _kernels[rows, vectors] = kernels[new(rows, vectors, size.Bias)];

        // Whole ones, and what is left.
        static IEnumerable<int> Sizes(int count, int tile) =>
            new[] { Math.Min(count, tile), count % tile }.Where(part => part > 0).Distinct();
    }

    public override int Rows { get; }

    public override int Columns => _vectors * _lanes;

    public override bool FillsRows => false;

    public override int ColumnsOf(RightMatrix right) => _copies ? right.Stored : right.Columns;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(MatrixProduct product, int column, MatrixProduct.Scratch scratch)
    {
        var (left, right) = (product.Left, product.Right);
        int count = ColumnsOf(right), vectors = Math.Min(_vectors, (count - column + _lanes - 1) / _lanes), width = vectors * _lanes;
        var (line, x) = _copies ? (0, column) : Math.DivRem(column, right.Period);
        bool isWhole = column + width <= count && (_copies || x + width <= right.Width);
        bool biasPerColumn = !product.BiasPerRow && !product.Bias.IsEmpty;
        var sums = isWhole ? default : scratch.Sums(left.Rows * width);
        var bias = biasPerColumn ? Padded(product.Bias.Span[column..], width, scratch) : product.Bias.Span;
        ReadOnlySpan<int> steps;
        fixed (float* first = left.Elements, sum = sums, result = product.Result, add = bias,
            columns = _copies ? right.Copy(column, width, scratch, out steps) : right.Tile(column, width, scratch, out steps))
        fixed (int* step = steps)
        {
            float* to = isWhole ? result + product.Start + line * right.Width + x : sum;
            int stride = isWhole ? right.Stored : width;
            var call = new TileCall { Right = columns, Steps = step, StepsEnd = step + left.Depth };
            call.RowBytes = stride * (long)sizeof(float);
            for (int group = 0, row = 0; group < left.Groups; group++, row += Rows)
            {
                call.Left = first + left.Start(group, 0);
                call.Result = to + (long)row * stride;
                call.Bias = biasPerColumn ? add : add + row;
                _kernels[left.RowsOf(group), vectors]!.Run(&call);
            }
        }
        if (isWhole) return;
        if (_copies) product.StoreWindows(sums, width, column);
        else product.Store(sums, width, column, addsBias: false);
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
