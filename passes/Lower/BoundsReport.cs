using System.Text;
using System.Text.Json;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Passes.Lower;

/// <summary>The proof as an artefact (<c>bounds.json</c>): for every entry the declared precision and the interval that is proven.</summary>
internal static class BoundsReport
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Graph graph, Intervals ranges)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("format", 1);
            json.WriteString("graph", graph.Name);
            json.WriteStartArray("values");
            foreach (var input in graph.Inputs) Entry(json, "input", input, graph, ranges);
            foreach (var operation in graph.Operations)
                foreach (var result in operation.Results) Entry(json, operation.Spec.Name, result, graph, ranges);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Printable.Json(Encoding.UTF8.GetString(buffer.ToArray())) + "\n";
    }

    private static void Entry(Utf8JsonWriter json, string operation, Value value, Graph graph, Intervals ranges)
    {
        var proven = ranges[value].All;
        json.WriteStartObject();
        json.WriteString("name", Names.Of(graph)[value]);
        json.WriteString("operator", operation);
        json.WriteNumber("precision", value.Type.Precision);
        json.WriteNumber("low", proven.Lo);
        json.WriteNumber("high", proven.Hi);
        json.WriteNumber("bits", proven.Precision);
        json.WriteEndObject();
    }
}
