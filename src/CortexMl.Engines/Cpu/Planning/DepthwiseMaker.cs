using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Makes the source of a depthwise convolution: the narrowest multiplication that its data and weights allow.</summary>
internal static class DepthwiseMaker
{
    public static Source Make<T>(Group group, PackedBuffer data, CpuInstructions instructions) where T : unmanaged
    {
        var geometry = Geometries.Of(group);
        var weights = group.Head!.Operands[1].Constant!.Integers;
        if (instructions == CpuInstructions.Portable || typeof(T) == typeof(int) || !Products.FitWords(group))
        {
            var single = Taps.Of(data.Layout, geometry, 1);
            return new WideDepthwise<T>(data, single, single.Pack(weights, geometry.Taps, 1, Taps.Natural, x => x));
        }
        bool isVnni = instructions == CpuInstructions.AvxVnni;
        if (typeof(T) == typeof(byte) && Products.TakeBytes(group, data.Layout.Highest, instructions))
        {
            if (SlidingDepthwise<QuadDot>.Fits(geometry)) return Slide(isVnni, data, geometry, weights);
            var quads = Taps.Of(data.Layout, geometry, 4);
            var bytes = quads.Pack(weights, geometry.Taps, 4, Taps.Natural, x => (sbyte)x);
            return isVnni ? new QuadDepthwise<VnniQuadDot>(data, quads, bytes) : new QuadDepthwise<QuadDot>(data, quads, bytes);
        }
        var pairs = Taps.Of(data.Layout, geometry, 2);
        var words = pairs.Pack(weights, geometry.Taps, 2, Taps.Halves, x => (short)x);
        return isVnni ? new PairDepthwise<T, VnniPairDot>(data, pairs, words) : new PairDepthwise<T, PairDot>(data, pairs, words);
    }

    private static Source Slide(bool isVnni, PackedBuffer data, Geometry geometry, ReadOnlySpan<int> weights)
    {
        var (starts, packed) = (geometry.Starts(data.Layout), SlidingDepthwise<QuadDot>.Pack(weights));
        return isVnni
            ? new SlidingDepthwise<VnniQuadDot>(data, geometry, starts, packed)
            : new SlidingDepthwise<QuadDot>(data, geometry, starts, packed);
    }
}
