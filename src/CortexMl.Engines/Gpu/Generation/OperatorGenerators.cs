using System.Collections.Frozen;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>The generator of every CVM row.</summary>
internal static class OperatorGenerators
{
    private static readonly FrozenDictionary<OpSpec, OperatorGenerator> s_byRow =
        FrozenDictionary.ToFrozenDictionary(
        (OperatorGenerator[])[
            .. PointwiseGenerators.All, .. ProductGenerators.All, .. PoolGenerators.All, .. ReduceGenerators.All, .. MoveGenerators.All,
            .. LookupGenerators.All, .. DetectionGenerators.All,
        ], kernel => kernel.Spec);

    public static OperatorGenerator? Find(OpSpec row) => s_byRow.GetValueOrDefault(row);
}
