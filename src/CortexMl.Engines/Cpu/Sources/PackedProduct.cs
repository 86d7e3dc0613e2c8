using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>Where a convolution or dense layer reads, and its weights packed for that.</summary>
/// <param name="Starts">Bytes from a pixel to the first channel that a block reads.</param>
internal sealed record PackedProduct(TapRuns Taps, Pinned<byte> Weights, int[] Starts)
{
    /// <param name="lane">Elements that are multiplied together: weights are 4 bytes wide in all.</param>
    public static PackedProduct Of(KernelParts parts, int lane)
    {
        var (group, data) = (parts.Group, parts.Data.Layout);
        var (addresses, grouping, constant) = (group.Addresses, group.Grouping, group.Head!.Operands[1].Constant!);
        var runs = TapRuns.Of(data, addresses, grouping.Span, lane);
        var form = PackedForm.Of(runs, grouping, addresses, lane);
        var weights = parts.Weights.Get(constant, form, () => lane switch
        {
            1 => PackedWeights.Pack<int>(constant, form),
            2 => PackedWeights.Pack<short>(constant, form),
            _ => PackedWeights.Pack<sbyte>(constant, form),
        });
        return new PackedProduct(runs, weights, [.. grouping.Starts.Select(channel => channel * (int)data.Kind)]);
    }
}
