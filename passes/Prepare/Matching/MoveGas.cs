using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>
/// What operations that move elements cost on the chain, at the least: 1 for computing each element of the result and 5 for keeping it
/// (CortexMl.Cvm/SPECIFICATION.md §10).
/// </summary>
internal static class MoveGas
{
    private const int Compute = 1, Keep = 5;

    public static long OfResult(Shape shape) => (Compute + Keep) * shape.Count;

    public static long OfConstant(long elements) => Keep * elements;

    /// <summary>With its constants, where nobody else has them. What does nothing is gone at the end, and costs nothing.</summary>
    public static long Of(Operation move)
    {
        if (move.Spec.Is(OpTraits.Reshapes) && move.Operands[0].Type.Shape == move.Result.Type.Shape) return 0;
        return OfResult(move.Result.Type.Shape)
            + move.Operands.Skip(1).Where(o => o.HasOneUse).Sum(o => OfConstant(o.Type.Shape.Count));
    }
}
