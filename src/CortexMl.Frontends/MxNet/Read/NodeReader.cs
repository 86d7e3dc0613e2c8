using System.Text.Json;
using CortexMl.Ir;

namespace CortexMl.Frontends.MxNet.Read;

/// <summary>Reads <c>nodes</c> and edge lists of a symbol file.</summary>
internal static class NodeReader
{
    private static readonly Dictionary<string, string> NoAttributes = new(StringComparer.Ordinal);

    public static List<SymbolNode> ReadNodes(ref JsonCursor json)
    {
        var nodes = new List<SymbolNode>();
        json.Next(JsonTokenType.StartArray, "nodes");
        for (json.Next("a node"); json.Token != JsonTokenType.EndArray; json.Next("a node")) nodes.Add(ReadNode(ref json, nodes.Count));
        return nodes;
    }

    /// <summary>[[node, output], …] or [[node, output, version], …]; a bare number stands for output 0 of that node.</summary>
    public static List<SymbolEntry> ReadEntries(ref JsonCursor json, string what)
    {
        var entries = new List<SymbolEntry>();
        json.Next(JsonTokenType.StartArray, what);
        for (json.Next(what); json.Token != JsonTokenType.EndArray; json.Next(what))
        {
            if (json.Token == JsonTokenType.Number)
            {
                entries.Add(new SymbolEntry(json.Int(what), 0));
                continue;
            }
            json.Expect(JsonTokenType.StartArray, what);
            var entry = new SymbolEntry(json.NextInt(what), json.NextInt(what));
            json.Next(what);
            if (json.Token == JsonTokenType.Number) json.Next(what);
            json.Expect(JsonTokenType.EndArray, what);
            entries.Add(entry);
        }
        return entries;
    }

    private static SymbolNode ReadNode(ref JsonCursor json, int index)
    {
        json.Expect(JsonTokenType.StartObject, $"node {index}");
        var at = json.Here;
        string? op = null, name = null;
        List<SymbolEntry>? inputs = null;
        Dictionary<string, string>? parameters = null, attributes = null;
        while (json.Property() is { } property)
        {
            switch (property)
            {
                case "op": op = ReadText(ref json, $"op of node {index}"); break;
                case "name": name = ReadText(ref json, $"name of node {index}"); break;
                case "inputs": inputs = ReadEntries(ref json, $"inputs of node {index}"); break;
                case "param": parameters = ReadAttributes(ref json, index, parameters); break;
                case "attr" or "attrs": attributes = ReadAttributes(ref json, index, attributes); break;
                default: json.SkipValue(); break;
            }
        }
        if (op is null || name is null) throw json.Malformed($"node {index} has no '{(op is null ? "op" : "name")}'");
        if (parameters is not null && attributes is not null)
        {
            foreach (var (key, value) in parameters) attributes[key] = value;
        }
        return new SymbolNode(index, op, name, inputs is null ? [] : inputs.ToArray(), attributes ?? parameters ?? NoAttributes,
            at with { Nodes = [name] });
    }

    private static string ReadText(ref JsonCursor json, string what)
    {
        json.Next(JsonTokenType.String, what);
        return json.Text(what);
    }

    private static Dictionary<string, string>? ReadAttributes(ref JsonCursor json, int index, Dictionary<string, string>? into)
    {
        string what = $"attributes of node {index}";
        json.Next(what);
        if (json.Token == JsonTokenType.Null) return into;
        json.Expect(JsonTokenType.StartObject, what);
        while (json.Property() is { } key)
        {
            json.Next(what);
            if (json.Token is JsonTokenType.StartObject or JsonTokenType.StartArray) throw json.Malformed($"{what}: '{key}' is no text");
            if (json.Token != JsonTokenType.Null) (into ??= new Dictionary<string, string>(StringComparer.Ordinal))[key] = json.Text(what);
        }
        return into;
    }
}
