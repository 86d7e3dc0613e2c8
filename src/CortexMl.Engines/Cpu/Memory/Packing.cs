using System.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>Copies rows between NCHW in int32 and packed layouts. A row is one of n · Height.</summary>
internal static unsafe class Packing
{
    public static void Pack(ReadOnlySpan<int> plain, PackedBuffer packed, int fromRow, int toRow)
    {
        fixed (int* from = plain)
        {
            for (int row = fromRow; row < toRow; row++)
            {
                if (packed.Layout.Kind == ElementKind.Byte) PackRow<byte>(from, packed, row);
                else if (packed.Layout.Kind == ElementKind.Short) PackRow<short>(from, packed, row);
                else PackRow<int>(from, packed, row);
            }
        }
    }

    public static void Unpack(PackedBuffer packed, Span<int> plain, int fromRow, int toRow)
    {
        fixed (int* to = plain)
        {
            for (int row = fromRow; row < toRow; row++)
            {
                if (packed.Layout.Kind == ElementKind.Byte) UnpackRow<byte>(packed, to, row);
                else if (packed.Layout.Kind == ElementKind.Short) UnpackRow<short>(packed, to, row);
                else UnpackRow<int>(packed, to, row);
            }
        }
    }

    /// <summary>A copy of the whole value.</summary>
    public static Tensor<int> Read(PackedBuffer packed, Shape shape)
    {
        var tensor = Tensor.Zeros<int>(shape);
        Unpack(packed, tensor.Data, 0, packed.Layout.View.Rows);
        return tensor;
    }

    private static void PackRow<T>(int* plain, PackedBuffer packed, int row) where T : unmanaged, INumberBase<T>
    {
        var view = packed.Layout.View;
        int stride = packed.Layout.Stride, offset = packed.Layout.Offset;
        T* start = (T*)(packed.Pointer + packed.Layout.Row(row));
        int* from = plain + Element(view, row);
        if (view is { Height: 1, Width: 1 })
        {
            for (int c = 0; c < view.Channels; c++) start[c] = T.CreateTruncating(from[c] + offset);
            return;
        }
        nint plane = (nint)view.Height * view.Width;
        int done = typeof(T) != typeof(byte) ? 0
            : BytePacking.Row(from, plane, (byte*)start, stride, view.Channels, view.Width, offset);
        from += done * plane;
        for (int c = done; c < view.Channels; c++, from += plane)
        {
            T* to = start + c;
            for (int j = 0; j < view.Width; j++, to += stride) *to = T.CreateTruncating(from[j] + offset);
        }
    }

    private static void UnpackRow<T>(PackedBuffer packed, int* plain, int row) where T : unmanaged, INumberBase<T>
    {
        var view = packed.Layout.View;
        int stride = packed.Layout.Stride, offset = packed.Layout.Offset;
        T* start = (T*)(packed.Pointer + packed.Layout.Row(row));
        int* to = plain + Element(view, row);
        if (view is { Height: 1, Width: 1 })
        {
            for (int c = 0; c < view.Channels; c++) to[c] = int.CreateTruncating(start[c]) - offset;
            return;
        }
        for (int c = 0; c < view.Channels; c++, to += view.Height * view.Width)
        {
            T* from = start + c;
            for (int j = 0; j < view.Width; j++, from += stride) to[j] = int.CreateTruncating(*from) - offset;
        }
    }

    /// <summary>Index of a row's first element in the first channel.</summary>
    private static nint Element(View view, int row) =>
        ((nint)(row / view.Height) * view.Channels * view.Height * view.Width) + ((nint)(row % view.Height) * view.Width);
}
