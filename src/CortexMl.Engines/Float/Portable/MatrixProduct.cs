using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    /// <param name="sums">[rows, <paramref name="tile"/>]</param>
    /// <param name="column">The first of the tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Store(ReadOnlySpan<float> sums, int tile, int column, bool addsBias)
    {
        int last = Math.Min(Right.Columns, column + tile);
        for (int at = column, next; at < last; at = next)
        {
            // Up to the end of a row of windows; behind it there are columns that are none.
            int line = at / Right.Period, x = at % Right.Period;
            next = Math.Min(last, (line + 1) * Right.Period);
            int width = Math.Min(next - at, Right.Width - x);
            if (width <= 0) continue;
            for (int row = 0; row < Left.Rows; row++)
                StoreRow(sums.Slice(row * tile + at - column, width), row, line * Right.Width + x, addsBias ? Bias.Span : default);
        }
    }

    /// <summary>Stores the windows of a tile, whose columns have no others.</summary>
    /// <param name="window">The first of the tile.</param>
    public void StoreWindows(ReadOnlySpan<float> sums, int tile, int window)
    {
        int width = Math.Min(tile, Right.Stored - window);
        for (int row = 0; row < Left.Rows; row++) StoreRow(sums.Slice(row * tile, width), row, window, default);
    }

    private void StoreRow(ReadOnlySpan<float> sums, int row, int to, ReadOnlySpan<float> bias)
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
        private AlignedFloats _columns;
        private (int Tile, int[] Steps) _sideBySide = (0, []);

        public Span<float> Sums(int count)
        {
            if (_sums.Length < count) _sums = new float[count];
            return _sums.AsSpan(0, count);
        }

        /// <summary>For copies of a <see cref="RightMatrix"/>: [depth, tile].</summary>
        /// <param name="steps">Of such a copy.</param>
        public Span<float> Columns(int depth, int tile, out ReadOnlySpan<int> steps)
        {
            if (_sideBySide.Tile != tile || _sideBySide.Steps.Length < depth) _sideBySide = (tile, RightMatrix.SideBySide(depth, tile));
            steps = _sideBySide.Steps.AsSpan(0, depth);
            // A register may end behind the last column.
            _columns = _columns.AtLeast(checked(depth * tile + Vector512<float>.Count));
            return _columns.Span;
        }

        public Span<float> Bias(int count)
        {
            if (_bias.Length < count) _bias = new float[count];
            return _bias.AsSpan(0, count);
        }
    }
}
