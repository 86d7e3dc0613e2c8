using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>
/// A box of a value that goes into the result of an operation that only moves elements. Numbers per axis: n, channel, row, column.
/// </summary>
/// <param name="From">A constant is one number everywhere, or one in each channel: padding.</param>
/// <param name="Begin">The box's first element in the operand.</param>
/// <param name="Step">Elements of the operand from one to the next; 1 for channels.</param>
/// <param name="Target">Where the box begins in the result.</param>
internal sealed record Move(Value From, int[] Size, int[] Begin, int[] Step, int[] Target)
{
    private static readonly int[] s_zeros = [0, 0, 0, 0], s_ones = [1, 1, 1, 1];

    /// <returns>The boxes that make up the result; null where the operation is no such one, or one that packed layouts cannot do.</returns>
    public static IReadOnlyList<Move>? Read(Operation operation)
    {
        var operands = operation.Operands;
        if (operation.Results.Count != 1 || !operands.All(IsMovable) || View.Of(operation.Result.Type.Shape) is null) return null;
        int rank = operation.Result.Type.Shape.Rank;
        if (operands.Any(o => o.Type.Shape.Rank != rank)) return null;
        if (operation.Spec == CvmShape.Concatenate) return Concatenation(operation);
        if (operation.Spec == CvmShape.SliceLike)
            return [new Move(operands[0], Axes(operation.Result.Type.Shape), s_zeros, s_ones, s_zeros)];
        return operation.Spec == CvmShape.StridedSlice ? Slice(operation, rank) : null;
    }

    private static bool IsMovable(Value value) => !value.IsConstant || ChannelNumbers.Of(value) is not null;

    private static List<Move> Concatenation(Operation operation)
    {
        int axis = operation.Result.Type.Shape.Axis(operation.Int("axis")), at = 0;
        List<Move> moves = [];
        foreach (var operand in operation.Operands)
        {
            int[] target = [0, 0, 0, 0];
            target[axis] = at;
            at += operand.Type.Shape[axis];
            moves.Add(new Move(operand, Axes(operand.Type.Shape), s_zeros, s_ones, target));
        }
        return moves;
    }

    private static IReadOnlyList<Move>? Slice(Operation operation, int rank)
    {
        int[] begin = [0, 0, 0, 0], step = [1, 1, 1, 1];
        var slices = CvmSlice.Of(operation);
        for (int axis = 0; axis < rank; axis++)
        {
            begin[axis] = (int)slices[axis].Begin;
            if (slices[axis].Length > 1) step[axis] = (int)slices[axis].Stride;
        }
        return step[1] == 1 ? [new Move(operation.Operands[0], Axes(operation.Result.Type.Shape), begin, step, s_zeros)] : null;
    }

    private static int[] Axes(Shape shape)
    {
        var view = View.Of(shape)!.Value;
        return [view.Batch, view.Channels, view.Height, view.Width];
    }
}
