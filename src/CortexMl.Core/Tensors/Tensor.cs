using System.Runtime.InteropServices;
using CortexMl.Diagnostics;

namespace CortexMl.Tensors;

/// <summary>A dense row-major tensor in memory.</summary>
public abstract class Tensor
{
    private protected Tensor(Shape shape, DType type)
    {
        Shape = shape;
        DType = type;
    }

    public Shape Shape { get; }

    public DType DType { get; }

    /// <summary>Number of elements.</summary>
    public abstract int Length { get; }

    /// <summary>The elements as stored, in the machine's (little-endian) byte order.</summary>
    public abstract ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Element <paramref name="index"/> in row-major order, exact for every type but 64-bit integers beyond 2^53.</summary>
    public abstract double GetDouble(int index);

    /// <summary>The same elements under another shape of the same size; the storage is shared.</summary>
    public abstract Tensor Reshape(Shape shape);

    /// <summary>Every element converted; float to integer truncates toward zero and integers wrap, as C# casts do.</summary>
    public Tensor<float> ToFloat() => this as Tensor<float> ?? Tensor.Create(Shape, Convert(i => (float)GetDouble(i)));

    /// <summary>Every element as double.</summary>
    public Tensor<double> ToDouble() => this as Tensor<double> ?? Tensor.Create(Shape, Convert(GetDouble));

    /// <summary>Every element as 32-bit integer; meant for integer tensors within that range.</summary>
    public Tensor<int> ToInt32() => this as Tensor<int> ?? Tensor.Create(Shape, Convert(i => (int)GetDouble(i)));

    public static Tensor<T> Create<T>(Shape shape, T[] data) where T : unmanaged => new(shape, data);

    public static Tensor<T> Zeros<T>(Shape shape) where T : unmanaged => new(shape, new T[checked((int)shape.Count)]);

    public static Tensor<T> Scalar<T>(T value) where T : unmanaged => new(Shape.Scalar, [value]);

    /// <summary>A rank-1 tensor of the given elements.</summary>
    public static Tensor<T> Vector<T>(params T[] data) where T : unmanaged => new(Shape.Of(data.Length), data);

    private T[] Convert<T>(Func<int, T> convert)
    {
        var result = new T[Length];
        for (int i = 0; i < result.Length; i++) result[i] = convert(i);
        return result;
    }
}

/// <inheritdoc/>
public sealed class Tensor<T> : Tensor where T : unmanaged
{
    internal Tensor(Shape shape, T[] data) : base(shape, DTypes.Of<T>())
    {
        if (shape.Count != data.Length)
            throw new ArgumentException($"{Counted.Of(data.Length, "element does", "elements do")} not fill shape {shape}");
        Data = data;
    }

    public T[] Data { get; }

    public override int Length => Data.Length;

    public override ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(Data.AsSpan());

    public override Tensor<T> Reshape(Shape shape) => new(shape, Data);

    public override double GetDouble(int index) => Data[index] switch
    {
        Half v => (double)v,
        float v => v,
        double v => v,
        sbyte v => v,
        byte v => v,
        short v => v,
        ushort v => v,
        int v => v,
        uint v => v,
        long v => v,
        ulong v => v,
        bool v => v ? 1 : 0,
        _ => throw new NotSupportedException(),
    };
}
