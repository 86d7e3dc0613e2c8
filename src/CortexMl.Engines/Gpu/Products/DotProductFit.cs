using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Products;

/// <summary>Which operations can take four channels of signed bytes at once.</summary>
internal static class DotProductFit
{
    private const int FewestChannels = 2;

    /// <summary>Whether the operation is a product over all channels of its data with constant weights of signed bytes.</summary>
    public static bool CanRead(Operation operation) => IsProduct(operation) && operation.Operands[0].Type.Shape[1] >= FewestChannels
        && operation.Operands[1].Constant!.Range is { Least: >= sbyte.MinValue, Greatest: <= sbyte.MaxValue };

    /// <summary>Whether the operation is a product over all channels of its data with constant weights.</summary>
    public static bool IsProduct(Operation operation) =>
        operation.Operands.Count > 1 && operation.Operands[1].IsConstant && !operation.Operands[0].IsConstant
        && operation.Spec.Is(OpTraits.Product) && operation.Groups() == 1;
}
