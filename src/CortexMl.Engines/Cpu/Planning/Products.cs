using CortexMl.Ir;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Which weights fit which multiplication.</summary>
internal static class Products
{
    public static bool FitBytes(Group group) => Weights(group) is { Least: >= sbyte.MinValue, Greatest: <= sbyte.MaxValue };

    public static bool FitWords(Group group) => Weights(group) is { Least: >= short.MinValue, Greatest: <= short.MaxValue };

    /// <summary>Whether bytes up to <paramref name="high"/> and the group's weights can be multiplied exactly, four at a time.</summary>
    public static bool TakeBytes(Group group, long high, CpuInstructions instructions) => instructions switch
    {
        CpuInstructions.Portable => true,
        CpuInstructions.AvxVnni => FitBytes(group),
        _ => FitBytes(group) && !CanSaturate(group, high),
    };

    // vpmaddubsw adds two neighbouring products in 16 bits. Neighbours are channels of one tap, or the last of one tap and the first of
    // the next.
    private static bool CanSaturate(Group group, long high)
    {
        var (least, greatest) = Weights(group);
        long largest = Math.Max(Math.Abs((long)least), Math.Abs((long)greatest));
        return 2 * largest * high > short.MaxValue;
    }

    private static (int Least, int Greatest) Weights(Group group) => group.Head!.Operands[1].Constant!.Range;
}
