using CortexMl.Ir;

namespace CortexMl.Analysis;

/// <summary>Table lookup: only the entries that the index can reach; the runtime clamps the index to the table.</summary>
internal static class LookupIntervals
{
    public static ValueRange Lut(Operation operation, Intervals ranges)
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
