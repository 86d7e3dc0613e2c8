using System.Numerics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Makes the source of a convolution or dense layer: its weights packed for the instructions, and where it reads.</summary>
internal static class ProductMaker
{
    public static Source Make<T>(Group group, PackedBuffer data, CpuInstructions instructions, HeldWeights held)
        where T : unmanaged, INumberBase<T>
    {
        bool isWide = instructions == CpuInstructions.Portable || typeof(T) == typeof(int);
        int lane = isWide ? 1 : typeof(T) == typeof(byte) ? 4 : 2;
        var geometry = Geometries.Of(group);
        var grouping = group.Grouping;
        int[] starts = [.. grouping.Starts.Select(channel => channel * (int)data.Layout.Kind)];
        var window = Window.Of(data.Layout, geometry, grouping.Span, lane);
        var packed =
            Weights(group, held, new PackedForm(lane, grouping, geometry.Taps, window.Runs.Count, window.Length, window.Taps, window.PerTap));
        return (lane, instructions) switch
        {
            (1, _) => new WideProducts<T>(data, window, packed, starts),
            (4, CpuInstructions.AvxVnni) => new DotProducts<VnniQuadDot>(data, window, packed, starts),
            (4, _) => new DotProducts<QuadDot>(data, window, packed, starts),
            (_, CpuInstructions.AvxVnni) => new DotProducts<VnniPairDot>(data, window, packed, starts),
            _ => new DotProducts<PairDot>(data, window, packed, starts),
        };
    }

    private static Pinned<byte> Weights(Group group, HeldWeights held, PackedForm form)
    {
        var constant = group.Head!.Operands[1].Constant!;
        return held.Get(constant, form, () => form.Lane switch
        {
            1 => PackedWeights.Pack<int>(constant, form),
            2 => PackedWeights.Pack<short>(constant, form),
            _ => PackedWeights.Pack<sbyte>(constant, form),
        });
    }
}
