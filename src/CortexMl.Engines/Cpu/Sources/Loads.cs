using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>Elements as they are, from wherever each result pixel looks: the start of element-wise groups, and upsampling.</summary>
/// <param name="pixels">Byte offset of the pixel that every result pixel reads.</param>
internal sealed unsafe class Loads<T>(PackedBuffer data, Pinned<int> pixels) : Source where T : unmanaged
{
    public override void Fill(int block, int first, int count, int* sums) =>
        Run(data.Pointer + At(block, data.Layout), pixels.Pointer + first, count, sums);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte* data, int* pixels, int count, int* sums)
    {
        for (int p = 0; p < count; p++, sums += PackedLayout.Block)
        {
            Lanes.Load<T>(data + pixels[p], 0).Store(sums);
            Lanes.Load<T>(data + pixels[p], 8).Store(sums + 8);
        }
    }
}

/// <summary>Groups without head, and upsampling.</summary>
internal sealed class LoadsProvider : TypedSourceProvider
{
    public override int Tile => 1;

    public override bool Takes(KernelQuestion question) => IsHead(question.Group);

    public static bool IsHead(Group group) => group.Head is null || group.Head.Spec == CvmPool.UpSampling;

    /// <summary>Byte offset of the pixel that every result pixel reads.</summary>
    public static int[] Pixels(Group group, PackedLayout data)
    {
        if (group.Head is not { } head) return data.Pixels;
        int scale = (int)head.Int("scale");
        return data.Offsets(group.ResultView.Height, group.ResultView.Width, (i, j) => (i / scale, j / scale));
    }

    protected override Source MakeSource<T>(KernelParts parts) =>
        new Loads<T>(parts.Data, new Pinned<int>(Pixels(parts.Group, parts.Data.Layout)));
}
