using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnReduce"/>: elements are taken in row-major order.</summary>
internal static class FloatReduceKernels
{
    public static IReadOnlyDictionary<OpSpec, FloatKernel> All { get; } = new Dictionary<OpSpec, FloatKernel>
    {
        [NnReduce.Sum] = Fold(0, (sum, x) => sum + x, static (sum, _) => sum),
        [NnReduce.Mean] = Fold(0, (sum, x) => sum + x, static (sum, count) => sum / count),
        [NnReduce.Max] = Fold(double.NegativeInfinity, Math.Max, static (max, _) => max),
    };

    private static FloatKernel Fold(double start, Func<double, double, double> combine, Func<double, int, double> finish) =>
        (op, operands, result) =>
    {
        var data = operands[0];
        bool[] folded = new bool[data.Shape.Rank];
        foreach (long axis in op.Ints("axes")) folded[data.Shape.Axis(axis)] = true;
        int[] strides = new int[folded.Length];
        for (int axis = folded.Length - 1, stride = 1; axis >= 0; axis--)
        {
            if (folded[axis]) continue;
            strides[axis] = stride;
            stride *= data.Shape[axis];
        }
        var values = new double[checked((int)result.Count)];
        Array.Fill(values, start);
        Walk.Over(data.Shape, (at, index) =>
        {
            int target = Walk.Offset(index, strides);
            values[target] = combine(values[target], data.Data[at]);
        });
        int count = data.Length / Math.Max(1, values.Length);
        return Array.ConvertAll(values, v => finish(v, count));
    };
}
