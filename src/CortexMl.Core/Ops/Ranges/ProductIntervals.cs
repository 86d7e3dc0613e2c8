using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;

namespace CortexMl.Ops.Ranges;

/// <summary>Convolution and dense: per output channel Σ over positive weights · hi + Σ over negative weights · lo, plus the bias.</summary>
internal static class ProductIntervals
{
    public static ValueRange Conv2D(Operation operation, IRanges ranges)
    {
        var weight = operation.Operands[1].Type.Shape;
        return Products(operation, ranges, (int)operation.Int("groups"), weight[2] * weight[3], SlidingWindow.Of(operation).HasPadding);
    }

    public static ValueRange Dense(Operation operation, IRanges ranges) => Products(operation, ranges, groups: 1, taps: 1, isPadded: false);

    /// <param name="taps">Weights of a pair of channels.</param>
    /// <param name="isPadded">Whether zeros lie around the data.</param>
    private static ValueRange Products(Operation operation, IRanges ranges, int groups, int taps, bool isPadded)
    {
        var weight = operation.Operands[1];
        int outputs = weight.Type.Shape[0], inputs = weight.Type.Shape[1];
        var bias = operation.Operand("bias");
        var all = ranges[weight].All;
        if (weight.Constant is not { } known || !ranges.Spend(weight.Type.Shape.Count))
            return Coarse(operation, ranges, all, (long)inputs * taps);
        var data = ranges[operation.Operands[0]];
        Interval[] channels = [.. (data.Axis == 1 ? data.Parts : [data.All]).Select(x => isPadded ? x.Hull(Interval.Of(0)) : x)];
        var parts = new Interval[outputs];
        var start = bias is null ? ValueRange.Uniform(Interval.Of(0)) : ranges[bias];
        Parallel.For(0, outputs, output =>
        {
            int[] buffer = ArrayPool<int>.Shared.Rent(inputs * taps);
            var row = known.Part(output * inputs * taps, inputs * taps, buffer);
            int first = output / Math.Max(1, outputs / groups) * inputs;
            var own = channels.Length == 1 ? channels.AsSpan() : channels.AsSpan(first, inputs);
            parts[output] = start.At(0, output) + Row(row, own);
            ArrayPool<int>.Shared.Return(buffer);
        });
        return ValueRange.Along(1, parts);
    }

    /// <param name="channels">Of the data, as many as the row has or one for all.</param>
    private static Interval Row(ReadOnlySpan<int> row, ReadOnlySpan<Interval> channels)
    {
        if (channels.Length == 1) return Weighted(row, channels[0]);
        int taps = row.Length / channels.Length;
        var sum = Interval.Of(0);
        for (int input = 0; input < channels.Length; input++) sum += Weighted(row.Slice(input * taps, taps), channels[input]);
        return sum;
    }

    /// <summary>The same for every channel, from the hulls of the operands: weights that are computed, or used again and again.</summary>
    private static ValueRange Coarse(Operation operation, IRanges ranges, Interval weights, long terms)
    {
        var x = ranges[operation.Operands[0]].All.Hull(Interval.Of(0));
        var sum = (weights * x).Times(terms);
        return ValueRange.Uniform(operation.Operand("bias") is { } bias ? sum + ranges[bias].All : sum);
    }

    private static Interval Weighted(ReadOnlySpan<int> weights, Interval x)
    {
        var (positive, negative) = Sums(weights);
        // In 64 bits where that is exact: this is most of the time that the analysis of a network takes.
        if (x.FitsInt32 && positive - negative <= 1L << 30)
            return new Interval(positive * x.Lo + negative * x.Hi, positive * x.Hi + negative * x.Lo);
        return x * Interval.Of(positive) + x * Interval.Of(negative);
    }

    /// <summary>The sum of the weights above 0, and that of the ones below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (long Positive, long Negative) Sums(ReadOnlySpan<int> weights)
    {
        Vector256<long> positive = Vector256<long>.Zero, negative = Vector256<long>.Zero;
        ref int first = ref MemoryMarshal.GetReference(weights);
        int whole = weights.Length & -Vector256<int>.Count;
        for (int i = 0; i < whole; i += Vector256<int>.Count)
        {
            var eight = Vector256.LoadUnsafe(ref first, (nuint)i);
            var (low, high) = Vector256.Widen(Vector256.Max(eight, Vector256<int>.Zero));
            positive += low + high;
            (low, high) = Vector256.Widen(Vector256.Min(eight, Vector256<int>.Zero));
            negative += low + high;
        }
        long above = Vector256.Sum(positive), below = Vector256.Sum(negative);
        foreach (int weight in weights[whole..])
        {
            above += Math.Max(weight, 0);
            below += Math.Min(weight, 0);
        }
        return (above, below);
    }
}
