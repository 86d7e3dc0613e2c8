using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using CortexMl.Evaluating.Metrics;

namespace CortexMl.Evaluating.Tallying;

//  "models": [{ "name": "net", "level": "float", "engine": "onnxruntime", "classes": 10 }, …],
//  "count": 1250, "unlabelled": 0, "agreeing": 1243, "top5": [1250, 1250],
//  "pairs": [[0, 0, 119, 118], [0, 6, 1, 2], …],               label, class, samples of each model; in their order, without zeros
//  "cutOff": [[], [{ "input": "data", "elements": 980000, "beyond": 12 }]],
//  "metric": { "name": "db", "isOfLabels": false, "sums": [{ "counts": [], "exact": ["1f…", …], "least": "7ff0…", "largest": "0…", … }] }
/// <summary>Sums as JSON, to the last bit: exact sums are hexadecimal integers, extremes the bits of a double.</summary>
internal static class SumsWriter
{
    /// <summary>The members, between the braces of an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, EvaluationSums sums)
    {
        json.WriteStartArray("models");
        foreach (var (model, engines) in sums.Models.Zip(sums.Engines))
        {
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteString("level", model.Level);
            json.WriteString("engine", string.Join(" and ", engines));
            json.WriteNumber("classes", model.Classes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("count", sums.Count);
        json.WriteNumber("unlabelled", sums.Unlabelled);
        json.WriteNumber("agreeing", sums.Agreeing);
        json.WritePropertyName("top5");
        Line(json, sums.Top5.Select(n => (long)n));
        json.WriteStartArray("pairs");
        foreach (var ((label, said), counts) in sums.Pairs) Line(json, [label, said, .. counts]);
        json.WriteEndArray();
        json.WriteStartArray("cutOff");
        foreach (var inputs in sums.CutOff) Write(json, inputs);
        json.WriteEndArray();
        if (sums.Metric is { } metric) Write(json, metric);
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<InputCutOff> inputs)
    {
        json.WriteStartArray();
        foreach (var (input, elements, beyond) in inputs)
        {
            json.WriteStartObject();
            json.WriteString("input", input);
            json.WriteNumber("elements", elements);
            json.WriteNumber("beyond", beyond);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, SummedMetric metric)
    {
        json.WriteStartObject("metric");
        json.WriteString("name", metric.Metric.Name);
        json.WriteBoolean("isOfLabels", metric.IsOfLabels);
        json.WriteStartArray("sums");
        foreach (var sums in metric.Sums) Write(json, sums);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MetricSums sums)
    {
        json.WriteStartObject();
        json.WritePropertyName("counts");
        Line(json, sums.Counts);
        json.WriteStartArray("exact");
        foreach (var sum in sums.Exact) json.WriteStringValue(sum.ToString());
        json.WriteEndArray();
        json.WriteString("least", Bits(sums.Least));
        json.WriteString("largest", Bits(sums.Largest));
        json.WriteStartArray("embeddings");
        foreach (var (index, (label, numbers)) in sums.Embeddings)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteNumber("label", label);
            json.WriteBase64String("numbers", LittleEndian(numbers));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Integers on one line.</summary>
    private static void Line(Utf8JsonWriter json, IEnumerable<long> numbers) =>
        json.WriteRawValue($"[{string.Join(", ", numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)))}]");

    private static string Bits(double number) => BitConverter.DoubleToUInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture);

    private static byte[] LittleEndian(float[] numbers)
    {
        byte[] bytes = new byte[numbers.Length * sizeof(float)];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        return bytes;
    }
}
