using System.Globalization;
using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Schemes;

/// <summary>
/// Fields of JSON objects that a person may have written: what is wrong with one is a problem, and it counts as not there.
/// </summary>
/// <param name="code">Of the problems.</param>
/// <param name="what">The file, for messages.</param>
internal sealed class SchemeFields(string code, string what, SourceLocation file, DiagnosticBag problems)
{
    private const int MaxDepth = 8;

    /// <exception cref="DiagnosticException">No JSON.</exception>
    public JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(
                text,
                new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth });
        }
        catch (JsonException error)
        {
            int line = (int)(error.LineNumber ?? 0) + 1, column = (int)(error.BytePositionInLine ?? 0) + 1;
            throw new DiagnosticException(code, $"{what} is no JSON", file with { Line = line, Column = column });
        }
    }

    public void Problem(string message, string? hint = null) => problems.Error(code, message, file, hint);

    public DiagnosticException Malformed(string message) => new(code, message, file);

    /// <summary>Every field has a name that means something, and stands there once.</summary>
    public void Known(JsonElement element, IReadOnlyCollection<string> fields, string owner)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in element.EnumerateObject())
        {
            if (!seen.Add(field.Name)) Problem($"'{field.Name}' of {owner} stands there twice");
            else if (!fields.Contains(field.Name)) Problem($"'{field.Name}' is no field of {owner}", Nearest.Hint(field.Name, fields));
        }
    }

    /// <summary>The name that an entry of a list cannot be without.</summary>
    public string Named(JsonElement element, string field, string owner)
    {
        string? name = Text(element, field, owner);
        if (name is null && !element.TryGetProperty(field, out _)) Problem($"{owner} has no field '{field}'");
        return name ?? "";
    }

    public string? Text(JsonElement element, string field, string owner)
    {
        if (!element.TryGetProperty(field, out var found)) return null;
        if (found.ValueKind == JsonValueKind.String) return found.GetString();
        Problem($"'{field}' of {owner} is no text");
        return null;
    }

    public string? Choice(JsonElement element, string field, string owner, IReadOnlyList<string> choices)
    {
        if (Text(element, field, owner) is not { } text) return null;
        if (choices.Contains(text)) return text;
        Problem($"'{field}' of {owner} is '{text}'; expected {string.Join(" or ", choices)}", Nearest.Hint(text, choices));
        return null;
    }

    public bool? Flag(JsonElement element, string field, string owner)
    {
        if (!element.TryGetProperty(field, out var found)) return null;
        if (found.ValueKind is JsonValueKind.True or JsonValueKind.False) return found.GetBoolean();
        Problem($"'{field}' of {owner} is neither true nor false");
        return null;
    }

    public double? Number(JsonElement element, string field, string owner, double least, double most)
    {
        if (!element.TryGetProperty(field, out var found)) return null;
        if (found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out double number) && number >= least && number <= most)
            return number;
        string expected = most >= float.MaxValue
            ? least == 0 ? "a finite number from 0 on" : "a finite number"
            : string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}");
        Problem($"'{field}' of {owner} is {found.GetRawText()}; expected {(least == most ? Numerics.Numbers.Format(least) : expected)}");
        return null;
    }

    public int? Whole(string field, string owner, double? number)
    {
        if (number is null || number == Math.Floor(number.Value)) return (int?)number;
        Problem(string.Create(CultureInfo.InvariantCulture, $"'{field}' of {owner} is {number}; expected a whole number"));
        return null;
    }

    public IReadOnlyList<double>? Numbers(JsonElement element, string field, string owner, double least = 0)
    {
        if (!element.TryGetProperty(field, out var list)) return null;
        var numbers = new List<double>();
        bool good = list.ValueKind == JsonValueKind.Array;
        foreach (var item in good ? list.EnumerateArray().ToList() : [])
        {
            good &= item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double number) && number >= least
                && number <= double.MaxValue;
            if (good) numbers.Add(item.GetDouble());
        }
        if (good) return numbers;
        Problem($"'{field}' of {owner} is no list of finite numbers{(least == 0 ? " from 0 on" : "")}");
        return null;
    }

    /// <summary>The objects of a list, and what messages call each.</summary>
    public IEnumerable<(JsonElement Element, string Owner)> Objects(JsonElement root, string field)
    {
        if (List(root, field) is not { } list) yield break;
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            string owner = string.Create(CultureInfo.InvariantCulture, $"entry {index} of '{field}'");
            if (element.ValueKind == JsonValueKind.Object) yield return (element, owner);
            else Problem($"{owner} is no object");
        }
    }

    public IEnumerable<(string Name, Shape Shape)> Shapes(JsonElement root, string field)
    {
        if (Object(root, field) is not { } shapes) yield break;
        foreach (var entry in shapes.EnumerateObject())
        {
            var dims = entry.Value.ValueKind == JsonValueKind.Array
                ? entry.Value.EnumerateArray()
                    .Select(d => d.ValueKind == JsonValueKind.Number && d.TryGetInt32(out int dim) ? dim : 0).ToList()
                : [0];
            if (dims.TrueForAll(d => d > 0)) yield return (entry.Name, Shape.Of(dims));
            else Problem($"'{field}' gives '{entry.Name}' the shape {entry.Value.GetRawText()}; expected a list of whole numbers above 0");
        }
    }

    public JsonElement? Object(JsonElement root, string field) => Kind(root, field, JsonValueKind.Object, "object");

    public JsonElement? List(JsonElement root, string field) => Kind(root, field, JsonValueKind.Array, "list");

    private JsonElement? Kind(JsonElement root, string field, JsonValueKind kind, string name)
    {
        if (!root.TryGetProperty(field, out var found)) return null;
        if (found.ValueKind == kind) return found;
        Problem($"'{field}' is no {name}");
        return null;
    }
}
