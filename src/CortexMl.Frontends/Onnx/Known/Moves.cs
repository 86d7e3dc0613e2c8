using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Known;

/// <summary>Known tensors moved element by element, whatever their type.</summary>
internal static class Moves
{
    public static Tensor Transpose(Tensor tensor, int[] axes)
    {
        int[] strides = tensor.Shape.Strides();
        return Walk(tensor, Shape.Of(axes.Select(a => tensor.Shape[a])), [.. axes.Select(a => strides[a])], 0);
    }

    /// <summary>NumPy broadcasting.</summary>
    public static Tensor Broadcast(Tensor tensor, Shape shape)
    {
        if (tensor.Shape == shape) return tensor;
        int[] own = tensor.Shape.Strides(), strides = new int[shape.Rank];
        for (int i = 1; i <= tensor.Shape.Rank; i++) strides[^i] = tensor.Shape[^i] == 1 ? 0 : own[^i];
        return Walk(tensor, shape, strides, 0);
    }

    /// <summary>Every step-th element from begin on, counts[axis] of them.</summary>
    public static Tensor Slice(Tensor tensor, int[] begin, int[] counts, int[] steps)
    {
        int[] strides = tensor.Shape.Strides();
        int offset = 0;
        for (int axis = 0; axis < begin.Length; axis++) offset += begin[axis] * strides[axis];
        return Walk(tensor, Shape.Of(counts), [.. strides.Select((s, axis) => s * steps[axis])], offset);
    }

    /// <param name="shape">Shape of the result; all tensors agree with it but along the axis.</param>
    public static Tensor Concat(IReadOnlyList<Tensor> tensors, int axis, Shape shape)
    {
        if (shape.Count == 0) return Constants.Pick(tensors[0], shape, []);
        int size = tensors[0].DType.Size(), before = (int)Shape.Of(shape.Take(axis)).Count, at = 0;
        var bytes = new byte[checked((int)shape.Count * size)];
        for (int i = 0; i < before; i++)
            foreach (var tensor in tensors)
            {
                int length = tensor.Length / before * size;
                tensor.Bytes.Slice(i * length, length).CopyTo(bytes.AsSpan(at));
                at += length;
            }
        return TensorBytes.Read(tensors[0].DType, shape, bytes);
    }

    /// <summary>The slices of an axis at these indices; their shape takes the axis' place.</summary>
    public static Tensor Gather(Tensor tensor, long[] indices, Shape indexShape, int axis)
    {
        int before = (int)Shape.Of(tensor.Shape.Take(axis)).Count, behind = (int)Shape.Of(tensor.Shape.Skip(axis + 1)).Count;
        var shape = Shape.Of([.. tensor.Shape.Take(axis), .. indexShape, .. tensor.Shape.Skip(axis + 1)]);
        var from = new int[before * indices.Length * behind];
        int at = 0;
        for (int b = 0; b < before; b++)
            foreach (long index in indices)
                for (int i = 0; i < behind; i++) from[at++] = (b * tensor.Shape[axis] + (int)index) * behind + i;
        return Constants.Pick(tensor, shape, from);
    }

    private static Tensor Walk(Tensor tensor, Shape shape, int[] strides, int offset)
    {
        if (shape.Count == 0) return Constants.Pick(tensor, shape, []);
        var from = new int[checked((int)shape.Count)];
        var position = new int[shape.Rank];
        for (int i = 0, at = offset; i < from.Length; i++)
        {
            from[i] = at;
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                at += strides[axis];
                if (++position[axis] < shape[axis]) break;
                at -= strides[axis] * shape[axis];
                position[axis] = 0;
            }
        }
        return Constants.Pick(tensor, shape, from);
    }
}
