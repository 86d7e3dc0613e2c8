using System.Runtime.CompilerServices;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CortexMl.Engines.Float.Portable;

/// <summary>
/// result[r, c] = fma(left[r, k], right[k, c], …) over k = 0, 1, …, starting with 0; then the bias is added. Tiles, blocks and threads
/// cut the work between the sums and hand a sum on as it is, so that they change no bit of it.
/// </summary>
/// <param name="Result">[rows, stored columns] from <paramref name="Start"/> on.</param>
/// <param name="Bias">One number per row, or per column; empty for none.</param>
internal sealed record MatrixProduct(
    LeftMatrix Left, RightMatrix Right, float[] Result, int Start, ReadOnlyMemory<float> Bias, bool BiasPerRow)
{
    /// <summary>Steps whose columns stay in the processor's nearest cache.</summary>
    private const int DepthBlock = 256;

    /// <summary>Computes the columns of one tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Run(int column, Scratch scratch)
    {
        int tile = Left.Tile.Columns, size = Left.Tile.Rows * tile;
        var sums = scratch.Sums(Left.Groups * size);
        sums.Clear();
        fixed (float* left = Left.Elements, right = Right.Tile(column, tile, ref scratch.Columns, out int[] steps), sum = sums)
        fixed (int* step = steps)
        {
            for (int from = 0; from < Left.Depth; from += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, Left.Depth - from);
                for (int group = 0; group < Left.Groups; group++)
                    Left.Tile.Add(depth, left + Left.Start(group, from), right, step + from, sum + group * size);
            }
        }
        int last = Math.Min(Right.Columns, column + tile);
        for (int at = column, next; at < last; at = next)
        {
            // Up to the end of a row of windows; behind it there are columns that are none.
            int row = at / Right.Period, x = at % Right.Period;
            next = Math.Min(last, (row + 1) * Right.Period);
            int width = Math.Min(next - at, Right.Width - x);
            if (width > 0) Store(sums, tile, at - column, row * Right.Width + x, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store(ReadOnlySpan<float> sums, int tile, int from, int to, int width)
    {
        var bias = Bias.Span;
        for (int row = 0; row < Left.Rows; row++)
        {
            var source = sums.Slice(row * tile + from, width);
            var target = Result.AsSpan(Start + row * Right.Stored + to, width);
            if (bias.IsEmpty) source.CopyTo(target);
            else if (BiasPerRow) TensorPrimitives.Add(source, bias[row], target);
            else TensorPrimitives.Add(source, bias.Slice(to, width), target);
        }
    }

    /// <summary>Memory that a thread keeps from tile to tile.</summary>
    internal sealed class Scratch
    {
        private float[] _sums = [];

        /// <summary>For <see cref="RightMatrix.Tile"/>.</summary>
        public float[] Columns = [];

        public Span<float> Sums(int count)
        {
            if (_sums.Length < count) _sums = new float[count];
            return _sums.AsSpan(0, count);
        }
    }
}
