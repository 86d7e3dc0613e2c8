using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnUnary"/>: element by element.</summary>
internal static class FloatUnaryKernels
{
    public static IReadOnlyDictionary<OpSpec, FloatKernel> All { get; } = new Dictionary<OpSpec, FloatKernel>(
        UnaryFunctions.All.Select(row => KeyValuePair.Create(row.Key, Map(row.Value)))
            .Append(KeyValuePair.Create<OpSpec, FloatKernel>(NnUnary.Prelu, Prelu)));

    private static FloatKernel Map(Func<IOperation, Func<double, double>> function) => (op, operands, _) =>
    {
        var f = function(op);
        return Array.ConvertAll(operands[0].Data, x => f(x));
    };

    private static double[] Prelu(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        double[] data = operands[0].Data, slope = operands[1].Data;
        int inner = slope.Length == 1 ? 1 : Walk.Around(result, 1).Inner;
        var values = new double[data.Length];
        for (int i = 0; i < data.Length; i++) values[i] = data[i] > 0 ? data[i] : slope[i / inner % slope.Length] * data[i];
        return values;
    }
}
