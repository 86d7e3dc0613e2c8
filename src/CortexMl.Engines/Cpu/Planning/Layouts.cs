using CortexMl.Analysis;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Chooses the packed layout of a value from what reads it and from the numbers that it can hold.</summary>
internal static class Layouts
{
    private const int FewChannels = 4;

    /// <param name="range">Proven interval of the value.</param>
    /// <param name="isComputed">Whether a group writes it, 16 channels at once.</param>
    /// <param name="readers">The groups that read it as their data.</param>
    /// <param name="isOperand">Whether a group adds it to something.</param>
    public static PackedLayout Of(
        View view, Interval range, bool isComputed, IReadOnlyList<Group> readers, bool isOperand, CpuInstructions instructions)
    {
        var convolutions = readers.Where(g => g.Head?.Spec == CvmConv.Conv2D).Select(g => g.Head!.Context.Pair("padding")).ToList();
        int rows = (int)convolutions.Select(p => p.H).DefaultIfEmpty(0).Max(),
        columns = (int)convolutions.Select(p => p.W).DefaultIfEmpty(0).Max();
        bool isNarrow = !isComputed && !isOperand && view.Channels <= FewChannels && readers.All(g => g.IsProduct);
        int stride = isNarrow ? view.Channels : (view.Channels + PackedLayout.Block - 1) / PackedLayout.Block * PackedLayout.Block;
        var (kind, offset) = Element(range, [.. readers.Where(g => g.IsProduct)], instructions);
        return new PackedLayout(view, rows, columns, stride, kind, offset, kind == ElementKind.Byte ? (int)range.Hi + offset : 0);
    }

    private static (ElementKind Kind, int Offset) Element(Interval range, IReadOnlyList<Group> products, CpuInstructions instructions)
    {
        foreach (int offset in new[] { 0, PackedLayout.SignedOffset })
        {
            if (range.IsWithin(-offset, byte.MaxValue - offset)
                && products.All(g => Products.TakeBytes(g, range.Hi + offset, instructions))) return (ElementKind.Byte, offset);
        }
        bool isShort = range.IsWithin(short.MinValue, short.MaxValue)
            && (instructions == CpuInstructions.Portable || products.All(Products.FitWords));
        return (isShort ? ElementKind.Short : ElementKind.Int, 0);
    }
}
