using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using CortexMl.Diagnostics;

namespace CortexMl.Reports;

/// <summary>
/// JSON artefacts: indented, LF, camel case, in the order of the record's members; the same record gives the same bytes everywhere.
/// </summary>
public static class JsonText
{
    /// <summary>The member that holds the version of a form.</summary>
    public const string FormatMember = "format";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>With a line break at the end.</summary>
    public static string Write<T>(T value) => Printable.Json(JsonSerializer.Serialize(value, Options)) + "\n";

    /// <summary>The same with the version of the form as its first member, <c>format</c>; as it is where it tells one itself.</summary>
    public static string Write<T>(T value, int format)
    {
        var json = JsonSerializer.SerializeToNode(value, Options)!.AsObject();
        if (!json.ContainsKey(FormatMember)) json.Insert(0, FormatMember, format);
        return Printable.Json(json.ToJsonString(Options)) + "\n";
    }

    /// <summary>A text in quotes, escaped as everything that is written.</summary>
    internal static string Compact(string text) => Printable.Json(JsonSerializer.Serialize(text, Options));

    /// <summary>The JSON schema of what <see cref="Write{T}(T)"/> makes of a type: members that may be null may be missing.</summary>
    public static JsonNode SchemaOf<T>()
    {
        Options.MakeReadOnly(populateMissingResolver: true);
        var schema = Options.GetJsonSchemaAsNode(typeof(T), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, node) => WithNull(context.TypeInfo.Type, node),
        });
        RequireWhatIsWritten(schema);
        return schema;
    }

    /// <summary>The JSON schema of what <see cref="Write{T}(T, int)"/> makes of a type.</summary>
    public static JsonNode SchemaOf<T>(int format)
    {
        var schema = SchemaOf<T>().AsObject();
        var members = schema["properties"]!.AsObject();
        if (!members.ContainsKey(FormatMember)) members.Insert(0, FormatMember, new JsonObject());
        members[FormatMember] = new JsonObject { ["const"] = format };
        if (schema["required"] is not JsonArray required) schema["required"] = required = [];
        if (!required.Any(name => name!.GetValue<string>() == FormatMember)) required.Insert(0, FormatMember);
        return schema;
    }

    /// <summary>A number that may be missing: of one that may be NaN the exporter does not say so.</summary>
    private static JsonNode WithNull(Type type, JsonNode node)
    {
        if (Nullable.GetUnderlyingType(type) is not null && node is JsonObject schema && schema["anyOf"] is JsonArray any
            && !AllowsNull(schema))
            any.Add(new JsonObject { ["type"] = "null" });
        return node;
    }

    /// <summary>What is null is left out by <see cref="Write{T}(T)"/>.</summary>
    private static void RequireWhatIsWritten(JsonNode? node)
    {
        if (node is JsonArray items)
            foreach (var item in items) RequireWhatIsWritten(item);
        if (node is not JsonObject schema) return;
        foreach (var (_, member) in schema) RequireWhatIsWritten(member);
        if (schema["required"] is not JsonArray required || schema["properties"] is not JsonObject properties) return;
        string[] written = [.. required.Select(name => name!.GetValue<string>()).Where(name => !AllowsNull(properties[name]))];
        if (written.Length == 0) schema.Remove("required");
        else schema["required"] = new JsonArray([.. written.Select(name => (JsonNode)name)]);
    }

    private static bool AllowsNull(JsonNode? node) => node is JsonObject schema
        && ((schema["type"] as JsonValue)?.GetValue<string>() == "null"
            || (schema["type"] as JsonArray)?.Any(type => type?.GetValue<string>() == "null") == true
            || (schema["enum"] as JsonArray)?.Contains(null) == true || (schema["anyOf"] as JsonArray)?.Any(AllowsNull) == true);

    /// <exception cref="JsonException">The text is not JSON of this form.</exception>
    public static T? Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options);
}
