using System.Text;
using System.Text.Json;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Passes.Target;

/// <summary>That no value can leave its precision, for every value in the graph's order; <c>bounds.json</c>.</summary>
/// <param name="Graph">The graph's name.</param>
public sealed record BoundProof(string Graph, IReadOnlyList<ProvenBound> Values)
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static BoundProof Of(Graph graph, Intervals ranges)
    {
        var names = Names.Of(graph);
        var inputs = graph.Inputs.Select(input => Bound("input", input));
        return new(graph.Name, [.. inputs, .. graph.Operations.SelectMany(o => o.Results.Select(result => Bound(o.Spec.Name, result)))]);

        ProvenBound Bound(string operation, Value value)
        {
            var proven = ranges[value].All;
            return new(names[value], operation, value.Type.Precision, proven.Lo, proven.Hi, proven.Precision);
        }
    }

    /// <summary>An object with <c>format</c>, <c>graph</c> and <c>values</c>.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("format", 1);
            json.WriteString("graph", Graph);
            json.WriteStartArray("values");
            foreach (var value in Values) value.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Printable.Json(Encoding.UTF8.GetString(buffer.ToArray())) + "\n";
    }
}

/// <summary>What is proven of one value.</summary>
/// <param name="Operation">The row that makes it, or <c>input</c>.</param>
/// <param name="Precision">As declared, in bits.</param>
/// <param name="Low">Least number that it can be.</param>
/// <param name="High">Greatest number that it can be.</param>
/// <param name="Bits">Precision that these need.</param>
public sealed record ProvenBound(string Name, string Operation, int Precision, long Low, long High, int Bits)
{
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteString("operator", Operation);
        json.WriteNumber("precision", Precision);
        json.WriteNumber("low", Low);
        json.WriteNumber("high", High);
        json.WriteNumber("bits", Bits);
        json.WriteEndObject();
    }
}
