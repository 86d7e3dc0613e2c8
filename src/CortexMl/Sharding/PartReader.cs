using System.Globalization;
using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Sharding;

/// <summary>Reads parts, strictly: a file that this program did not write, or that changed since, is refused.</summary>
public static class PartReader
{
    private const int MaxLength = 1 << 29, MaxWords = 1 << 16, MaxFacts = 64, MaxDepth = 16;

    private static ReadOnlySpan<byte> Start => "{\n  \"format\": \"cortexml-part\""u8;

    /// <exception cref="DiagnosticException">CML1200, CML1201; those of reading files.</exception>
    public static Part Read(string path) => Parse(InputFile.ReadAllBytes(path), InputFile.DisplayName(path));

    /// <param name="name">What messages call the file.</param>
    /// <exception cref="DiagnosticException">CML1200, CML1201.</exception>
    public static Part Parse(ReadOnlyMemory<byte> bytes, string name)
    {
        if (bytes.Length > MaxLength)
            throw NoPart(name, $"{Counted.Grouped(bytes.Length, "byte")} are too many for a part");
        if (!bytes.Span.StartsWith(Start)) throw NoPart(name, "this is no part of a run");
        if (!PartDigest.IsWhole(bytes.Span))
            throw new DiagnosticException(ShardCodes.Damaged,
                "the part is damaged: its bytes are not those that were written, or their end is missing", new(name),
                "copy it once more, or compute the shard again");
        try
        {
            var root = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false })
                .RootElement;
            int version = Member(root, "version").GetInt32();
            if (version != Part.Version)
                throw NoPart(name, string.Create(CultureInfo.InvariantCulture, $"version {version} is not read; {Part.Version} is"));
            return new(Head(root), Object(Member(root, "content")));
        }
        catch (JsonException error)
        {
            throw NoPart(name, $"the part cannot be read: {JsonProblem.Of(error)}");
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw NoPart(name, $"the part cannot be read: {error.Message}");
        }
    }

    /// <summary>As the file spells a kind.</summary>
    internal static string Word(PartKind kind) => kind switch
    {
        PartKind.Calibration => "calibration",
        PartKind.Trial => "trial",
        PartKind.Plan => "plan",
        _ => "evaluation",
    };

    /// <summary>What is wrong with the content of a part.</summary>
    /// <param name="name">What messages call the file.</param>
    public static DiagnosticException NoPart(string name, string what) =>
        new(ShardCodes.NoPart, what, new SourceLocation(name), "cortexml calibrate --shard and eval --shard write parts");

    private static PartHead Head(JsonElement root)
    {
        string kind = Text(root, "kind");
        var shard = Object(Member(root, "shard"));
        int index = Member(shard, "index").GetInt32(), of = Member(shard, "of").GetInt32();
        int samples = Member(shard, "samples").GetInt32();
        if (of is < 1 or > Shard.Most || index < 1 || index > of || samples < 0)
            throw new FormatException($"there is no shard {index}/{of} of {Counted.Of(samples, "sample")}");
        var words = Member(root, "words");
        var facts = Member(root, "facts");
        if (words.GetArrayLength() is < 1 or > MaxWords || facts.GetArrayLength() > MaxFacts)
            throw new FormatException("it has no words, or too many words or facts");
        var head = new PartHead(
            Enum.GetValues<PartKind>().Where(k => Word(k) == kind).Select(k => (PartKind?)k).SingleOrDefault()
                ?? throw new FormatException($"there is no kind '{Printable.Escape(kind)}'"),
            Text(root, "compiler"), new Shard(index, of), samples, [.. words.EnumerateArray().Select(Text)],
            [.. facts.EnumerateArray().Select(Fact)]);
        if (Member(shard, "first").GetInt32() != head.Range.First || Member(shard, "count").GetInt32() != head.Range.Count)
            throw new FormatException("its samples are not those of its shard");
        return head;
    }

    private static PartFact Fact(JsonElement fact)
    {
        string digest = Text(fact, "digest");
        return PartDigest.Is(digest) ? new(Text(fact, "name"), Printable.Escape(Text(fact, "said")), digest)
            : throw new FormatException("a digest is no 64 hexadecimal digits");
    }

    private static string Text(JsonElement element, string member) => Text(Member(Object(element), member));

    private static string Text(JsonElement element) => element.GetString() ?? throw new FormatException("a text is missing");

    private static JsonElement Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) ? member : throw new FormatException($"'{name}' is missing");

    private static JsonElement Object(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element : throw new FormatException("an object is missing");
}
