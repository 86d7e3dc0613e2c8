using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Chooses the packed layout of a value from what reads it and from the numbers that it can hold.</summary>
/// <param name="kernels">One of which must take each reader with its data so.</param>
internal sealed class PackedLayouts(KernelList kernels, CpuInstructions instructions)
{
    private const int FewChannels = 4;

    /// <param name="range">Proven interval of the value.</param>
    /// <param name="isComputed">Whether a group writes it, 16 channels at once.</param>
    /// <param name="readers">The groups that read it as their data.</param>
    /// <param name="isOperand">Whether a group adds it to something.</param>
    public PackedLayout Of(View view, Interval range, bool isComputed, IReadOnlyList<Group> readers, bool isOperand)
    {
        var convolutions = readers.Where(g => g.Head?.Spec == CvmConv.Conv2D).Select(g => g.Head!.Pair("padding")).ToList();
        int rows = (int)convolutions.Select(p => p.H).DefaultIfEmpty(0).Max(),
        columns = (int)convolutions.Select(p => p.W).DefaultIfEmpty(0).Max();
        bool isNarrow = !isComputed && !isOperand && view.Channels <= FewChannels && readers.All(g => g.IsProduct);
        int stride = isNarrow ? view.Channels : (view.Channels + PackedLayout.Block - 1) / PackedLayout.Block * PackedLayout.Block;
        var (kind, offset) = Element(range, readers);
        return new PackedLayout(View: view, Margins: new Margins(rows, rows, columns, columns), Stride: stride, Kind: kind, Offset: offset,
            Highest: kind == ElementKind.Byte ? Highest(range, offset) : 0);
    }

    /// <summary>
    /// A value in the memory of another one that frames it, whose border is part of the frame; null where their borders differ, or no
    /// kernel of a reader takes the value as the other one lies there.
    /// </summary>
    /// <param name="readers">The groups that read it as their data.</param>
    public PackedLayout? Within(PackedLayout outer, View view, Frame frame, IReadOnlyList<Group> readers)
    {
        bool hasBorder = outer.Margins != default;
        if (hasBorder && !outer.Border.Equals(frame.Numbers)) return null;
        if (readers.Any(Pads) || !AreTaken(readers, outer.Kind, outer.Highest)) return null;
        return outer with
        {
            View = view,
            Margins = outer.Margins + frame.Margins,
            Border = frame.Numbers,
        };
    }

    /// <summary>Whether it reads zeros around the images.</summary>
    private static bool Pads(Group group) => group.Head is { } head && head.Spec == CvmConv.Conv2D && head.Pair("padding") is not (0, 0);

    /// <summary>The narrowest elements that hold the numbers and that a kernel of every reader takes.</summary>
    private (ElementKind Kind, int Offset) Element(Interval range, IReadOnlyList<Group> readers)
    {
        foreach (int offset in new[] { 0, PackedLayout.SignedOffset })
        {
            if (range.IsWithin(-offset, byte.MaxValue - offset) && AreTaken(readers, ElementKind.Byte, Highest(range, offset)))
                return (ElementKind.Byte, offset);
        }
        bool isShort = range.IsWithin(short.MinValue, short.MaxValue) && AreTaken(readers, ElementKind.Short, 0);
        return (isShort ? ElementKind.Short : ElementKind.Int, 0);
    }

    /// <summary>The largest byte: that of a number, or of the zeros around the image.</summary>
    private static int Highest(Interval range, int offset) => (int)Math.Max(range.Hi, 0) + offset;

    private bool AreTaken(IReadOnlyList<Group> readers, ElementKind kind, long highest) =>
        readers.All(group => kernels.Find(new KernelQuestion(group, kind, highest, instructions)) is not null);
}
