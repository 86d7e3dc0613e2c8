using CortexMl.Numerics;
using CortexMl.Ops;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnBinary"/>: element by element with broadcasting.</summary>
internal static class BinaryKernels
{
    /// <summary>The rows as functions of two real numbers.</summary>
    public static IReadOnlyDictionary<OpSpec, Func<double, double, double>> Functions { get; } =
        new Dictionary<OpSpec, Func<double, double, double>>
        {
            [NnBinary.Add] = (a, b) => a + b,
            [NnBinary.Sub] = (a, b) => a - b,
            [NnBinary.Mul] = (a, b) => a * b,
            [NnBinary.Div] = (a, b) => a / b,
            [NnBinary.Max] = Math.Max,
            [NnBinary.Min] = Math.Min,
            [NnBinary.Pow] = PortableMath.Pow,
        };

    public static IReadOnlyDictionary<OpSpec, Kernel> All { get; } =
        new Dictionary<OpSpec, Kernel>(Functions.Select(row => KeyValuePair.Create(row.Key, Map(row.Value))));

    private static Kernel Map(Func<double, double, double> f) => (_, operands, result) =>
    {
        var (a, b) = (operands[0], operands[1]);
        int[] stridesA = Walk.BroadcastStrides(a.Shape, result), stridesB = Walk.BroadcastStrides(b.Shape, result);
        var values = new double[checked((int)result.Count)];
        Walk.Over(result, (at, index) => values[at] = f(a.Data[Walk.Offset(index, stridesA)], b.Data[Walk.Offset(index, stridesB)]));
        return values;
    };
}
