using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>How a window of elements becomes one.</summary>
internal interface IFold
{
    static abstract int Start { get; }

    static abstract Vector256<int> Fold(Vector256<int> a, Vector256<int> b);
}

internal readonly struct Largest : IFold
{
    public static int Start => int.MinValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Fold(Vector256<int> a, Vector256<int> b) => Vector256.Max(a, b);
}

internal readonly struct Sum : IFold
{
    public static int Start => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Fold(Vector256<int> a, Vector256<int> b) => a + b;
}

/// <summary>Largest element or sum of every window, channel by channel.</summary>
internal sealed unsafe class Folds<T, TFold>(PackedBuffer data, Pinned<Rectangle> windows) : Source
    where T : unmanaged where TFold : struct, IFold
{
    public override void Fill(int block, int first, int count, int* sums) =>
        Run(data.Pointer + At(block, data.Layout), windows.Pointer + first, count, data.Layout.RowBytes, data.Layout.PixelBytes, sums);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte* data, Rectangle* windows, int count, int rowBytes, int pixelBytes, int* sums)
    {
        for (int p = 0; p < count; p++, sums += PackedLayout.Block)
        {
            Vector256<int> a = Vector256.Create(TFold.Start), b = a;
            byte* row = data + windows[p].Start;
            for (int i = 0; i < windows[p].Rows; i++, row += rowBytes)
            {
                byte* from = row;
                for (int j = 0; j < windows[p].Columns; j++, from += pixelBytes)
                {
                    a = TFold.Fold(a, Lanes.Load<T>(from, 0));
                    b = TFold.Fold(b, Lanes.Load<T>(from, 8));
                }
            }
            a.Store(sums);
            b.Store(sums + 8);
        }
    }
}

/// <summary>Maxima over windows, sums and maxima over the image.</summary>
internal sealed class FoldsProvider : TypedSourceProvider
{
    public override int Tile => 1;

    public override bool Takes(KernelQuestion question) => FoldWindows.IsHead(question.Group);

    protected override Source MakeSource<T>(KernelParts parts)
    {
        var windows = new Pinned<Rectangle>(FoldWindows.Of(parts.Group).In(parts.Data.Layout));
        return parts.Group.Head!.Spec == CvmReduce.Sum
            ? new Folds<T, Sum>(parts.Data, windows) : new Folds<T, Largest>(parts.Data, windows);
    }
}
