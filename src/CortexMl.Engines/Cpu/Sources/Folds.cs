using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using Range = (int From, int To);

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

/// <summary>A pixel's window of data pixels, cut at the edges of the image.</summary>
/// <param name="Start">Byte offset of its first pixel.</param>
internal readonly record struct Rectangle(int Start, int Rows, int Columns);

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

    public override bool Takes(KernelQuestion question) => question.Group.Head is { } head
        && (head.Spec == CvmPool.MaxPool2D || head.Spec == CvmReduce.Sum || head.Spec == CvmReduce.Max);

    protected override Source MakeSource<T>(KernelParts parts)
    {
        var (group, data) = (parts.Group, parts.Data);
        var (view, result, head) = (group.View, group.ResultView, group.Head!);
        if (head.Spec == CvmPool.MaxPool2D)
        {
            var window = SlidingWindow.Of(head);
            return new Folds<T, Largest>(data, Rectangles(
                data.Layout, result, i => window.Rows.Cover(i, view.Height), j => window.Columns.Cover(j, view.Width)));
        }
        var whole = Rectangles(data.Layout, result with { Height = 1, Width = 1 }, _ => (0, view.Height), _ => (0, view.Width));
        return head.Spec == CvmReduce.Sum ? new Folds<T, Sum>(data, whole) : new Folds<T, Largest>(data, whole);
    }

    private static Pinned<Rectangle> Rectangles(PackedLayout data, View result, Func<int, Range> rows, Func<int, Range> columns)
    {
        int[] starts = data.Offsets(result.Height, result.Width, (i, j) => (rows(i).From, columns(j).From));
        var rectangles = new Rectangle[starts.Length];
        for (int p = 0; p < starts.Length; p++)
        {
            var (row, column) = (rows(p / result.Width % result.Height), columns(p % result.Width));
            rectangles[p] = new Rectangle(starts[p], row.To - row.From, column.To - column.From);
        }
        return new Pinned<Rectangle>(rectangles);
    }
}
