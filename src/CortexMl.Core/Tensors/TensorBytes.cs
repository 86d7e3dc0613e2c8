using System.Runtime.InteropServices;

namespace CortexMl.Tensors;

/// <summary>Tensors from stored elements.</summary>
public static class TensorBytes
{
    /// <param name="bytes">Exactly shape.Count elements, row-major.</param>
    public static Tensor Read(DType type, Shape shape, ReadOnlySpan<byte> bytes, bool bigEndian = false) => type switch
    {
        DType.F16 => Copy<Half>(shape, bytes, bigEndian),
        DType.F32 => Copy<float>(shape, bytes, bigEndian),
        DType.F64 => Copy<double>(shape, bytes, bigEndian),
        DType.I8 => Copy<sbyte>(shape, bytes, bigEndian),
        DType.U8 => Copy<byte>(shape, bytes, bigEndian),
        DType.I16 => Copy<short>(shape, bytes, bigEndian),
        DType.U16 => Copy<ushort>(shape, bytes, bigEndian),
        DType.I32 => Copy<int>(shape, bytes, bigEndian),
        DType.U32 => Copy<uint>(shape, bytes, bigEndian),
        DType.I64 => Copy<long>(shape, bytes, bigEndian),
        DType.U64 => Copy<ulong>(shape, bytes, bigEndian),
        _ => Tensor.Create(shape, Array.ConvertAll(bytes.ToArray(), b => b != 0)),
    };

    private static Tensor<T> Copy<T>(Shape shape, ReadOnlySpan<byte> bytes, bool bigEndian) where T : unmanaged
    {
        var data = new T[checked((int)shape.Count)];
        var target = MemoryMarshal.AsBytes(data.AsSpan());
        bytes.CopyTo(target);
        int size = target.Length / Math.Max(1, data.Length);
        if (bigEndian && size > 1)
            for (int at = 0; at < target.Length; at += size) target.Slice(at, size).Reverse();
        return Tensor.Create(shape, data);
    }
}
