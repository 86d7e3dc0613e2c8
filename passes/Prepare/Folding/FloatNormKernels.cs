using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnSoftmax"/> and <see cref="NnNorm"/>: rows along an axis, normalised by themselves.</summary>
internal static class FloatNormKernels
{
    public static IReadOnlyDictionary<OpSpec, FloatKernel> All { get; } = new Dictionary<OpSpec, FloatKernel>
    {
        [NnSoftmax.Softmax] = (op, operands, _) => AlongAxis(op, operands[0], row =>
        {
            double max = row.Max(), total = row.Sum(x => PortableMath.Exp(x - max));
            return [.. row.Select(x => PortableMath.Exp(x - max) / total)];
        }),
        [NnSoftmax.LogSoftmax] = (op, operands, _) => AlongAxis(op, operands[0], row =>
        {
            double max = row.Max(), logTotal = PortableMath.Log(row.Sum(x => PortableMath.Exp(x - max)));
            return [.. row.Select(x => x - max - logTotal)];
        }),
        [NnNorm.L2Normalize] = (op, operands, _) => AlongAxis(op, operands[0], row =>
        {
            double length = Math.Sqrt(row.Sum(x => x * x));
            return [.. row.Select(x => x / length)];
        }),
        [NnNorm.Normalize] = (op, operands, _) => Normalize(op, operands[0]),
        [NnNorm.Lrn] = (op, operands, _) => Lrn(op, operands[0]),
    };

    private static double[] AlongAxis(IOperation op, Tensor<double> data, Func<double[], double[]> normalize)
    {
        var (outer, size, inner) = Walk.Around(data.Shape, data.Shape.Axis(op.Int("axis")));
        var values = new double[data.Length];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int start = o * size * inner + i;
                double[] row = normalize([.. Enumerable.Range(0, size).Select(k => data.Data[start + k * inner])]);
                for (int k = 0; k < size; k++) values[start + k * inner] = row[k];
            }
        }
        return values;
    }

    private static double[] Normalize(IOperation op, Tensor<double> data)
    {
        double epsilon = op.Float("epsilon");
        int[] groups = Groups(data.Shape, [.. op.Ints("axes").Select(a => data.Shape.Axis(a))], out int count);
        double terms = (double)data.Length / count;
        double[] means = new double[count], powers = new double[count];
        if (op.Bool("center"))
            for (int i = 0; i < data.Length; i++) means[groups[i]] += data.Data[i] / terms;
        for (int i = 0; i < data.Length; i++)
            powers[groups[i]] += (data.Data[i] - means[groups[i]]) * (data.Data[i] - means[groups[i]]) / terms;
        var values = new double[data.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = (data.Data[i] - means[groups[i]]) / Math.Sqrt(powers[groups[i]] + epsilon);
        return values;
    }

    /// <summary>For each element the number of those that it shares all indices with but the ones of the axes.</summary>
    private static int[] Groups(Shape shape, int[] axes, out int count)
    {
        var groups = new int[shape.Count];
        count = 1;
        int inner = 1;
        for (int axis = shape.Rank - 1; axis >= 0; inner *= shape[axis--])
        {
            if (axes.Contains(axis)) continue;
            for (int i = 0; i < groups.Length; i++) groups[i] += i / inner % shape[axis] * count;
            count *= shape[axis];
        }
        return groups;
    }

    /// <summary>The window of channel c is c - ⌊(size-1)/2⌋ … c + ⌈(size-1)/2⌉, cut at the ends (ONNX rule).</summary>
    private static double[] Lrn(IOperation op, Tensor<double> data)
    {
        int size = (int)op.Int("size"), before = (size - 1) / 2, after = size - 1 - before;
        double alpha = op.Float("alpha"), beta = op.Float("beta"), bias = op.Float("bias");
        var (_, channels, inner) = Walk.Around(data.Shape, 1);
        var values = new double[data.Length];
        for (int i = 0; i < data.Length; i++)
        {
            int c = i / inner % channels;
            double squares = 0;
            for (int k = Math.Max(0, c - before); k <= Math.Min(channels - 1, c + after); k++)
                squares += PortableMath.Pow(data.Data[i + (k - c) * inner], 2);
            values[i] = data.Data[i] / PortableMath.Pow(bias + alpha / size * squares, beta);
        }
        return values;
    }
}
