using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Runs;

/// <summary>One thing that a run file says.</summary>
/// <param name="Name">An option of <c>cortexml compile</c> without its dashes, in camel case: <c>targetDrop</c>; or <c>model</c>.</param>
public sealed record RunMember(string Name, JsonNode Value)
{
    /// <summary>Where it stands in a file that was read; null for one that was made.</summary>
    public SourceLocation? Location { get; init; }

    /// <summary>Lines of comment above it; empty for none. They are not read back.</summary>
    public IReadOnlyList<string> Comment { get; init; } = [];
}

/// <summary>
/// A run as a file: what <c>cortexml compile</c> is told, as JSON in which comments and trailing commas are allowed. It is known by the
/// last part of its <c>$schema</c>, whatever its own name and wherever the schema lies. Which members there are, options say.
/// </summary>
public sealed partial record RunFile(IReadOnlyList<RunMember> Members)
{
    /// <summary>The version of the form that is written, and the newest that is read.</summary>
    public const int Version = 1;

    /// <summary>Under this name the effective run stands beside a result.</summary>
    public const string FileName = "run.json";

    /// <summary>The member that names the model.</summary>
    public const string ModelMember = "model";

    private const string SchemaMember = "$schema";

    /// <summary>No run needs more; what is larger is something else.</summary>
    private const int MaxBytes = 1 << 20;

    private const int MaxDepth = 8;

