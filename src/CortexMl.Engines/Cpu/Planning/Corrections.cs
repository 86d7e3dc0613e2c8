using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>
/// What to add to the sums of a group because its data lie in memory with an offset, Σ w · (x + 128) = Σ w · x + 128 · Σ w, or its kernel
/// multiplies something less; all of it modulo 2^32.
/// </summary>
internal static class Corrections
{
    /// <param name="centre">Of the kernel that runs the group.</param>
    /// <returns>The group's links with the correction in front.</returns>
    public static IReadOnlyList<ChainLink> Apply(Group group, PackedLayout data, int centre)
    {
        if (data.Offset == centre) return group.Links;
        int[] addends = new int[group.ResultView.Channels],
        buffer = new int[group.IsProduct || group.IsDepthwise ? group.Head!.Operands[1].Type.Shape.Count / addends.Length : 0];
        for (int c = 0; c < addends.Length; c++) addends[c] = unchecked((centre - data.Offset) * Weight(group, c, buffer));
        return [new ChainLink.Add(addends), .. group.Links];
    }

    /// <summary>How often a result of this channel counts the offset.</summary>
    private static int Weight(Group group, int channel, int[] buffer)
    {
        if (group.Head?.Spec == CvmReduce.Sum) return group.View.Height * group.View.Width;
        if (!group.IsProduct && !group.IsDepthwise) return 1;
        var weights = group.Head!.Operands[1].Constant!;
        int length = (int)weights.Shape.Count / group.ResultView.Channels, sum = 0;
        foreach (int weight in weights.Part(channel * length, length, buffer)) sum = unchecked(sum + weight);
        return sum;
    }
}
