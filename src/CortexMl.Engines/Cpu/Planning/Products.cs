using CortexMl.Ir;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Which weights fit which multiplication.</summary>
internal static class Products
{
    public static bool FitBytes(Group group) => Weights(group).IndexOfAnyExceptInRange(sbyte.MinValue, sbyte.MaxValue) < 0;

    public static bool FitWords(Group group) => Weights(group).IndexOfAnyExceptInRange(short.MinValue, short.MaxValue) < 0;

    /// <summary>Whether bytes up to <paramref name="high"/> and the group's weights can be multiplied exactly, four at a time.</summary>
    public static bool TakeBytes(Group group, long high, CpuInstructions instructions) => instructions switch
    {
        CpuInstructions.Portable => true,
        CpuInstructions.AvxVnni => FitBytes(group),
        _ => FitBytes(group) && !CanSaturate(group, high),
    };

    // vpmaddubsw adds two neighbouring products in 16 bits. Neighbours are channels of one tap, or the last of one tap and the first of the next.
    private static bool CanSaturate(Group group, long high)
    {
        long largest = 0;
        foreach (int weight in Weights(group)) largest = Math.Max(largest, Math.Abs((long)weight));
        return 2 * largest * high > short.MaxValue;
    }

    private static ReadOnlySpan<int> Weights(Group group) => group.Head!.Operands[1].Constant!.Integers;
}
