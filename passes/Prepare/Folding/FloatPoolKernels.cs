using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnPool"/>.</summary>
internal static class FloatPoolKernels
{
    public static IReadOnlyDictionary<OpSpec, FloatKernel> All { get; } = new Dictionary<OpSpec, FloatKernel>
    {
        [NnPool.MaxPool2D] = (op, operands, result) =>
            Pool(op, operands[0], result, (elements, _) => elements.DefaultIfEmpty(double.NegativeInfinity).Max()),
        [NnPool.AvgPool2D] = (op, operands, result) =>
        {
            bool padded = op.Bool("count_include_pad");
            return Pool(op, operands[0], result, (elements, taps) => elements.Sum() / (padded ? taps : elements.Count));
        },
        [NnPool.GlobalMaxPool] = (_, operands, _) => Global(operands[0], elements => elements.Max()),
        [NnPool.GlobalAvgPool] = (_, operands, _) => Global(operands[0], elements => elements.Sum() / elements.Count),
    };

    private static double[] Pool(IOperation op, Tensor<double> data, Shape result, Func<List<double>, int, double> reduce)
    {
        var window = SlidingWindow.Of(op);
        var values = new double[checked((int)result.Count)];
        Walk.Over(result, (at, i) =>
        {
            int image = (i[0] * result[1] + i[1]) * data.Shape[2] * data.Shape[3];
            var elements = window.Taps(data.Shape, i[2], i[3]).Select(t => data.Data[image + t.Pixel]).ToList();
            values[at] = reduce(
                elements, (int)(window.Rows.PaddedTaps(i[2], data.Shape[2]) * window.Columns.PaddedTaps(i[3], data.Shape[3])));
        });
        return values;
    }

    private static double[] Global(Tensor<double> data, Func<ArraySegment<double>, double> reduce)
    {
        int size = data.Shape[2] * data.Shape[3];
        var values = new double[data.Length / size];
        for (int i = 0; i < values.Length; i++) values[i] = reduce(new ArraySegment<double>(data.Data, i * size, size));
        return values;
    }
}
