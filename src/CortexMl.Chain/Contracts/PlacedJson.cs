using System.Text.Json;
using CortexMl.Ir;

namespace CortexMl.Chain.Contracts;

/// <summary>A JSON value that knows where it stands in its file.</summary>
/// <param name="Kind">Of its first token: StartObject, StartArray, String, Number, True, False or Null.</param>
/// <param name="Text">Of a text its characters, of a number what is written.</param>
internal sealed record PlacedJson(JsonTokenType Kind, string Text, SourceLocation Place)
{
    /// <summary>Of a list.</summary>
    public List<PlacedJson> Items { get; } = [];

    /// <summary>Of an object, in the order of the file.</summary>
    public List<(string Name, PlacedJson Value)> Members { get; } = [];

    /// <summary>What messages call the value.</summary>
    public string Description => Kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"the text '{Text}'",
        JsonTokenType.Number => $"the number {(Text.Length <= 20 ? Text : Text[..20] + "…")}",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
