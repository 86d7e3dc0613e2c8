using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Tensors;

/// <summary>What the elements of tensors take in memory, and which are too large for one tensor.</summary>
public static class TensorMemory
{
    /// <summary>Bytes that one tensor takes at most: its elements are one array, of which a span of bytes must be able to speak.</summary>
    public static long MostBytes => Array.MaxLength;

    /// <summary>Bytes of the elements; of dimensions whose product has no end, the largest number.</summary>
    public static Int128 Bytes(Shape shape, int elementBytes)
    {
        Int128 bytes = elementBytes;
        foreach (int dim in shape)
        {
            if (dim == 0) return 0;
            bytes = bytes > Int128.MaxValue / dim ? Int128.MaxValue : bytes * dim;
        }
        return bytes;
    }

    /// <summary>Why one tensor cannot have this shape, as a message; null where it can.</summary>
    /// <param name="what">The tensor, as the message begins.</param>
    public static string? Refusal(string what, Shape shape, int elementBytes)
    {
        var bytes = Bytes(shape, elementBytes);
        return bytes <= MostBytes ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"{what} takes {Counted.Grouped(bytes, "byte")}; a single tensor takes at most {MostBytes:N0}");
    }
}
