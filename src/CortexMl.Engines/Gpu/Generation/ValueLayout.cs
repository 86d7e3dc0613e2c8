using System.Numerics;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>How a value lies in the device's memory.</summary>
/// <param name="Shape">[N, C, …]: at least rank 2 where interleaved.</param>
/// <param name="IsInterleaved">
/// [N, C / 4, …, 4] instead of row-major, so that four channels are one 32-bit word for dot products; the channels are filled up to a
/// multiple of four with bytes that hold anything.
/// </param>
internal sealed record ValueLayout(Shape Shape, KernelElement Element, bool IsInterleaved)
{
    public const int Lanes = 4;

    /// <summary>Groups of four channels.</summary>
    public int ChannelBlocks => (Shape[1] + Lanes - 1) / Lanes;

    /// <summary>Elements from one channel to the next in row-major order.</summary>
    public int Plane { get; } = Shape.Rank < 2 ? 1 : (int)Shape.Of(Shape.Dims[2..]).Count;

    /// <summary>In elements.</summary>
    public long Length => IsInterleaved ? (long)Shape[0] * ChannelBlocks * Plane * Lanes : Shape.Count;

    public long Bytes => Length * (int)Element;

    /// <summary>Where the element lies.</summary>
    public Expr Offset(ElementIndex index)
    {
        if (!IsInterleaved) return index.Flat;
        Expr channel = index[1], word = (((index[0] * ChannelBlocks) + (channel / Lanes)) * Plane) + PlaneOffset(index);
        return (word * Lanes) + (channel % Lanes);
    }

    /// <summary>
    /// The row-major numbers of the elements in the order of the memory, -1 for filling; null where the memory is row-major.
    /// </summary>
    public int[]? Order()
    {
        if (!IsInterleaved) return null;
        int[] order = new int[Length];
        int at = 0, channels = Shape[1];
        for (int n = 0; n < Shape[0]; n++)
        {
            for (int block = 0; block < channels; block += Lanes)
            {
                for (int pixel = 0; pixel < Plane; pixel++)
                    for (int lane = block; lane < block + Lanes; lane++)
                        order[at++] = lane < channels ? (((n * channels) + lane) * Plane) + pixel : -1;
            }
        }
        return order;
    }

    /// <summary>A tensor's numbers as they lie in memory; they fit the element.</summary>
    /// <param name="order">See <see cref="Order"/>.</param>
    public T[] Pack<T>(int[]? order, int[] tensor) where T : unmanaged, IBinaryInteger<T>
    {
        var elements = new T[Length];
        for (int i = 0; i < elements.Length; i++)
        {
            int from = order is null ? i : order[i];
            if (from >= 0) elements[i] = T.CreateTruncating(tensor[from]);
        }
        return elements;
    }

    /// <summary>The tensor of what lies in memory.</summary>
    /// <param name="order">See <see cref="Order"/>.</param>
    public int[] Unpack<T>(int[]? order, ReadOnlySpan<T> elements) where T : unmanaged, IBinaryInteger<T>
    {
        int[] tensor = new int[Shape.Count];
        for (int i = 0; i < elements.Length; i++)
        {
            int to = order is null ? i : order[i];
            if (to >= 0) tensor[to] = int.CreateTruncating(elements[i]);
        }
        return tensor;
    }

    private Expr PlaneOffset(ElementIndex index)
    {
        Expr offset = 0;
        int[] strides = Shape.Strides();
        for (int axis = 2; axis < Shape.Rank; axis++) offset += index[axis] * strides[axis];
        return offset;
    }
}
