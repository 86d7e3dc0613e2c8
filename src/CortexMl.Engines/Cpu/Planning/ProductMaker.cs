using System.Numerics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Makes the source of a convolution or dense layer: its weights packed for the instructions, and where it reads.</summary>
internal static class ProductMaker
{
    public static Source Make<T>(Group group, PackedBuffer data, CpuInstructions instructions) where T : unmanaged, INumberBase<T>
    {
        var geometry = Geometries.Of(group);
        var grouping = group.Grouping;
        var weights = group.Head!.Operands[1].Constant!.Integers;
        int[] starts = [.. grouping.Starts.Select(channel => channel * (int)data.Layout.Kind)];
        if (instructions == CpuInstructions.Portable || typeof(T) == typeof(int))
        {
            var wide = Window.Of(data.Layout, geometry, grouping.Span, 1);
            return new WideProducts<T>(data, wide, PackedWeights.Pack<int>(weights, grouping, geometry.Taps, wide, 1), starts);
        }
        int lane = typeof(T) == typeof(byte) ? 4 : 2;
        var window = Window.Of(data.Layout, geometry, grouping.Span, lane);
        var packed = lane == 4
            ? PackedWeights.Pack<sbyte>(weights, grouping, geometry.Taps, window, lane)
            : PackedWeights.Pack<short>(weights, grouping, geometry.Taps, window, lane);
        return (lane, instructions) switch
        {
            (4, CpuInstructions.AvxVnni) => new DotProducts<VnniQuadDot>(data, window, packed, starts),
            (4, _) => new DotProducts<QuadDot>(data, window, packed, starts),
            (_, CpuInstructions.AvxVnni) => new DotProducts<VnniPairDot>(data, window, packed, starts),
            _ => new DotProducts<PairDot>(data, window, packed, starts),
        };
    }
}