    private static readonly JsonReaderOptions s_reading =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth };

    /// <summary>The file name of the schema of a version.</summary>
    public static string SchemaName(int version = Version) =>
        string.Create(CultureInfo.InvariantCulture, $"cortexml-run-{version}.schema.json");

    /// <summary>
    /// Whether a path is a file that says of itself that it is a run, or an object that names a model, which is a run file whose
    /// <c>$schema</c> is missing: reading it says so. Whatever else it is, or that there is none, is no error.
    /// </summary>
    public static bool Is(string path)
    {
        if (FileKinds.Of(path) != FileKind.File) return false;
        try
        {
            using var stream = InputFile.Open(path);
            var bytes = new byte[(int)Math.Min(stream.Length, MaxBytes)];
            stream.ReadExactly(bytes);
            return Is(bytes, isWhole: stream.Length <= MaxBytes);
        }
        catch (DiagnosticException)
        {
            return false;
        }
    }

    /// <exception cref="DiagnosticException">CML0984; CML0101, CML0102 of reading files.</exception>
    public static RunFile Read(string path) => Parse(InputFile.ReadAllBytes(path), InputFile.DisplayName(path));

    /// <param name="name">What messages call the file.</param>
    /// <exception cref="DiagnosticException">CML0984: no JSON object, another version, a member that stands twice.</exception>
    public static RunFile Parse(ReadOnlyMemory<byte> text, string name)
    {
        if (text.Length > MaxBytes)
            throw new DiagnosticException(LibraryCodes.RunFile,
                $"a run file of {Counted.Grouped(text.Length, "byte")}: {MaxBytes:N0} are allowed", new(name));
        try
        {
            var file = new RunFile(MembersOf(WithoutMark(text.Span), name));
            file.CheckVersion(name);
            return file with { Members = [.. file.Members.Where(m => m.Name != SchemaMember)] };
        }
        catch (JsonException error)
        {
            throw new DiagnosticException(LibraryCodes.RunFile, $"the run file cannot be read: {JsonProblem.Of(error)}",
                JsonProblem.Place(name, error));
        }
    }

    /// <summary>The text of the file: one member a line, LF; the same members give the same bytes everywhere.</summary>
    public string ToJson()
    {
        var text = new StringBuilder("{\n  ").Append($"{Quoted(SchemaMember)}: {Quoted(SchemaName())}");
        foreach (var member in Members)
        {
            text.Append(",\n");
            foreach (string line in member.Comment) text.Append("  // ").Append(Printable.Line(line)).Append('\n');
            text.Append("  ").Append(Quoted(member.Name)).Append(": ").Append(OnOneLine(member.Value));
        }
        return text.Append("\n}\n").ToString();
    }

    private static List<RunMember> MembersOf(ReadOnlySpan<byte> text, string name)
    {
        var reader = new Utf8JsonReader(text, s_reading);
        var members = new List<RunMember>();
        var problems = new DiagnosticBag();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new DiagnosticException(LibraryCodes.RunFile, "a run file is a JSON object", new(name, 1, 1));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var location = Place(text, reader.TokenStartIndex, name);
            string member = reader.GetString()!;
            reader.Read();
            var value = JsonNode.Parse(ref reader);
            if (members.Exists(m => m.Name == member))
                problems.Error(LibraryCodes.RunFile, $"'{Printable.Name(member)}' stands twice", location, "leave one of them out");
            if (value is null)
                problems.Error(LibraryCodes.RunFile, $"'{Printable.Name(member)}' is null", location, "leave it out, or give it a value");
            else members.Add(new(member, value) { Location = location });
        }
        // What stands behind the object.
        reader.Read();
        problems.ThrowIfErrors();
        return members;
    }

    /// <exception cref="DiagnosticException">CML0984.</exception>
    private void CheckVersion(string name)
    {
        var schema = Members.FirstOrDefault(m => m.Name == SchemaMember);
        var known = Known().Match(schema?.Value.GetValueKind() == JsonValueKind.String ? schema.Value.GetValue<string>() : "");
        if (!known.Success)
            throw new DiagnosticException(LibraryCodes.RunFile, "the file does not say that it is a run", schema?.Location ?? new(name),
                $"\"{SchemaMember}\": \"{SchemaName()}\" says it, with or without folders or an address in front");
        if (known.Groups["version"].Value != Version.ToString(CultureInfo.InvariantCulture))
            throw new DiagnosticException(LibraryCodes.RunFile,
                $"a run file of version {known.Groups["version"].Value}: version {Version} is read", schema!.Location,
                "take the cortexml that it was written for, or a newer one");
    }

    /// <summary>Whether <c>$schema</c> of an object says so; where there is none, whether it names a model.</summary>
    /// <param name="isWhole">Whether nothing was cut off.</param>
    private static bool Is(ReadOnlySpan<byte> bytes, bool isWhole)
    {
        var reader = new Utf8JsonReader(WithoutMark(bytes), isWhole, new JsonReaderState(s_reading));
        bool namesModel = false;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isSchema = reader.ValueTextEquals(SchemaMember), isModel = reader.ValueTextEquals(ModelMember);
                if (!reader.Read()) return false;
                bool isText = reader.TokenType == JsonTokenType.String;
                if (isSchema) return isText && Known().IsMatch(reader.GetString()!);
                namesModel |= isModel && isText;
                if (!reader.TrySkip()) return false;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // No JSON so far, or a text that is no Unicode: no run file either.
            return false;
        }
        return namesModel && reader.TokenType == JsonTokenType.EndObject;
    }

    private static SourceLocation Place(ReadOnlySpan<byte> text, long at, string name)
    {
        var before = text[..(int)at];
        int line = before.Count((byte)'\n'), start = before.LastIndexOf((byte)'\n') + 1;
        return new(name, line + 1, before.Length - start + 1);
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? bytes[3..] : bytes;

    private static string OnOneLine(JsonNode? value) => value switch
    {
        JsonArray items => $"[{string.Join(", ", items.Select(OnOneLine))}]",
        JsonObject members => $"{{{string.Join(", ", members.Select(m => $"{Quoted(m.Key)}: {OnOneLine(m.Value)}"))}}}",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Quoted(text.GetValue<string>()),
        null => "null",
        _ => value.ToJsonString(),
    };

    private static string Quoted(string text) => Reports.JsonText.Compact(text);

    [GeneratedRegex("(^|[/\\\\])cortexml-run-(?<version>[0-9]{1,6})\\.schema\\.json$", RegexOptions.CultureInvariant)]
    private static partial Regex Known();
}
