using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;

namespace CortexMl.Frontends.Onnx.Peers;

/// <summary>
/// What lies behind a sum of products and only scales and clamps it, as requantization does: <c>relu, cvm_clip, broadcast_mul @m,
/// cvm_right_shift</c> and the like, each the only user of the one before.
/// </summary>
/// <param name="End">The value behind the last one; the sum itself where there is none.</param>
/// <param name="Factors">End ≈ sum · factor: one for all, or one per channel.</param>
/// <param name="Operations">The operations in between.</param>
internal sealed record Rescaling(Value End, IReadOnlyList<double> Factors, IReadOnlyList<Operation> Operations)
{
    /// <summary>The rows that scale and clamp each number: of the CVM's functions of one number those that never decrease.</summary>
    public static IReadOnlyList<OpSpec> Rows { get; } =
        [.. OpTable.With(Level.Cvm, OpTraits.Elementwise | OpTraits.Monotone).Where(row => row.Operands.Count == 1)];

    /// <param name="perChannel">Whether channels, the second axis, may have factors of their own.</param>
    public static Rescaling Behind(Value sum, bool perChannel)
    {
        var found = new Rescaling(sum, [1], []);
        while (found.End is { HasOneUse: true } value && value.Uses[0].User is { } user && Of(user, value) is { } factors
            && (perChannel || factors.Count == 1))
            found = new(user.Result, Multiply(found.Factors, factors), [.. found.Operations, user]);
        return found;
    }

    /// <summary>What an operation multiplies its data by; null where it does more than scale and clamp. All factors are positive.</summary>
    public static IReadOnlyList<double>? Of(Operation operation, Value data)
    {
        var spec = operation.Spec;
        if (spec == CvmUnary.CvmRightShift) return [Math.ScaleB(1, -(int)operation.Int("shift_bit"))];
        if (spec == CvmUnary.CvmLeftShift) return [Math.ScaleB(1, (int)operation.Int("shift_bit"))];
        if (Rows.Contains(spec)) return [1];
        if (spec != CvmBinary.BroadcastMul || operation.Result.Type.Shape != data.Type.Shape) return null;
        var other = operation.Operands[operation.Operands[0] == data ? 1 : 0];
        if (other.Constant is not { } constant || constant.Integers.IsEmpty || constant.Integers.ContainsAnyExceptInRange(1, int.MaxValue))
            return null;
        return other.Type.Shape.Count == 1 || IsPerChannel(other.Type.Shape, data.Type.Shape)
            ? [.. constant.Integers.ToArray().Select(v => (double)v)]
            : null;
    }

    private static bool IsPerChannel(Tensors.Shape factors, Tensors.Shape data)
    {
        int axis = 1 - (data.Rank - factors.Rank);
        return data.Rank > 1 && axis >= 0 && factors.Count == data[1] && factors[axis] == data[1];
    }

    private static IReadOnlyList<double> Multiply(IReadOnlyList<double> a, IReadOnlyList<double> b) =>
        a.Count >= b.Count ? [.. a.Select((v, i) => v * b[b.Count == 1 ? 0 : i])] : Multiply(b, a);
}
