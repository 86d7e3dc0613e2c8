using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CortexMl.Tensors;

namespace CortexMl.Ir;

/// <summary>
/// What a constant operation holds: the elements (float[] behind f32, int[] behind i&lt;p&gt;) and, where they still are what a
/// file or a seed gave, that origin, so that the text form can name it instead of listing them.
/// </summary>
public sealed class ConstantData
{
    private string? _digest;
    private Extremes? _extremes;

    public ConstantData(Tensor tensor, ConstantOrigin? origin = null)
    {
        if (tensor is not (Tensor<float> or Tensor<int>)) throw new ArgumentException($"a constant is f32 or int32, not {tensor.DType}");
        Tensor = tensor;
        Origin = origin;
    }

    public Tensor Tensor { get; }

    public ConstantOrigin? Origin { get; }

    public ReadOnlySpan<float> Floats => ((Tensor<float>)Tensor).Data;

    public ReadOnlySpan<int> Integers => ((Tensor<int>)Tensor).Data;

    /// <summary>Least and greatest element of an integer constant, found once; 0 and 0 of one without elements.</summary>
    public (int Least, int Greatest) Range
    {
        get
        {
            var found = _extremes ??= Extremes.Of(Integers);
            return (found.Least, found.Greatest);
        }
    }

    /// <summary>Lower-case hexadecimal SHA-256 of the elements in little-endian order.</summary>
    public string Digest => _digest ??= Convert.ToHexStringLower(SHA256.HashData(Tensor.Bytes));
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
        foreach (int value in data[(vectors.Length * Vector<int>.Count)..]) (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
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
