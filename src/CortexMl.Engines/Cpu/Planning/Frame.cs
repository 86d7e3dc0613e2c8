using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Cpu.Planning;

//  concatenate(@c, %x, @c) along rows or columns, @c one number throughout
//  ⇒
//  %x with a border of that number, in the memory of the result: nothing is copied
//
/// <summary>Padding by a concatenation, as data that is centred needs it: one number around the images of a value.</summary>
/// <param name="Inner">What it is put around.</param>
/// <param name="Rows">Above and below.</param>
/// <param name="Columns">On the left and on the right.</param>
internal sealed record Frame(Value Inner, int Number, int Rows, int Columns)
{
    private const int RowAxis = 2, ColumnAxis = 3;

    /// <summary>Null where the operation is no such one, or puts more on one side than on the other.</summary>
    public static Frame? Of(Operation operation)
    {
        if (operation.Spec != CvmShape.Concatenate || operation.Result.Type.Shape.Rank != 4) return null;
        if (operation.Operands is not [var first, { IsConstant: false } inner, var last]) return null;
        if (first.Constant is not { } before || last.Constant is not { } after) return null;
        int axis = operation.Result.Type.Shape.Axis(operation.Int("axis")), number = before.Range.Least;
        bool isOne = before.Range.Greatest == number && after.Range == before.Range && first.Type.Shape == last.Type.Shape;
        if (!isOne || axis is not (RowAxis or ColumnAxis)) return null;
        int width = first.Type.Shape[axis];
        return axis == RowAxis ? new(inner, number, width, 0) : new(inner, number, 0, width);
    }
}
