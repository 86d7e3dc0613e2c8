using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Cpu.Planning;

//  concatenate(@c, %x, @c) along rows or columns, @c one number throughout, or one in each channel; or on one side only
//  ⇒
//  %x with margins that hold them, in the memory of the result: nothing is copied
//
/// <summary>
/// Padding by a concatenation, as data that is centred, or standardised, needs it: numbers around the images of a value.
/// </summary>
/// <param name="Inner">What it is put around.</param>
/// <param name="Numbers">Around every image.</param>
/// <param name="Margins">How much of them on each side.</param>
internal sealed record Frame(Value Inner, ChannelNumbers Numbers, Margins Margins)
{
    private const int RowAxis = 2, ColumnAxis = 3;

    /// <summary>Null where the operation is no such one, or the numbers on one side are not those on the other.</summary>
    public static Frame? Of(Operation operation)
    {
        if (operation.Spec != CvmShape.Concatenate || operation.Result.Type.Shape.Rank != 4) return null;
        int axis = operation.Result.Type.Shape.Axis(operation.Int("axis"));
        if (axis is not (RowAxis or ColumnAxis)) return null;
        var (before, inner, after) = operation.Operands switch
        {
            [{ IsConstant: true } first, { IsConstant: false } data, { IsConstant: true } last] => (first, data, last),
            [{ IsConstant: true } first, { IsConstant: false } data] => (first, data, null),
            [{ IsConstant: false } data, { IsConstant: true } last] => ((Value?)null, data, (Value?)last),
            _ => default,
        };
        if ((before ?? after) is not { } side || ChannelNumbers.Of(side) is not { } numbers) return null;
        if (before is not null && after is not null && !numbers.Equals(ChannelNumbers.Of(after))) return null;
        int ahead = before?.Type.Shape[axis] ?? 0, behind = after?.Type.Shape[axis] ?? 0;
        return new(inner, numbers, axis == RowAxis ? new(ahead, behind, 0, 0) : new(0, 0, ahead, behind));
    }
}
