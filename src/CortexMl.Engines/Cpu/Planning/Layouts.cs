using CortexMl.Analysis;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Chooses the packed layout of a value from what reads it and from the numbers that it can hold.</summary>
internal static class Layouts
{
    /// <param name="range">Proven interval of the value.</param>
    /// <param name="isComputed">Whether a group writes it, 16 channels at once.</param>
    /// <param name="readers">The groups that read it as their data.</param>
    /// <param name="isOperand">Whether a group adds it to something.</param>
    public static PackedLayout Of(View view, Interval range, bool isComputed, IReadOnlyList<Group> readers, bool isOperand, CpuInstructions instructions)
    {
        var convolutions = readers.Where(g => g.Head?.Spec == CvmConv.Conv2D).Select(g => g.Head!.Context.Pair("padding")).ToList();
        int rows = (int)convolutions.Select(p => p.H).DefaultIfEmpty(0).Max(), columns = (int)convolutions.Select(p => p.W).DefaultIfEmpty(0).Max();
        bool isNarrow = !isComputed && !isOperand && view.Channels <= 4 && readers.All(g => g.IsProduct);
        int stride = isNarrow ? 4 : (view.Channels + PackedLayout.Block - 1) / PackedLayout.Block * PackedLayout.Block;
        return new PackedLayout(view, rows, columns, stride, Kind(range, readers, instructions));
    }

    private static ElementKind Kind(Interval range, IReadOnlyList<Group> readers, CpuInstructions instructions)
    {
        if (range.IsWithin(0, byte.MaxValue) && readers.Where(g => g.IsProduct).All(g => TakesBytes(g, range.Hi, instructions))) return ElementKind.Byte;
        return range.IsWithin(short.MinValue, short.MaxValue) && readers.Where(g => g.IsProduct).All(g => instructions == CpuInstructions.Portable || FitsWords(g))
            ? ElementKind.Short : ElementKind.Int;
    }

    private static bool FitsWords(Group group) => Weights(group).IndexOfAnyExceptInRange(short.MinValue, short.MaxValue) < 0;

    private static bool TakesBytes(Group group, long high, CpuInstructions instructions)
    {
        if (instructions == CpuInstructions.Portable) return true;
        if (Weights(group).IndexOfAnyExceptInRange(sbyte.MinValue, sbyte.MaxValue) >= 0) return false;
        return instructions == CpuInstructions.AvxVnni || !CanSaturate(group, high);
    }

    // vpmaddubsw adds two neighbouring products in 16 bits. Neighbours are channels of one tap, or the last of one tap and the first of the next.
    private static bool CanSaturate(Group group, long high)
    {
        long largest = 0;
        foreach (int weight in Weights(group)) largest = Math.Max(largest, Math.Abs((long)weight));
        return 2 * largest * high > short.MaxValue;
    }

    private static ReadOnlySpan<int> Weights(Group group) => group.Head!.Operands[1].Constant!.Integers;
}
