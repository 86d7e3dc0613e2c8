using System.Numerics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Ir;
using CortexMl.Ops;
using Range = (int From, int To);

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Makes the source of a group: which kernel, its weights packed, and where it reads.</summary>
internal static class SourceMaker
{
    public static Source Make(Group group, PackedBuffer data, CpuInstructions instructions) => data.Layout.Kind switch
    {
        ElementKind.Byte => Make<byte>(group, data, instructions),
        ElementKind.Short => Make<short>(group, data, instructions),
        _ => Make<int>(group, data, instructions),
    };

    private static Source Make<T>(Group group, PackedBuffer data, CpuInstructions instructions) where T : unmanaged, INumberBase<T>
    {
        if (group.Head is not { } head) return new Loads<T>(data, new Pinned<int>(data.Layout.Pixels));
        if (group.IsDepthwise) return MakeDepthwise<T>(group, data);
        if (group.IsProduct) return MakeProduct<T>(group, data, instructions);
        var rule = head.Context;
        var (view, result) = (group.View, group.ResultView);
        if (head.Spec == CvmPool.UpSampling)
        {
            int scale = (int)rule.Int("scale");
            return new Loads<T>(data, new Pinned<int>(data.Layout.Offsets(result.Height, result.Width, (i, j) => (i / scale, j / scale))));
        }
        if (head.Spec == CvmPool.MaxPool2D)
        {
            var (pool, strides, padding) = (rule.Pair("pool_size"), rule.Pair("strides"), CvmPool.Padding(rule));
            return new Folds<T, Largest>(data, Windows(data.Layout, result, i => Cut(i, strides.H, padding.H, pool.H, view.Height), j => Cut(j, strides.W, padding.W, pool.W, view.Width)));
        }
        var whole = Windows(data.Layout, result with { Height = 1, Width = 1 }, _ => (0, view.Height), _ => (0, view.Width));
        return head.Spec == CvmReduce.Sum ? new Folds<T, Sum>(data, whole) : new Folds<T, Largest>(data, whole);
    }

    private static Range Cut(int index, long stride, long padding, long size, int dim)
    {
        long start = (index * stride) - padding;
        return ((int)Math.Max(start, 0), (int)Math.Min(start + size, dim));
    }

    private static Pinned<Rectangle> Windows(PackedLayout data, View result, Func<int, Range> rows, Func<int, Range> columns)
    {
        int[] starts = data.Offsets(result.Height, result.Width, (i, j) => (rows(i).From, columns(j).From));
        var windows = new Rectangle[starts.Length];
        for (int p = 0; p < starts.Length; p++)
        {
            var (row, column) = (rows(p / result.Width % result.Height), columns(p % result.Width));
            windows[p] = new Rectangle(starts[p], row.To - row.From, column.To - column.From);
        }
        return new Pinned<Rectangle>(windows);
    }

    private static Source MakeProduct<T>(Group group, PackedBuffer data, CpuInstructions instructions) where T : unmanaged, INumberBase<T>
    {
        var geometry = GeometryOf(group);
        var weights = group.Head!.Operands[1].Constant!.Integers;
        int outputs = group.ResultView.Channels, channels = group.View.Channels;
        if (instructions == CpuInstructions.Portable || typeof(T) == typeof(int))
        {
            var wide = Window.Of(data.Layout, geometry, 1);
            return new WideProducts<T>(data, wide, PackedWeights.Pack<int>(weights, outputs, channels, geometry.Taps, wide, 1));
        }
        int lane = typeof(T) == typeof(byte) ? 4 : 2;
        var window = Window.Of(data.Layout, geometry, lane);
        var packed = lane == 4
            ? PackedWeights.Pack<sbyte>(weights, outputs, channels, geometry.Taps, window, lane)
            : PackedWeights.Pack<short>(weights, outputs, channels, geometry.Taps, window, lane);
        return (lane, instructions) switch
        {
            (4, CpuInstructions.AvxVnni) => new DotProducts<VnniQuadDot>(data, window, packed),
            (4, _) => new DotProducts<QuadDot>(data, window, packed),
            (_, CpuInstructions.AvxVnni) => new DotProducts<VnniPairDot>(data, window, packed),
            _ => new DotProducts<PairDot>(data, window, packed),
        };
    }

    private static Depthwise<T> MakeDepthwise<T>(Group group, PackedBuffer data) where T : unmanaged
    {
        var geometry = GeometryOf(group);
        var pixels = data.Layout.Offsets(geometry.Height, geometry.Width, (i, j) => ((i * geometry.StrideRows) - geometry.PaddingRows, (j * geometry.StrideColumns) - geometry.PaddingColumns));
        int[] taps = [.. from u in Enumerable.Range(0, geometry.KernelRows)
                         from v in Enumerable.Range(0, geometry.KernelColumns)
                         select (u * geometry.DilationRows * data.Layout.RowBytes) + (v * geometry.DilationColumns * data.Layout.PixelBytes)];
        var weights = group.Head!.Operands[1].Constant!.Integers;
        var packed = new Pinned<int>(data.Layout.Blocks * taps.Length * PackedLayout.Block);
        for (int c = 0; c < group.View.Channels; c++)
        {
            for (int tap = 0; tap < taps.Length; tap++)
                packed.Span[(((c / PackedLayout.Block * taps.Length) + tap) * PackedLayout.Block) + (c % PackedLayout.Block)] = weights[(c * taps.Length) + tap];
        }
        return new Depthwise<T>(data, new Window(new Pinned<int>(pixels), new Pinned<int>(taps), 1, 1), packed);
    }

    private static Geometry GeometryOf(Group group)
    {
        if (group.Head!.Spec == CvmConv.Dense) return Geometry.Dense;
        var rule = group.Head.Context;
        var (kernel, strides, padding, dilation) = (rule.Pair("kernel_size"), rule.Pair("strides"), rule.Pair("padding"), rule.Pair("dilation"));
        return new Geometry(group.ResultView.Height, group.ResultView.Width, (int)kernel.H, (int)kernel.W, (int)strides.H, (int)strides.W,
            (int)padding.H, (int)padding.W, (int)dilation.H, (int)dilation.W);
    }
}
