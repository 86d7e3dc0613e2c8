using CortexMl.Ir;
using CortexMl.Ir.Ranges;

namespace CortexMl.Ops.Ranges;

/// <summary>Rows that choose by value.</summary>
internal static class LookupIntervals
{
    /// <summary>Either of the two that a condition chooses from.</summary>
    public static ValueRange Either(Operation operation, IRanges ranges) =>
        ValueRange.Uniform(ranges[operation.Operands[1]].All.Hull(ranges[operation.Operands[2]].All));

    /// <summary>The number of rows of [B, N, K] that count.</summary>
    public static ValueRange Counts(Operation operation, IRanges ranges) =>
        ValueRange.Uniform(new Interval(0, operation.Operands[0].Type.Shape[1]));

    /// <summary>Rows of the data, or of -1.</summary>
    public static ValueRange ValidRows(Operation operation, IRanges ranges) =>
        ValueRange.Uniform(ranges[operation.Operands[0]].All.Hull(Interval.Of(-1)));

    /// <summary>Only the entries of the table that the index can reach; the runtime clamps the index to the table.</summary>
    public static ValueRange Lut(Operation operation, IRanges ranges)
    {
        var table = operation.Operands[1];
        if (table.Constant is not { } known || known.Integers.IsEmpty) return ValueRange.Uniform(ranges[table].All);
        var data = ranges[operation.Operands[0]];
        return (ranges.Spend((long)data.Parts.Length * known.Integers.Length) ? data : ValueRange.Uniform(data.All)).Map(index =>
        {
            var reached = index.Clamp(0, known.Integers.Length - 1);
            return ConstantRange.Hull(known.Integers.Slice((int)reached.Lo, (int)(reached.Hi - reached.Lo) + 1));
        });
    }
}
