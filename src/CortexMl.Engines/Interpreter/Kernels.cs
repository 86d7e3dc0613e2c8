using System.Collections.Frozen;
using CortexMl.Ops;

namespace CortexMl.Engines.Interpreter;

/// <summary>The kernel of every CVM row.</summary>
public static class Kernels
{
    private static readonly FrozenDictionary<OpSpec, Kernel> ByRow = FrozenDictionary.ToFrozenDictionary(
        [
            .. UnaryKernels.All, .. BinaryKernels.All, .. ProductKernels.All, .. PoolKernels.All,
            .. ReduceKernels.All, .. ShapeKernels.All, .. LookupKernels.All, .. DetectionKernels.All,
        ]);

    public static Kernel? Find(OpSpec row) => ByRow.GetValueOrDefault(row);

    internal static KeyValuePair<OpSpec, Kernel> Of(OpSpec row, Kernel kernel) => new(row, kernel);
}
