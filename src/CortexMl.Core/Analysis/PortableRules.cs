using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Analysis;

/// <summary>
/// The portable rules (CortexMl.Cvm/SPECIFICATION.md, introduction): which operations of a CVM graph can reach inputs on which the
/// reference's devices disagree. Proven from intervals: an operation that is not reported never reaches them.
/// </summary>
public static class PortableRules
{
    /// <param name="Reason">What can happen, with the interval that allows it.</param>
    public sealed record Divergence(Operation Operation, string Reason);

    public static IReadOnlyList<Divergence> Check(Graph graph)
    {
        var ranges = Intervals.Of(graph);
        return [.. graph.Operations.Select(o => (Operation: o, Reason: Reason(o, ranges))).Where(p => p.Reason is not null)
            .Select(p => new Divergence(p.Operation, p.Reason!))];
    }

    private static string? Reason(Operation operation, Intervals ranges)
    {
        var spec = operation.Spec;
        if (spec == CvmUnary.CvmRightShift) return RightShift(operation, ranges);
        if (spec == CvmUnary.CvmLeftShift) return "cvm_left_shift does not run on the CPU device";
        if (spec == CvmConv.Conv2D) return Conv2D(operation, ranges);
        if (spec == CvmReduce.Sum || spec == CvmReduce.Max) return Reduce(operation);
        if (spec == CvmUnary.CvmPrecision || spec == CvmBinary.BroadcastDiv)
            return ranges[operation.Operands[0]].All.Contains(int.MinValue) ? $"its input can be {int.MinValue}" : null;
        if (spec == CvmLookup.Where)
            return operation.Operands[0].Type.Shape.Rank == 1 && operation.Operands[1].Type.Shape.Rank > 1
                ? "a 1-D condition copies bytes instead of rows"
                : null;
        return spec == CvmDetection.NonMaxSuppression ? NonMaxSuppression(operation, ranges) : null;
    }

    private static string? RightShift(Operation operation, Intervals ranges)
    {
        int precision = (int)operation.Context.Int("precision"), shift = (int)operation.Context.Int("shift_bit");
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

    private static string? Conv2D(Operation operation, Intervals ranges)
    {
        if (operation.Context.Int("groups") != 1) return null;
        foreach (var operand in operation.Operands.Take(2))
        {
            var range = ranges[operand].All;
            if (!range.IsWithin(sbyte.MinValue, sbyte.MaxValue))
                return $"an input {range} does not fit 8 bits, to which the CPU device cuts it";
        }
        return null;
    }

    private static string? Reduce(Operation operation)
    {
        if (operation.Spec == CvmReduce.Max && operation.Context.Ints("axis").IsEmpty) return "max over the empty axis list starts from 0";
        var shape = operation.Operands[0].Type.Shape;
        var reduced = CvmReduce.Axes(operation.Context);
        int[] kept = [.. Enumerable.Range(0, shape.Rank).Where(axis => !reduced.Contains(axis))];
        return reduced.Count > 0 && kept.Skip(1).Any(axis => shape[axis] == 1)
            ? "a kept axis of size 1 to the right of another kept axis: the CPU device uses wrong strides" : null;
    }

    private static string? NonMaxSuppression(Operation operation, Intervals ranges)
    {
        var context = operation.Context;
        if (context.Int("top_k") >= 0) return "top_k limits what is compared";
        if (context.Int("max_output_size") == 0) return "max_output_size 0";
        var counts = ranges[operation.Operands[1]].All;
        if (counts.Lo < 1) return $"a valid count {counts} can be below 1";
        var data = ranges[operation.Operands[0]].All;
        return data.Lo < 0 ? $"an id {data} can be negative" : null;
    }
}
