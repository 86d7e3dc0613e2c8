using System.Buffers.Binary;
using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Data;

/// <summary>
/// The IDX format of the MNIST files: two zero bytes, an element type, the rank, big-endian 32-bit dimensions, then big-endian elements.
/// Source: the format description that ships with MNIST.
/// </summary>
public static class Idx
{
    private static readonly Dictionary<byte, DType> Types = new()
    {
        [0x08] = DType.U8, [0x09] = DType.I8, [0x0b] = DType.I16, [0x0c] = DType.I32, [0x0d] = DType.F32, [0x0e] = DType.F64,
    };

    /// <summary>Whether the bytes begin as IDX does; other binary data may by chance.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> bytes) => bytes is [0, 0, var type, >= 1 and <= 8, ..] && Types.ContainsKey(type);

    /// <summary>Whether head and length agree, which chance does not bring about.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        HasMagic(bytes) && bytes.Length >= HeadLength(bytes) && bytes.Length == Expected(bytes);

    /// <exception cref="DiagnosticException">CML0802 with the byte offset.</exception>
    public static Tensor Read(ReadOnlySpan<byte> bytes, string name)
    {
        if (!HasMagic(bytes))
            throw new DiagnosticException(DataCodes.UnknownFormat,
                "this is not an IDX file: it does not begin with 0, 0, an element type and a rank", SourceLocation.At(name, 0));
        if (bytes.Length < HeadLength(bytes)) throw CutOff(name, bytes.Length, HeadLength(bytes));
        double expected = Expected(bytes);
        if (bytes.Length < expected) throw CutOff(name, bytes.Length, expected);
        var dims = new int[bytes[3]];
        for (int i = 0; i < dims.Length; i++) dims[i] = (int)Dim(bytes, i);
        var shape = Shape.Of(dims);
        var type = Types[bytes[2]];
        return TensorBytes.Read(type, shape, bytes.Slice(HeadLength(bytes), (int)shape.Count * type.Size()), bigEndian: true);
    }

    private static int HeadLength(ReadOnlySpan<byte> bytes) => 4 + 4 * bytes[3];

    private static uint Dim(ReadOnlySpan<byte> bytes, int axis) => BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 + 4 * axis)..]);

    /// <summary>
    /// Length of the whole file; as double, so that hostile dimensions cannot wrap. A zero dimension does not excuse the others.
    /// </summary>
    private static double Expected(ReadOnlySpan<byte> bytes)
    {
        double elements = Types[bytes[2]].Size(), padded = elements;
        for (int axis = 0; axis < bytes[3]; axis++)
        {
            elements *= Dim(bytes, axis);
            padded *= Math.Max(1, Dim(bytes, axis));
        }
        return HeadLength(bytes) + (padded > int.MaxValue ? padded : elements);
    }

    private static DiagnosticException CutOff(string name, int length, double expected) => new(
        DataCodes.Malformed,
        string.Create(CultureInfo.InvariantCulture, $"the file ends after {Counted.Of(length, "byte")}; its head promises {expected}"),
        SourceLocation.At(name, length), "the file was cut off: copy it again");
}
