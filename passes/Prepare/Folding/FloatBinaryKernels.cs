using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnBinary"/>: element by element with broadcasting.</summary>
internal static class FloatBinaryKernels
{
    public static IReadOnlyDictionary<OpSpec, FloatKernel> All { get; } = new Dictionary<OpSpec, FloatKernel>
    {
        [NnBinary.Add] = Map((a, b) => a + b),
        [NnBinary.Sub] = Map((a, b) => a - b),
        [NnBinary.Mul] = Map((a, b) => a * b),
        [NnBinary.Div] = Map((a, b) => a / b),
        [NnBinary.Max] = Map(Math.Max),
        [NnBinary.Min] = Map(Math.Min),
        [NnBinary.Pow] = Map(PortableMath.Pow),
        [NnBinary.Greater] = Map((a, b) => a > b ? 1 : 0),
    };

    private static FloatKernel Map(Func<double, double, double> f) => (_, operands, result) =>
    {
        var (a, b) = (operands[0], operands[1]);
        int[] stridesA = Walk.BroadcastStrides(a.Shape, result), stridesB = Walk.BroadcastStrides(b.Shape, result);
        var values = new double[checked((int)result.Count)];
        Walk.Over(result, (at, index) => values[at] = f(a.Data[Walk.Offset(index, stridesA)], b.Data[Walk.Offset(index, stridesB)]));
        return values;
    };
}
