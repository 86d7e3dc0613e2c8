using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CortexMl.Diagnostics;

namespace CortexMl.Tensors;

/// <summary>The head of a .npy file. Source: the NumPy format description (numpy.lib.format), versions 1.0, 2.0 and 3.0.</summary>
/// <param name="DataOffset">Byte offset of the first element.</param>
internal sealed partial record NpyHeader(DType Type, bool BigEndian, bool FortranOrder, Shape Shape, int DataOffset)
{
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static readonly (string Code, DType Type)[] Codes =
    [
        ("f2", DType.F16), ("f4", DType.F32), ("f8", DType.F64), ("i1", DType.I8), ("u1", DType.U8), ("i2", DType.I16), ("u2", DType.U16),
        ("i4", DType.I32), ("u4", DType.U32), ("i8", DType.I64), ("u8", DType.U64), ("b1", DType.Bool),
    ];

    public static bool IsNpy(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <exception cref="DiagnosticException">CML0104 with the byte offset.</exception>
    public static NpyHeader Parse(ReadOnlySpan<byte> bytes, string name) => Parse(bytes, bytes.Length, name, int.MaxValue)!;

    /// <param name="bytes">The start of the file.</param>
    /// <param name="size">Of the file.</param>
    /// <param name="most">Elements that are taken.</param>
    /// <returns>Null where the head is longer than the bytes.</returns>
    /// <exception cref="DiagnosticException">CML0104 with the byte offset.</exception>
    public static NpyHeader? Parse(ReadOnlySpan<byte> bytes, long size, string name, double most)
    {
        if (!IsNpy(bytes)) throw Malformed(name, 0, "this is not a .npy file: it does not begin with \\x93NUMPY");
        if (bytes.Length < 10) throw Malformed(name, bytes.Length, "the file ends inside the .npy header");
        int version = bytes[6];
        if (version is < 1 or > 3) throw Malformed(name, 6, $"this is .npy version {Number(version)}; versions 1 to 3 are known");
        int start = version == 1 ? 10 : 12;
        if (bytes.Length < start) throw Malformed(name, bytes.Length, "the file ends inside the .npy header");
        long length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (length > size - start)
            throw Malformed(name, 8,
                $"the header claims {Counted.Of(length, "byte")}, but only {Counted.Of(size - start, "is", "are")} left");
        if (length > bytes.Length - start) return null;
        string text = Encoding.UTF8.GetString(bytes.Slice(start, (int)length));
        return Parse(text, (int)(start + length), name, most);
    }

    /// <summary>The bytes that NumPy itself writes: version 1.0, padded with blanks to a multiple of 64.</summary>
    public static byte[] Write(Tensor tensor)
    {
        string code = Array.Find(Codes, c => c.Type == tensor.DType).Code;
        string dims = string.Join(", ", tensor.Shape.Select(d => Number(d))) + (tensor.Shape.Rank == 1 ? "," : "");
        string text = $"{{'descr': '{(tensor.DType.Size() == 1 ? "|" : "<")}{code}', 'fortran_order': False, 'shape': ({dims}), }}";
        int length = (10 + text.Length + 1 + 63) / 64 * 64 - 10;
        var bytes = new byte[10 + length];
        Magic.CopyTo(bytes, 0);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)length));
        Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n").CopyTo(bytes, 10);
        return bytes;
    }

    private static NpyHeader Parse(string text, int dataOffset, string name, double most)
    {
        var descr = Descr().Match(text);
        var order = FortranOrderEntry().Match(text);
        var shape = ShapeEntry().Match(text);
        if (!descr.Success || !order.Success || !shape.Success)
            throw Malformed(
                name, 10, "the .npy header lacks descr, fortran_order or shape", "structured types are not supported: save a plain array");
        string code = descr.Groups["code"].Value;
        int at = Array.FindIndex(Codes, c => c.Code == code);
        if (at < 0)
            throw Malformed(name, 10, $"element type '{code}' is not supported",
                $"allowed: {string.Join(", ", Codes.Select(c => c.Code))}; convert with astype");
        return new(Codes[at].Type, descr.Groups["order"].Value == ">", order.Groups[1].Value == "True",
            Dims(shape.Groups[1].Value, name, most), dataOffset);
    }

    private static Shape Dims(string text, string name, double most)
    {
        var dims = new List<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int dim))
                throw Malformed(name, 10, $"dimension '{part}' is not in 0..{Number(int.MaxValue)}");
            dims.Add(dim);
        }
        if (dims.Count > 32) throw Malformed(name, 10, $"{Counted.Of(dims.Count, "dimension")}; at most 32 are allowed");
        if (dims.Aggregate(1.0, (product, dim) => product * Math.Max(dim, 1)) > most)
            throw Malformed(name, 10, $"shape ({text.Trim()}) has more than {Counted.Of((long)most, "element")}");
        return Shape.Of(dims);
    }

    internal static DiagnosticException Malformed(string name, long offset, string message, string? hint = null) =>
        new(DiagnosticCodes.TensorMalformed, message, SourceLocation.At(name, offset), hint);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"](?<order>[<>=|]?)(?<code>[a-zA-Z][0-9]*)['"]""")]
    private static partial Regex Descr();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex FortranOrderEntry();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^)]*)\)""")]
    private static partial Regex ShapeEntry();
}
