using System.Buffers.Binary;
using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Frontends.MxNet.Read;

/// <summary>
/// Reads little-endian fields from front to back; what is not there is a diagnostic with the byte offset, never an exception of the
/// runtime.
/// </summary>
internal ref struct ParamsCursor(ReadOnlySpan<byte> bytes, string file)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Offset { get; private set; }

    public readonly int Remaining => _bytes.Length - Offset;

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public int Int32(string what) => BinaryPrimitives.ReadInt32LittleEndian(Take(4, what));

    public long Int64(string what) => BinaryPrimitives.ReadInt64LittleEndian(Take(8, what));

    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    /// <summary>The next <paramref name="count"/> bytes.</summary>
    /// <exception cref="DiagnosticException">Fewer are left.</exception>
    public ReadOnlySpan<byte> Take(ulong count, string what)
    {
        if (count > (ulong)Remaining)
            throw Malformed($"{what} needs {Counted.Of(count, "byte")}, {Counted.Of(Remaining, "is", "are")} left",
                "the file was cut off or damaged: copy it again");
        var result = _bytes.Slice(Offset, (int)count);
        Offset += (int)count;
        return result;
    }

    /// <summary>A count of items that take at least <paramref name="itemBytes"/> each.</summary>
    public int Count(string what, int itemBytes)
    {
        int at = Offset;
        ulong count = UInt64(what);
        if (count > (ulong)(Remaining / itemBytes))
            throw Malformed(string.Create(CultureInfo.InvariantCulture,
                $"{what} is {count}, more than the {Counted.Of(Remaining, "byte")} left can hold"),
                "the file was cut off or damaged: copy it again", at);
        return (int)count;
    }

    public readonly DiagnosticException Malformed(string message, string? hint = null, int? at = null) =>
        new(FrontendCodes.ParamsMalformed, $"{file}: {message}", SourceLocation.At(file, at ?? Offset), hint);

    public readonly DiagnosticException Unsupported(string message, int at, string? hint = null) =>
        new(FrontendCodes.UnsupportedArray, $"{file}: {message}", SourceLocation.At(file, at), hint);
}
