using System.Buffers.Binary;
using CortexMl.Cvm.Symbol;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Cvm.Params;

/// <summary>
/// Finds the tensors of a params file (CortexMl.Cvm/SPECIFICATION.md §3) without copying any. No count is believed: every length is
/// compared with the bytes that remain before anything is reserved for it.
/// </summary>
internal sealed class CvmParamsReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string _fileName;
    private int _at;

    private CvmParamsReader(ReadOnlyMemory<byte> bytes, string fileName)
    {
        _bytes = bytes;
        _fileName = fileName;
    }

    private int Left => _bytes.Length - _at;

    /// <exception cref="DiagnosticException">The first thing that is wrong, with the runtime's class and the byte offset.</exception>
    public static List<ParamsEntry> Read(ReadOnlyMemory<byte> bytes, string fileName) => new CvmParamsReader(bytes, fileName).ReadList();

    private List<ParamsEntry> ReadList()
    {
        if (ReadHeader("the list's magic number", FailureClass.Logic) is var magic && magic != ParamsFormat.ListMagic)
            throw Failure(FailureClass.Logic, CvmCodes.ParamsMagic, 0,
                $"no params file: it starts with {magic:X16}, expected {ParamsFormat.ListMagic:X16}");
        ReadHeader("the reserved word", FailureClass.Logic);
        var names = ReadNames();
        int at = _at;
        if (ReadHeader("the number of tensors", FailureClass.Logic) is var count && count != (ulong)names.Count)
            throw Failure(FailureClass.Logic, CvmCodes.ParamsTruncated, at,
                $"{Counted.Of(count, "tensor")} for {Counted.Of(names.Count, "name")}");
        return [.. names.Select(ReadTensor)];
    }

    private List<string> ReadNames()
    {
        int at = _at;
        ulong count = ReadHeader("the number of names", FailureClass.Logic);
        if (count >= 1UL << 58 || count > (ulong)Left / sizeof(ulong))
            throw Failure(FailureClass.Logic, CvmCodes.ParamsTruncated, at,
                $"{Counted.Of(count, "name")} announced, {Counted.Of(Left, "byte")} left");
        var names = new List<string>((int)count);
        for (ulong i = 0; i < count; i++)
        {
            at = _at;
            ulong length = ReadHeader("the length of a name", FailureClass.Logic);
            if (length > (ulong)Left)
                throw Failure(FailureClass.Logic, CvmCodes.ParamsTruncated, at,
                    $"a name of {Counted.Of(length, "byte")} announced, {Counted.Of(Left, "byte")} left");
            names.Add(ByteText.Decode(_bytes.Span.Slice(_at, (int)length)));
            _at += (int)length;
        }
        return names;
    }

    private ParamsEntry ReadTensor(string name)
    {
        int start = _at;
        if (ReadHeader(name, FailureClass.Runtime) is var magic && magic != ParamsFormat.TensorMagic)
            throw Tensor(name, start, $"starts with {magic:X16}, expected {ParamsFormat.TensorMagic:X16}");
        ReadHeader(name, FailureClass.Runtime);
        var fixedPart = Take(16, name);
        int device = BinaryPrimitives.ReadInt32LittleEndian(fixedPart), rank = BinaryPrimitives.ReadInt32LittleEndian(fixedPart[8..]);
        byte code = fixedPart[12], bits = fixedPart[13];
        ushort lanes = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[14..]);
        if (rank < 0)
            throw Failure(FailureClass.Logic, CvmCodes.ParamsTensor, start, $"tensor '{name}' has {Counted.Of(rank, "dimension")}");
        if (rank > Left / sizeof(long)) throw Truncated(name, start);
        var dims = new long[rank];
        for (int axis = 0; axis < rank; axis++) dims[axis] = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long), name));
        if (lanes < 1) throw Tensor(name, start, "has no lanes");
        bool whole = bits % 8 == 0 && (bits & (bits - 1)) == 0;
        if (!whole && !(bits == 1 && code == 1)) throw Tensor(name, start, $"has elements of {Counted.Of(bits, "bit")}");
        if (device is not (ParamsFormat.CpuDevice or ParamsFormat.FormalDevice))
            throw Tensor(name, start, $"is for device type {device}, expected {ParamsFormat.CpuDevice}");
        int data = _at + sizeof(long);
        long size = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long), name));
        if (ByteSize(dims, bits) is not { } needed || needed != size)
            throw Tensor(name, start,
                $"has {Counted.Of(size, "byte")} of data, which are not those of [{string.Join(", ", dims.Take(7))}]");
        if (size < 1) throw Tensor(name, start, "has no elements");
        if (size > Left) throw Truncated(name, start);
        _at += (int)size;
        return new ParamsEntry
        {
            Name = name, Offset = start, DeviceType = device, TypeCode = code, Bits = bits, Lanes = lanes, Dims = dims, DataOffset = data,
        };
    }

    /// <summary>Null for a negative product or one beyond 64 bits.</summary>
    private static long? ByteSize(long[] dims, int bits)
    {
        Int128 product = (bits + 7) / 8;
        foreach (long dim in dims)
        {
            product *= dim;
            if (product > long.MaxValue || product < long.MinValue) return null;
        }
        return product < 0 ? null : (long)product;
    }

    private ulong ReadHeader(string what, FailureClass failure)
    {
        if (Left < sizeof(ulong))
            throw Failure(failure, CvmCodes.ParamsTruncated, _at,
                $"the file ends inside {(failure == FailureClass.Logic ? what : $"tensor '{what}'")}");
        _at += sizeof(ulong);
        return BinaryPrimitives.ReadUInt64LittleEndian(_bytes.Span[(_at - sizeof(ulong))..]);
    }

    private ReadOnlySpan<byte> Take(int count, string name)
    {
        if (Left < count) throw Truncated(name, _at);
        _at += count;
        return _bytes.Span.Slice(_at - count, count);
    }

    private DiagnosticException Truncated(string name, int offset) =>
        Failure(FailureClass.Runtime, CvmCodes.ParamsTruncated, offset, $"the file ends inside tensor '{name}'");

    private DiagnosticException Tensor(string name, int offset, string message) =>
        Failure(FailureClass.Runtime, CvmCodes.ParamsTensor, offset, $"tensor '{name}' {message}");

    private DiagnosticException Failure(FailureClass failure, string code, int offset, string message) =>
        new(code, message, SourceLocation.At(_fileName, offset), failure: failure);
}

/// <summary>A name and where its tensor lies; the header is well formed and the data are all there, nothing else is known.</summary>
internal sealed class ParamsEntry
{
    public required string Name { get; init; }

    /// <summary>Byte offset of the tensor's magic number.</summary>
    public required int Offset { get; init; }

    public required int DeviceType { get; init; }

    public required byte TypeCode { get; init; }

    public required byte Bits { get; init; }

    public required ushort Lanes { get; init; }

    public required long[] Dims { get; init; }

    /// <summary>Byte offset of the first element.</summary>
    public required int DataOffset { get; init; }
}

/// <summary>Constants of the params file (CortexMl.Cvm/SPECIFICATION.md §3). All numbers are little-endian, nothing is padded.</summary>
internal static class ParamsFormat
{
    public const ulong ListMagic = 0xF7E58D4F05049CB7;
    public const ulong TensorMagic = 0xDD5E40F096B4A13F;
    public const int CpuDevice = 1;
    public const int FormalDevice = 3;
    public const byte SignedInteger = 0;
}
