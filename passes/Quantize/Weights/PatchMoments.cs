using System.Numerics;
using System.Runtime.CompilerServices;

namespace CortexMl.Passes.Quantize.Weights;

/// <summary>
/// First and second moments of what one output of a layer reads: of each of its inputs at each tap, for each group of a convolution.
/// Sums are in double and in the order of the patches, however many threads there are.
/// </summary>
/// <param name="groups">Of the convolution; 1 of a dense layer.</param>
/// <param name="row">Terms of one output: inputs of a group, times taps.</param>
internal sealed class PatchMoments(int groups, int row)
{
    /// <summary>Patches that are added at a time: each row of sums is read once for all of them.</summary>
    public const int Together = 8;

    /// <summary>Terms from which on rows are shared among threads.</summary>
    private const int ManyTerms = 96;

    private readonly double[] _sums = new double[groups * row];

    /// <summary>Of each group the upper triangle, row by row.</summary>
    private readonly double[] _products = new double[groups * Numbers(row)];

    public int Groups => groups;

    public int Row => row;

    public long Count { get; private set; }

    /// <summary>Products of two of so many terms.</summary>
    public static long Numbers(long row) => row * (row + 1) / 2;

    /// <param name="patches">[count, groups · row]</param>
    public void Add(double[] patches, int count)
    {
        for (int g = 0; g < groups; g++)
        {
            int at = g;
            if (row >= ManyTerms) Parallel.For(0, row, i => AddRow(at, i, patches, count));
            else
                for (int i = 0; i < row; i++) AddRow(at, i, patches, count);
        }
        Count += count;
    }

    /// <summary>
    /// E[(x - pivot) · (x - pivot)ᵀ] of a group, each term times its scale.
    /// </summary>
    /// <param name="scales">Of the group's inputs.</param>
    /// <param name="pivot">Of the group's inputs, scaled.</param>
    /// <returns>[row, row]</returns>
    public double[] Around(int group, ReadOnlySpan<double> scales, ReadOnlySpan<double> pivot)
    {
        var all = new double[row * row];
        int taps = row / scales.Length;
        var means = new double[row];
        for (int i = 0; i < row; i++) means[i] = _sums[group * row + i] / Count * scales[i / taps];
        int at = group * (int)Numbers(row);
        for (int i = 0; i < row; i++)
        {
            double p = pivot[i / taps], scale = scales[i / taps] / Count;
            for (int j = i; j < row; j++)
            {
                double q = pivot[j / taps];
                all[i * row + j] = all[j * row + i] = _products[at++] * scale * scales[j / taps] - p * means[j] - means[i] * q + p * q;
            }
        }
        return all;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRow(int group, int i, double[] patches, int count)
    {
        var sums = _products.AsSpan(group * (int)Numbers(row) + (int)(i * (long)row - (long)i * (i - 1) / 2), row - i);
        for (int b = 0; b < count; b++)
        {
            var patch = patches.AsSpan((b * groups + group) * row + i, row - i);
            double first = patch[0];
            if (first == 0) continue;
            _sums[group * row + i] += first;
            int j = 0;
            var factor = new Vector<double>(first);
            for (; j <= patch.Length - Vector<double>.Count; j += Vector<double>.Count)
                (new Vector<double>(sums[j..]) + factor * new Vector<double>(patch[j..])).CopyTo(sums[j..]);
            for (; j < patch.Length; j++) sums[j] += first * patch[j];
        }
    }
}
