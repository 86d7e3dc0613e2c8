using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnConv"/>: sums run over input channel, row, column; the bias is added last.</summary>
internal static class FloatConvKernels
{
    public static IReadOnlyDictionary<OpSpec, FloatKernel> All { get; } = new Dictionary<OpSpec, FloatKernel>
    {
        [NnConv.Conv2D] = Conv2D,
        [NnConv.Dense] = Dense,
        [NnConv.BatchNorm] = BatchNorm,
        [NnConv.MatMul] = MatMul,
    };

    private static double[] Conv2D(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        var (data, weight) = (operands[0], operands[1]);
        var window = SlidingWindow.Of(op);
        int channels = weight.Shape[1], outputsPerGroup = result[1] / (int)op.Int("groups");
        var values = new double[checked((int)result.Count)];
        Walk.Over(result, (at, index) =>
        {
            int o = index[1], firstChannel = o / outputsPerGroup * channels;
            double sum = 0;
            for (int c = 0; c < channels; c++)
            {
                int image = (index[0] * data.Shape[1] + firstChannel + c) * data.Shape[2] * data.Shape[3];
                int taps = (o * channels + c) * (int)window.TapCount;
                foreach (var (tap, pixel) in window.Taps(data.Shape, index[2], index[3]))
                    sum += data.Data[image + pixel] * weight.Data[taps + tap];
            }
            values[at] = operands.Count > 2 ? sum + operands[2].Data[o] : sum;
        });
        return values;
    }

    private static double[] Dense(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        int k = operands[1].Shape[1], units = operands[1].Shape[0];
        var values = new double[checked((int)result.Count)];
        for (int i = 0; i < values.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < k; j++) sum += operands[0].Data[i / units * k + j] * operands[1].Data[i % units * k + j];
            values[i] = operands.Count > 2 ? sum + operands[2].Data[i % units] : sum;
        }
        return values;
    }

    private static double[] BatchNorm(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        double[] data = operands[0].Data, gamma = operands[1].Data, beta = operands[2].Data,
        mean = operands[3].Data, variance = operands[4].Data;
        var (_, channels, inner) = Walk.Around(result, result.Axis(op.Int("axis")));
        double epsilon = op.Float("epsilon");
        var values = new double[data.Length];
        for (int i = 0; i < data.Length; i++)
        {
            int c = i / inner % channels;
            values[i] = (data[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon) * gamma[c] + beta[c];
        }
        return values;
    }

    private static double[] MatMul(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        var (a, b) = (operands[0], operands[1]);
        int[] stridesA = Walk.BroadcastStrides(a.Shape, result.With(result.Rank - 1, a.Shape[^1]));
        int[] stridesB = Walk.BroadcastStrides(b.Shape, result.With(result.Rank - 2, b.Shape[^2]));
        int columnsA = a.Shape.Strides()[^1], rowsB = b.Shape.Strides()[^2], depth = a.Shape[^1];
        stridesA[^1] = 0;
        stridesB[^2] = 0;
        var values = new double[checked((int)result.Count)];
        Walk.Over(result, (at, index) =>
        {
            int rowA = Walk.Offset(index, stridesA), columnB = Walk.Offset(index, stridesB);
            double sum = 0;
            for (int k = 0; k < depth; k++) sum += a.Data[rowA + k * columnsA] * b.Data[columnB + k * rowsB];
            values[at] = sum;
        });
        return values;
    }
}
