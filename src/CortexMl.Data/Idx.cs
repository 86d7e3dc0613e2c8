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
    public static bool IsWhole(ReadOnlySpan<byte> bytes) => IsWhole(bytes, bytes.Length);

    /// <inheritdoc cref="IsWhole(ReadOnlySpan{byte})"/>
    /// <param name="start">The first <see cref="LongestHead"/> bytes, or all.</param>
    /// <param name="size">Of the whole file.</param>
    internal static bool IsWhole(ReadOnlySpan<byte> start, long size) =>
        HasMagic(start) && start.Length >= HeadLength(start) && size == Expected(start);

    /// <exception cref="DiagnosticException">CML0802 with the byte offset.</exception>
    public static Tensor Read(ReadOnlySpan<byte> bytes, string name)
    {
        var array = Find(bytes, bytes.Length, name);
        return TensorBytes.Read(
            array.Type, array.Shape, bytes.Slice((int)array.Offset, (int)array.Shape.Count * array.Type.Size()), array.BigEndian);
    }

    /// <summary>Where the elements lie.</summary>
    /// <inheritdoc cref="IsWhole(ReadOnlySpan{byte}, long)"/>
    /// <exception cref="DiagnosticException">CML0802 with the byte offset.</exception>
    internal static StoredArray Find(ReadOnlySpan<byte> bytes, long size, string name)
    {
        if (!HasMagic(bytes))
            throw new DiagnosticException(DataCodes.UnknownFormat,
                "this is not an IDX file: it does not begin with 0, 0, an element type and a rank", SourceLocation.At(name, 0));
        if (bytes.Length < HeadLength(bytes)) throw CutOff(name, size, HeadLength(bytes));
        double expected = Expected(bytes);
        if (size < expected) throw CutOff(name, size, expected);
        var dims = new int[bytes[3]];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = Dim(bytes, i) <= int.MaxValue ? (int)Dim(bytes, i)
                : throw new DiagnosticException(DataCodes.Malformed,
                    string.Create(CultureInfo.InvariantCulture, $"dimension {Dim(bytes, i)} is more than {int.MaxValue}"),
                    SourceLocation.At(name, 4 + 4 * i));
        return new(Types[bytes[2]], Shape.Of(dims), HeadLength(bytes), BigEndian: true);
    }

    /// <summary>Bytes that hold any head.</summary>
    internal const int LongestHead = 4 + 4 * 8;

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

    private static DiagnosticException CutOff(string name, long length, double expected) => new(
        DataCodes.Malformed,
        string.Create(CultureInfo.InvariantCulture, $"the file ends after {Counted.Of(length, "byte")}; its head promises {expected}"),
        SourceLocation.At(name, length), "the file was cut off: copy it again");
}
