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
    public static Source Make(Group group, PackedBuffer data, CpuInstructions instructions, HeldWeights held) => data.Layout.Kind switch
    {
        ElementKind.Byte => Make<byte>(group, data, instructions, held),
        ElementKind.Short => Make<short>(group, data, instructions, held),
        _ => Make<int>(group, data, instructions, held),
    };

    private static Source Make<T>(Group group, PackedBuffer data, CpuInstructions instructions, HeldWeights held)
        where T : unmanaged, INumberBase<T>
    {
        if (group.Head is not { } head) return new Loads<T>(data, new Pinned<int>(data.Layout.Pixels));
        if (group.IsDepthwise) return DepthwiseMaker.Make<T>(group, data, instructions);
        if (group.IsProduct) return ProductMaker.Make<T>(group, data, instructions, held);
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
            return new Folds<T, Largest>(data,
                Windows(data.Layout, result, i => Cut(i, strides.H, padding.H, pool.H, view.Height),
                j => Cut(j, strides.W, padding.W, pool.W, view.Width)));
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
}
