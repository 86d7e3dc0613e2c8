using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CortexMl.Diagnostics;

namespace CortexMl.Reports;

/// <summary>
/// JSON artefacts: indented, LF, camel case, in the order of the record's members; the same record gives the same bytes everywhere.
/// </summary>
public static class JsonText
{
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

    /// <exception cref="JsonException">The text is not JSON of this form.</exception>
    public static T? Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options);
}
