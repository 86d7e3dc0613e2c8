using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CortexMl.Engines.Cpu.Memory;

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

/// <summary>A pixel's window of data pixels, cut at the edges of the image.</summary>
/// <param name="Start">Byte offset of its first pixel.</param>
internal readonly record struct Rectangle(int Start, int Rows, int Columns);

/// <summary>Largest element or sum of every window, channel by channel.</summary>
internal sealed unsafe class Folds<T, TFold>(PackedBuffer data, Pinned<Rectangle> windows) : Source where T : unmanaged where TFold
    : struct, IFold
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
