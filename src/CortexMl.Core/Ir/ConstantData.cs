using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Ir;

/// <summary>
/// What a constant operation holds: the elements (float[] behind f32, int[] behind i&lt;p&gt;) and, where they still are what a
/// file or a seed gave, that origin, so that the text form can name it instead of listing them.
/// </summary>
public sealed class ConstantData
{
    private readonly Tensor? _tensor;
    private readonly ReadOnlyMemory<byte> _bytes;
    private WeakReference<Tensor<int>>? _widened;
    private string? _digest;
    private Extremes? _extremes;

    public ConstantData(Tensor tensor, ConstantOrigin? origin = null)
    {
        if (tensor is not (Tensor<float> or Tensor<int>)) throw new ArgumentException($"a constant is f32 or int32, not {tensor.DType}");
        (_tensor, Shape, Origin) = (tensor, tensor.Shape, origin);
    }

    /// <summary>An integer constant whose elements stay in a byte each, two's complement: a quarter of the memory.</summary>
    /// <param name="bytes">Must not change as long as the constant lives.</param>
    public ConstantData(Shape shape, ReadOnlyMemory<byte> bytes)
    {
        if (shape.Count != bytes.Length)
            throw new ArgumentException($"{Counted.Of(bytes.Length, "element does", "elements do")} not fill shape {shape}");
        (_bytes, Shape) = (bytes, shape);
    }

    public Shape Shape { get; }

    public bool IsFloat => _tensor is Tensor<float>;

    /// <summary>The elements; made anew, and kept as long as somebody uses it, where they stay in bytes.</summary>
    public Tensor Tensor => _tensor ?? Widened();

    public ConstantOrigin? Origin { get; }

    public ReadOnlySpan<float> Floats => ((Tensor<float>)Tensor).Data;

    public ReadOnlySpan<int> Integers => ((Tensor<int>)Tensor).Data;

    /// <summary>Least and greatest element of an integer constant, found once; 0 and 0 of one without elements.</summary>
    public (int Least, int Greatest) Range
    {
        get
        {
            var found = _extremes ??= _tensor is null ? Extremes.Of(MemoryMarshal.Cast<byte, sbyte>(_bytes.Span)) : Extremes.Of(Integers);
            return (found.Least, found.Greatest);
        }
    }

    /// <summary>A part of the integers.</summary>
    /// <param name="buffer">Holds them where they stay in bytes; at least as long as the part.</param>
    public ReadOnlySpan<int> Part(int start, int count, Span<int> buffer)
    {
        if (_tensor is not null) return Integers.Slice(start, count);
        Widen(_bytes.Span.Slice(start, count), buffer);
        return buffer[..count];
    }

    /// <summary>Lower-case hexadecimal SHA-256 of the elements in little-endian order.</summary>
    public string Digest => _digest ??= Convert.ToHexStringLower(SHA256.HashData(Tensor.Bytes));

    private Tensor<int> Widened()
    {
        if (_widened is { } known && known.TryGetTarget(out var tensor)) return tensor;
        tensor = Tensor.Zeros<int>(Shape);
        Widen(_bytes.Span, tensor.Data);
        _widened = new WeakReference<Tensor<int>>(tensor);
        return tensor;
    }

    private static void Widen(ReadOnlySpan<byte> from, Span<int> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = (sbyte)from[i];
    }
}

/// <summary>Least and greatest of many numbers.</summary>
internal sealed record Extremes(int Least, int Greatest)
{
    public static Extremes Of(ReadOnlySpan<int> data)
    {
        if (data.IsEmpty) return new(0, 0);
        var vectors = MemoryMarshal.Cast<int, Vector<int>>(data);
        Vector<int> lows = new(data[0]), highs = lows;
        foreach (var vector in vectors) (lows, highs) = (Vector.Min(lows, vector), Vector.Max(highs, vector));
        int least = data[0], greatest = data[0];
        for (int i = 0; i < Vector<int>.Count; i++) (least, greatest) = (Math.Min(least, lows[i]), Math.Max(greatest, highs[i]));
        foreach (int value in data[(vectors.Length * Vector<int>.Count)..])
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        return new(least, greatest);
    }

    public static Extremes Of(ReadOnlySpan<sbyte> data)
    {
        if (data.IsEmpty) return new(0, 0);
        sbyte least = data[0], greatest = data[0];
        foreach (sbyte value in data) (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        return new(least, greatest);
    }
}

/// <summary>Where a constant's elements came from.</summary>
public abstract record ConstantOrigin
{
    /// <summary><c>file("dapp.params", "conv0.weight")</c>; the path is relative to the text file that names it.</summary>
    public sealed record File(string Path, string Key) : ConstantOrigin;

    /// <summary><c>random(7)</c>: the seeded generator of the text form.</summary>
    public sealed record Random(long Seed) : ConstantOrigin;
}
