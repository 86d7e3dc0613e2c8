using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Known;

/// <summary>Tensors that are known at import: built, converted, and read element by element.</summary>
internal static class Constants
{
    public static bool IsReal(this DType type) => type == DType.F32;

    /// <summary>Every element as a 64-bit integer; reals are truncated toward zero.</summary>
    public static long[] Longs(this Tensor tensor) => tensor switch
    {
        Tensor<long> t => t.Data,
        Tensor<ulong> t => Array.ConvertAll(t.Data, v => (long)v),
        _ => Read(tensor, v => (long)v),
    };

    public static double[] Doubles(this Tensor tensor) => Read(tensor, v => v);

    /// <summary>A tensor of an integer type or bool; elements wrap as C# casts do.</summary>
    public static Tensor FromLongs(DType type, Shape shape, long[] data) => type switch
    {
        DType.I8 => Tensor.Create(shape, Array.ConvertAll(data, v => (sbyte)v)),
        DType.U8 => Tensor.Create(shape, Array.ConvertAll(data, v => (byte)v)),
        DType.I16 => Tensor.Create(shape, Array.ConvertAll(data, v => (short)v)),
        DType.U16 => Tensor.Create(shape, Array.ConvertAll(data, v => (ushort)v)),
        DType.I32 => Tensor.Create(shape, Array.ConvertAll(data, v => (int)v)),
        DType.U32 => Tensor.Create(shape, Array.ConvertAll(data, v => (uint)v)),
        DType.U64 => Tensor.Create(shape, Array.ConvertAll(data, v => (ulong)v)),
        DType.Bool => Tensor.Create(shape, Array.ConvertAll(data, v => v != 0)),
        _ => Tensor.Create(shape, data),
    };

    public static Tensor FromDoubles(DType type, Shape shape, double[] data) =>
        type.IsReal()
            ? Tensor.Create(shape, Array.ConvertAll(data, v => (float)v))
            : FromLongs(type, shape, Array.ConvertAll(data, v => (long)v));

    /// <summary>The same elements in another type.</summary>
    public static Tensor Cast(Tensor tensor, DType type)
    {
        if (tensor.DType == type) return tensor;
        if (type.IsReal()) return tensor.ToFloat();
        return type == DType.Bool
            ? FromLongs(type, tensor.Shape, Read(tensor, v => v != 0 ? 1L : 0))
            : FromLongs(type, tensor.Shape, tensor.Longs());
    }

    /// <summary>The elements at these row-major indices, under another shape.</summary>
    public static Tensor Pick(Tensor tensor, Shape shape, int[] indices)
    {
        int size = tensor.DType.Size();
        var source = tensor.Bytes;
        var bytes = new byte[checked(indices.Length * size)];
        for (int i = 0; i < indices.Length; i++) source.Slice(indices[i] * size, size).CopyTo(bytes.AsSpan(i * size));
        return TensorBytes.Read(tensor.DType, shape, bytes);
    }

    private static T[] Read<T>(Tensor tensor, Func<double, T> convert)
    {
        var result = new T[tensor.Length];
        for (int i = 0; i < result.Length; i++) result[i] = convert(tensor.GetDouble(i));
        return result;
    }
}

/// <summary>What the constants of a model take in memory, counted before they are allocated.</summary>
internal sealed class MemoryBudget(long limit)
{
    private long _taken;

    /// <exception cref="DiagnosticException">CML0106.</exception>
    public void Reserve(string name, Shape shape, int elementBytes)
    {
        var bytes = TensorMemory.Bytes(shape, elementBytes);
        if (bytes > limit - _taken)
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                string.Create(CultureInfo.InvariantCulture,
                    $"constant '{name}' {shape} exceeds the memory limit: it takes {Counted.Of(bytes, "byte")}; ")
                + $"{Counted.Part(_taken, limit, "byte", "is", "are")} taken",
                hint: "raise --max-memory if this is meant");
        if (TensorMemory.Refusal($"constant '{name}' {shape}", shape, elementBytes) is { } refusal)
            throw new DiagnosticException(DiagnosticCodes.TooLarge, refusal, hint: "split it into several constants");
        _taken += (long)bytes;
    }
}
