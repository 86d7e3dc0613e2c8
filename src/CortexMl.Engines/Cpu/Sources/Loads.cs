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

    public override bool Takes(KernelQuestion question) => question.Group.Head is null || question.Group.Head.Spec == CvmPool.UpSampling;

    protected override Source MakeSource<T>(KernelParts parts)
    {
        var (layout, result) = (parts.Data.Layout, parts.Group.ResultView);
        if (parts.Group.Head is not { } head) return new Loads<T>(parts.Data, new Pinned<int>(layout.Pixels));
        int scale = (int)head.Int("scale");
        return new Loads<T>(parts.Data, new Pinned<int>(layout.Offsets(result.Height, result.Width, (i, j) => (i / scale, j / scale))));
    }
}
