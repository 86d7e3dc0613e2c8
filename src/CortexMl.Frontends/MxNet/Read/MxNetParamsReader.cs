using System.Buffers.Binary;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Read;

/// <summary>
/// Reads MXNet's <c>.params</c> and <c>.nd</c> files: u64 0x112, u64 reserved, u64 n, n arrays, u64 k, k names (k is n, or 0 for unnamed
/// arrays). Every count and size is held against the bytes that are left before anything is allocated.
/// </summary>
public static class MxNetParamsReader
{
    private const ulong Magic = 0x112, CvmMagic = 0xF7E58D4F05049CB7;

    /// <summary>Smallest array: an empty V0 one.</summary>
    private const int MinArrayBytes = 4;

    /// <exception cref="DiagnosticException">
    /// CML0101, CML0102, CML0106, CML0201 another kind of file, CML0203 broken, CML0211 sparse.
    /// </exception>
    public static ParamsFile Read(string path) => Read(InputFile.ReadAllBytes(path), InputFile.DisplayName(path));

    /// <param name="name">What messages call the file.</param>
    /// <exception cref="DiagnosticException">
    /// CML0201 another kind of file, CML0203 broken (with the byte offset), CML0211 sparse.
    /// </exception>
    public static ParamsFile Read(ReadOnlySpan<byte> bytes, string name)
    {
        CheckKind(bytes, name);
        var cursor = new ParamsCursor(bytes, name);
        cursor.Take(16, "the header");
        int count = cursor.Count("the number of arrays", MinArrayBytes);
        var tensors = new List<Tensor>();
        for (int i = 0; i < count; i++) tensors.Add(NdArrayReader.Read(ref cursor, i));
        int at = cursor.Offset, names = cursor.Count("the number of names", 8);
        if (names != 0 && names != count)
            throw cursor.Malformed($"{Counted.Of(names, "name")} for {Counted.Of(count, "array")}",
                "there is one name for each array, or none at all", at);
        var arrays = new List<NamedArray>(count);
        for (int i = 0; i < count; i++) arrays.Add(new NamedArray(names == 0 ? "" : ReadName(ref cursor, i), tensors[i]));
        if (cursor.Remaining > 0)
            throw cursor.Malformed($"{Counted.Of(cursor.Remaining, "byte")} {(cursor.Remaining == 1 ? "follows" : "follow")} the last name",
                "the file is damaged, or two files were joined");
        return new ParamsFile(name, arrays);
    }

    /// <summary>Whether the bytes start as an MXNet parameter file does.</summary>
    public static bool IsParams(ReadOnlySpan<byte> bytes) => bytes.Length >= 8 && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Magic;

    private static string ReadName(ref ParamsCursor cursor, int index)
    {
        int at = cursor.Offset;
        var bytes = cursor.Take(cursor.UInt64($"the length of name {index}"), $"name {index}");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw cursor.Malformed($"name {index} is not UTF-8", "the file is damaged", at);
        }
    }

    private static void CheckKind(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length < 8)
            throw new DiagnosticException(FrontendCodes.ParamsMalformed, $"{name} has only {Counted.Of(bytes.Length, "byte")}",
            SourceLocation.At(name, 0), "the file was cut off: copy it again");
        if (IsParams(bytes)) return;
        string found = BinaryPrimitives.ReadUInt64LittleEndian(bytes) == CvmMagic ? "a CVM or TVM parameter file"
            : bytes.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? "JSON text, perhaps the symbol file"
            : "something else: an MXNet parameter file starts with the bytes 12 01 00 00 00 00 00 00";
        throw new DiagnosticException(FrontendCodes.WrongFile, $"{name} is no MXNet parameter file but {found}",
            SourceLocation.At(name, 0), "check which file is given as parameters");
    }
}
