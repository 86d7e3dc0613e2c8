using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Ranges;

namespace CortexMl.Ops.Cvm;

/// <summary>The divergence rules of the CVM's rows (CortexMl.Cvm/SPECIFICATION.md, portable rules).</summary>
internal static class CvmDivergence
{
    public static string LeftShift(Operation operation, IRanges ranges) => "cvm_left_shift does not run on the CPU device";

    public static string? RightShift(Operation operation, IRanges ranges)
    {
        int precision = (int)operation.Int("precision"), shift = (int)operation.Int("shift_bit");
        var data = ranges[operation.Operands[0]].All;
        if (shift > 30) return $"shift_bit {shift} is above 30";
        if (data.Hi >= int.MaxValue) return $"its input {data} reaches INT_MAX, where the rounding wraps";
        if (precision + shift <= 31) return null;
        long bound = Precisions.Bound(precision);
        var rounded = data.Monotone(v => RequantizeIntervals.Rounded(v, shift));
        return rounded.IsWithin(-bound, bound)
            ? null
            : $"precision {precision} + shift_bit {shift} exceed 31 and the rounded value {rounded} can exceed ±{bound}";
    }

    /// <summary>With one group the CPU device cuts data and weights to 8 bits.</summary>
    public static string? Conv2D(Operation operation, IRanges ranges)
    {
        if (operation.Int("groups") != 1) return null;
        foreach (var operand in operation.Operands.Take(2))
        {
            var range = ranges[operand].All;
            if (!range.IsWithin(sbyte.MinValue, sbyte.MaxValue))
                return $"an input {range} does not fit 8 bits, to which the CPU device cuts it";
        }
        return null;
    }

    public static string? Sum(Operation operation, IRanges ranges)
    {
        var shape = operation.Operands[0].Type.Shape;
        var reduced = CvmReduce.Axes(operation);
        int[] kept = [.. Enumerable.Range(0, shape.Rank).Where(axis => !reduced.Contains(axis))];
        return reduced.Count > 0 && kept.Skip(1).Any(axis => shape[axis] == 1)
            ? "a kept axis of size 1 to the right of another kept axis: the CPU device uses wrong strides" : null;
    }

    public static string? Max(Operation operation, IRanges ranges) =>
        operation.Ints("axis").IsEmpty ? "max over the empty axis list starts from 0" : Sum(operation, ranges);

    /// <summary>Of the most negative integer one device finds no number of digits, and one no quotient.</summary>
    public static string? MostNegative(Operation operation, IRanges ranges) =>
        ranges[operation.Operands[0]].All.Contains(int.MinValue) ? $"its input can be {int.MinValue}" : null;

    public static string? Where(Operation operation, IRanges ranges) =>
        operation.Operands[0].Type.Shape.Rank == 1 && operation.Operands[1].Type.Shape.Rank > 1
            ? "a 1-D condition copies bytes instead of rows"
            : null;

    public static string? NonMaxSuppression(Operation operation, IRanges ranges)
    {
        if (operation.Int("top_k") >= 0) return "top_k limits what is compared";
        if (operation.Int("max_output_size") == 0) return "max_output_size 0";
        var counts = ranges[operation.Operands[1]].All;
        if (counts.Lo < 1) return $"a valid count {counts} can be below 1";
        if (CountedRows.HaveIds(operation, ranges)) return null;
        var data = ranges[operation.Operands[0]].All;
        return data.Lo < 0 ? $"an id {data} can be negative" : null;
    }
}
