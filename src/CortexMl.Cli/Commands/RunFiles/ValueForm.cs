using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Cli.Commands.Arguments;

namespace CortexMl.Cli.Commands.RunFiles;

/// <summary>How a run file spells the value of an option, which a command line spells as words.</summary>
/// <param name="Needed">What messages say is needed: <c>true or false</c>.</param>
/// <param name="Words">The words of a value; paths in it are relative to the folder. Null where it is no such value.</param>
/// <param name="Node">The value of words, with paths relative to the folder.</param>
/// <param name="Schema">What the JSON schema says of it.</param>
internal sealed record ValueForm(
    string Needed, Func<JsonNode, string, IReadOnlyList<string>?> Words, Func<IReadOnlyList<string>, string, JsonNode> Node,
    Func<Option, JsonObject> Schema)
{
    private const string Standard = TextOutput.Standard;

    public static ValueForm Flag { get; } = new("true or false",
        (node, _) => node.GetValueKind() switch { JsonValueKind.True => ["true"], JsonValueKind.False => ["false"], _ => null },
        (words, _) => words is not [var word] || bool.Parse(word), _ => Of("boolean"));

    public static ValueForm Number { get; } = new("a number",
        (node, _) => node.GetValueKind() == JsonValueKind.Number ? [node.ToJsonString()] : null,
        (words, _) => NumberOf(words[^1]), SchemaOfNumber);

    public static ValueForm Text { get; } = new("a text",
        (node, _) => TextOf(node) is { } text ? [text] : null, (words, _) => words[^1], SchemaOfText);

    public static ValueForm Path { get; } = new("a path",
        (node, folder) => TextOf(node) is { } text ? [FromFile(text, folder)] : null, (words, folder) => FromFolder(words[^1], folder),
        _ => Of("string"));

    /// <summary>One number, or one for each channel: 0.5, "1/255", [0.4914, 0.4822, 0.4465].</summary>
    public static ValueForm Numbers { get; } = new("a number, or a list of numbers",
        (node, _) => Joined(node, item => item.GetValueKind() == JsonValueKind.Number ? item.ToJsonString() : TextOf(item)),
        (words, _) => Scalars(words[^1]), _ => OneOrMore("number", "string"));

    /// <summary>[1, 28, 28], or "1,28,28".</summary>
    public static ValueForm Dimensions { get; } = new("a list of whole numbers",
        (node, _) => Joined(node, item => item.GetValueKind() == JsonValueKind.Number ? item.ToJsonString() : TextOf(item)),
        (words, _) => DimensionsOf(words[^1]), _ => OneOrMore("integer", "string"));

    public static ValueForm Names { get; } = new("a text, or a list of texts", (node, _) => Items(node, TextOf),
        (words, _) => ListOf(words, word => word), _ => OneOrMore("string"));

    public static ValueForm Paths { get; } = new("a path, or a list of paths",
        (node, folder) => Items(node, item => TextOf(item) is { } text ? FromFile(text, folder) : null),
        (words, folder) => ListOf(words, word => FromFolder(word, folder)), _ => OneOrMore("string"));

    /// <summary>{"data": [1, 3, 32, 32]}</summary>
    public static ValueForm Shapes { get; } = new("an object of names and shapes",
        (node, folder) => Members(node, value => Dimensions.Words(value, folder)?[0]),
        (words, _) => ObjectOf(words, word => word.LastIndexOf('='), DimensionsOf), _ => ObjectSchema(OneOrMore("integer", "string")));

    /// <summary>{"weight": "weight.npy"}</summary>
    public static ValueForm Files { get; } = new("an object of names and paths",
        (node, folder) => Members(node, value => TextOf(value) is { } text ? FromFile(text, folder) : null),
        (words, folder) => ObjectOf(words, word => word.IndexOf('=', StringComparison.Ordinal), value => FromFolder(value, folder)),
        _ => ObjectSchema(Of("string")));

    /// <summary>Whether the words of values name files.</summary>
    public static bool IsOfPaths(ValueForm form) => form == Path || form == Paths || form == Files;

    /// <summary>What the type of an option's value tells.</summary>
    public static ValueForm OfType(Option option) => option.ValueType == typeof(bool) || option.ValueType == typeof(bool?) ? Flag
        : OptionValues.IsNumber(option) ? Number : option.ValueType == typeof(string[]) ? Names : Text;

    /// <summary>A path of a file in a folder, relative to the current folder; - and what is absolute stay.</summary>
    public static string FromFile(string path, string folder)
    {
        if (path == Standard || path.Length == 0 || System.IO.Path.IsPathFullyQualified(path)) return path;
        return System.IO.Path.GetRelativePath(".", System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, path)));
    }

    /// <summary>A path of the command line, as a file in the folder names it, with / everywhere.</summary>
    public static string FromFolder(string path, string folder) => path == Standard || path.Length == 0 ? path
        : System.IO.Path.GetRelativePath(folder, path).Replace(System.IO.Path.DirectorySeparatorChar, '/');

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static IReadOnlyList<string>? Joined(JsonNode node, Func<JsonNode, string?> word) =>
        Items(node, word) is { Length: > 0 } items ? [string.Join(',', items)] : null;

    private static string[]? Items(JsonNode node, Func<JsonNode, string?> word)
    {
        string?[] items = [.. (node as JsonArray ?? [node.DeepClone()]).Select(item => item is null ? null : word(item))];
        return items.Contains(null) ? null : [.. items.OfType<string>()];
    }

    private static string[]? Members(JsonNode node, Func<JsonNode, string?> word)
    {
        if (node is not JsonObject members) return null;
        string?[] all = [.. members.Select(m => m.Value is { } value && word(value) is { } text ? $"{m.Key}={text}" : null)];
        return all.Contains(null) ? null : [.. all.OfType<string>()];
    }

    private static JsonNode NumberOf(string word) =>
        long.TryParse(word, NumberStyles.Integer, CultureInfo.InvariantCulture, out long whole) ? whole
        : ulong.TryParse(word, NumberStyles.Integer, CultureInfo.InvariantCulture, out ulong large) ? large
        : double.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Numbers as numbers; what is none, such as 1/255, as it was written.</summary>
    private static JsonNode Scalars(string words) => ListOf(words.Split(','), word =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? NumberOf(word) : word.Trim());

    private static JsonNode DimensionsOf(string words) => new JsonArray([.. words.Split(',').Select(word =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int dim) ? (JsonNode)dim : word)]);

    private static JsonNode ListOf(IReadOnlyList<string> words, Func<string, JsonNode> node) =>
        words is [var only] ? node(only) : new JsonArray([.. words.Select(node)]);

    private static JsonObject ObjectOf(IReadOnlyList<string> words, Func<string, int> split, Func<string, JsonNode> node)
    {
        var members = new JsonObject();
        foreach (string word in words)
            if (split(word) is > 0 and var at) members[word[..at]] = node(word[(at + 1)..]);
        return members;
    }

    private static JsonObject Of(string type) => new() { ["type"] = type };

    private static JsonObject OneOrMore(params string[] types)
    {
        JsonObject One() => new() { ["type"] = types is [var only] ? only : new JsonArray([.. types.Select(t => (JsonNode)t)]) };
        return new() { ["anyOf"] = new JsonArray(One(), new JsonObject { ["type"] = "array", ["items"] = One(), ["minItems"] = 1 }) };
    }

    private static JsonObject ObjectSchema(JsonObject member) => new() { ["type"] = "object", ["additionalProperties"] = member };

    private static JsonObject SchemaOfNumber(Option option)
    {
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        var schema = Of(type == typeof(double) ? "number" : "integer");
        if (option is not INumberOption { Bounds: var bounds }) return schema;
        if (bounds.Least is { } least) schema[bounds.IsOpen ? "exclusiveMinimum" : "minimum"] = least;
        if (bounds.Most is { } most) schema["maximum"] = most;
        return schema;
    }

    private static JsonObject SchemaOfText(Option option)
    {
        var schema = Of("string");
        if (OptionValues.Words(option) is { Count: > 0 } words) schema["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]);
        return schema;
    }
}
