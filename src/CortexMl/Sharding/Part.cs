using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CortexMl.Diagnostics;

namespace CortexMl.Sharding;

//  {
//    "format": "cortexml-part", "version": 1, "kind": "calibration", "compiler": "1.4.0",
//    "shard": { "index": 2, "of": 8, "first": 1250, "count": 1250, "samples": 10000 },
//    "words": ["calibrate", "net.onnx", "--data=train.npy"],
//    "facts": [{ "name": "model", "said": "net.onnx", "digest": "…" }, …],
//    "content": { … what the kind needs … },
//    "sha256": "…"            over all bytes before these digits
//  }
/// <summary>What one shard found out. The same call gives the same bytes.</summary>
/// <param name="Content">An object whose form is the kind's own.</param>
public sealed record Part(PartHead Head, JsonElement Content)
{
    internal const string Format = "cortexml-part";

    internal const int Version = 1;

    private static readonly JsonWriterOptions s_form = new()
    {
        Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The bytes of the file.</summary>
    /// <param name="content">Writes the members of the content, between its braces.</param>
    public static byte[] Write(PartHead head, Action<Utf8JsonWriter> content)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, s_form))
        {
            json.WriteStartObject();
            WriteHead(json, head);
            json.WriteStartObject("content");
            content(json);
            json.WriteEndObject();
            json.WriteString(PartDigest.Member, PartDigest.Room);
            json.WriteEndObject();
        }
        bytes.Write("\n"u8);
        byte[] written = bytes.WrittenSpan.ToArray();
        PartDigest.Seal(written);
        return written;
    }

    private static void WriteHead(Utf8JsonWriter json, PartHead head)
    {
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("kind", PartReader.Word(head.Kind));
        json.WriteString("compiler", head.Compiler);
        json.WriteStartObject("shard");
        json.WriteNumber("index", head.Shard.Index);
        json.WriteNumber("of", head.Shard.Of);
        json.WriteNumber("first", head.Range.First);
        json.WriteNumber("count", head.Range.Count);
        json.WriteNumber("samples", head.Samples);
        json.WriteEndObject();
        json.WriteStartArray("words");
        foreach (string word in head.Words) json.WriteStringValue(word);
        json.WriteEndArray();
        json.WriteStartArray("facts");
        foreach (var fact in head.Facts)
        {
            json.WriteStartObject();
            json.WriteString("name", fact.Name);
            json.WriteString("said", Printable.Escape(fact.Said));
            json.WriteString("digest", fact.Digest);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}

/// <summary>The digest at the end of a part: a file that was cut off or changed does not have its own.</summary>
internal static class PartDigest
{
    public const string Member = "sha256";

    private const int Digits = 2 * SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Before => "\"sha256\": \""u8;

    private static ReadOnlySpan<byte> Behind => "\"\n}\n"u8;

    /// <summary>As many characters as the digest takes.</summary>
    public static string Room { get; } = new('0', Digits);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Of(string)"/>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static bool Is(string? text) => text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Puts the digest into its room.</summary>
    public static void Seal(Span<byte> part) =>
        Encoding.ASCII.GetBytes(Of(part[..^(Digits + Behind.Length)]), part[^(Digits + Behind.Length)..]);

    /// <summary>Whether the end is that of a part, with the digest of what stands before it.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> part)
    {
        if (part.Length < Before.Length + Digits + Behind.Length || !part.EndsWith(Behind)) return false;
        var digested = part[..^(Digits + Behind.Length)];
        return digested.EndsWith(Before)
            && Encoding.ASCII.GetBytes(Of(digested)).AsSpan().SequenceEqual(part.Slice(digested.Length, Digits));
    }
}
