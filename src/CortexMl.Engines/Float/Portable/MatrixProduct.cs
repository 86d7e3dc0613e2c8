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
    /// <summary>Stores what is a window of a tile's columns.</summary>
    /// <param name="sums">[<paramref name="rows"/>, <paramref name="tile"/>]</param>
    /// <param name="column">The first of the tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Store(ReadOnlySpan<float> sums, int tile, int column, int firstRow, int rows, bool addsBias)
    {
        int last = Math.Min(Right.Columns, column + tile);
        for (int at = column, next; at < last; at = next)
        {
            // Up to the end of a row of windows; behind it there are columns that are none.
            int line = at / Right.Period, x = at % Right.Period;
            next = Math.Min(last, (line + 1) * Right.Period);
            int width = Math.Min(next - at, Right.Width - x);
            if (width <= 0) continue;
            for (int row = 0; row < rows; row++)
            {
                var source = sums.Slice(row * tile + at - column, width);
                Store(source, firstRow + row, line * Right.Width + x, addsBias ? Bias.Span : default);
            }
        }
    }

    private void Store(ReadOnlySpan<float> sums, int row, int to, ReadOnlySpan<float> bias)
    {
        var target = Result.AsSpan(Start + row * Right.Stored + to, sums.Length);
        if (bias.IsEmpty) sums.CopyTo(target);
        else if (BiasPerRow) TensorPrimitives.Add(sums, bias[row], target);
        else TensorPrimitives.Add(sums, bias.Slice(to, sums.Length), target);
    }

    /// <summary>Memory that a thread keeps from tile to tile.</summary>
    internal sealed class Scratch
    {
        private float[] _sums = [], _bias = [];

        /// <summary>For <see cref="RightMatrix.Tile"/>.</summary>
        public AlignedFloats Columns;

        public Span<float> Sums(int count)
        {
            if (_sums.Length < count) _sums = new float[count];
            return _sums.AsSpan(0, count);
        }

        public Span<float> Bias(int count)
        {
            if (_bias.Length < count) _bias = new float[count];
            return _bias.AsSpan(0, count);
        }
    }
}
