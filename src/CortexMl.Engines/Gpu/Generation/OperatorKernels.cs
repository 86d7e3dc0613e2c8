using System.Collections.Frozen;
using CortexMl.Ops;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>The generator of every CVM row.</summary>
internal static class OperatorKernels
{
    private static readonly FrozenDictionary<OpSpec, OperatorKernel> s_byRow =
        FrozenDictionary.ToFrozenDictionary(
        (OperatorKernel[])[
            .. PointwiseKernels.All, .. ProductKernels.All, .. PoolKernels.All, .. ReduceKernels.All, .. MoveKernels.All,
            .. LookupKernels.All, .. DetectionKernels.All,
        ], kernel => kernel.Spec);

    public static OperatorKernel? Find(OpSpec row) => s_byRow.GetValueOrDefault(row);
}
