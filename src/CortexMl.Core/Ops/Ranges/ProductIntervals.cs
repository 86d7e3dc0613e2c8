using System.Buffers;
using System.Runtime.CompilerServices;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;

namespace CortexMl.Ops.Ranges;

/// <summary>Convolution and dense: per output channel Σ over positive weights · hi + Σ over negative weights · lo, plus the bias.</summary>
internal static class ProductIntervals
{
    public static ValueRange Conv2D(Operation operation, IRanges ranges)
    {
        var weight = operation.Operands[1];
        int groups = (int)operation.Int("groups"), outputs = weight.Type.Shape[0], inputs = weight.Type.Shape[1];
        bool padded = SlidingWindow.Of(operation).HasPadding;
        var data = ranges[operation.Operands[0]];
        int taps = weight.Type.Shape[2] * weight.Type.Shape[3];
        return Products(operation, ranges, outputs, inputs, taps, channelAxis: 1, (output, input) =>
        {
            var x = data.At(1, output / Math.Max(1, outputs / groups) * inputs + input);
            return padded ? x.Hull(Interval.Of(0)) : x;
        });
    }

    public static ValueRange Dense(Operation operation, IRanges ranges)
    {
        var weight = operation.Operands[1];
        var data = ranges[operation.Operands[0]];
        return Products(operation, ranges, weight.Type.Shape[0], weight.Type.Shape[1], 1, channelAxis: 1, (_, input) => data.At(1, input));
    }

    private static ValueRange Products(
        Operation operation, IRanges ranges, int outputs, int inputs, int taps, int channelAxis, Func<int, int, Interval> data)
    {
        var weight = operation.Operands[1];
        var bias = operation.Operand("bias");
        var all = ranges[weight].All;
        if (weight.Constant is not { } known || !ranges.Spend(weight.Type.Shape.Count))
            return Coarse(operation, ranges, all, (long)inputs * taps);
        var parts = new Interval[outputs];
        var start = bias is null ? ValueRange.Uniform(Interval.Of(0)) : ranges[bias];
        Parallel.For(0, outputs, output =>
        {
            int[] buffer = ArrayPool<int>.Shared.Rent(inputs * taps);
            parts[output] = start.At(0, output) + Row(known.Part(output * inputs * taps, inputs * taps, buffer), output, inputs, data);
            ArrayPool<int>.Shared.Return(buffer);
        });
        return ValueRange.Along(channelAxis, parts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Interval Row(ReadOnlySpan<int> row, int output, int inputs, Func<int, int, Interval> data)
    {
        int taps = row.Length / Math.Max(1, inputs);
        var sum = Interval.Of(0);
        for (int input = 0; input < inputs; input++) sum += Weighted(row.Slice(input * taps, taps), data(output, input));
        return sum;
    }

    /// <summary>The same for every channel, from the hulls of the operands: weights that are computed, or used again and again.</summary>
    private static ValueRange Coarse(Operation operation, IRanges ranges, Interval weights, long terms)
    {
        var x = ranges[operation.Operands[0]].All.Hull(Interval.Of(0));
        var sum = (weights * x).Times(terms);
        return ValueRange.Uniform(operation.Operand("bias") is { } bias ? sum + ranges[bias].All : sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Interval Weighted(ReadOnlySpan<int> weights, Interval x)
    {
        long positive = 0, negative = 0;
        foreach (int w in weights)
        {
            positive += Math.Max(w, 0);
            negative += Math.Min(w, 0);
        }
        // In 64 bits where that is exact: this is most of the time that the analysis of a network takes.
        if (x.FitsInt32 && positive - negative <= 1L << 30)
            return new Interval(positive * x.Lo + negative * x.Hi, positive * x.Hi + negative * x.Lo);
        return x * Interval.Of(positive) + x * Interval.Of(negative);
    }
}
