using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnLookup"/>.</summary>
internal static class FloatLookupKernels
{
    public static IReadOnlyDictionary<OpSpec, FloatKernel> All { get; } = new Dictionary<OpSpec, FloatKernel>
    {
        [NnLookup.Take] = Take,
        [NnLookup.Where] = Where,
    };

    private static double[] Take(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        var (data, indices) = (operands[0], operands[1]);
        var (outer, size, inner) = Walk.Around(data.Shape, data.Shape.Axis(op.Int("axis")));
        var values = new double[checked((int)result.Count)];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < indices.Length; i++)
            {
                int at = (int)Math.Clamp(indices.Data[i], 0, size - 1);
                Array.Copy(data.Data, (o * size + at) * inner, values, (o * indices.Length + i) * inner, inner);
            }
        }
        return values;
    }

    private static double[] Where(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        int[][] strides = [.. operands.Select(o => Walk.BroadcastStrides(o.Shape, result))];
        var values = new double[checked((int)result.Count)];
        Walk.Over(result, (at, index) =>
        {
            int chosen = operands[0].Data[Walk.Offset(index, strides[0])] != 0 ? 1 : 2;
            values[at] = operands[chosen].Data[Walk.Offset(index, strides[chosen])];
        });
        return values;
    }
}
