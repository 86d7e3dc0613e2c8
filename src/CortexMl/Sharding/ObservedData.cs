using System.Text.Json;
using CortexMl.Data.Observing;

namespace CortexMl.Sharding;

/// <summary>What a shard's data looked like, in its part: facts of calibration files, and what it takes to join them.</summary>
internal static class ObservedData
{
    private const string Member = "observed";

    /// <param name="models">Of each model's view of the data an entry for each input, or none.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<IReadOnlyList<InputFacts>> models)
    {
        json.WriteStartArray(Member);
        foreach (var inputs in models)
        {
            json.WriteStartArray();
            foreach (var facts in inputs)
            {
                json.WriteStartObject();
                json.WritePropertyName("facts");
                json.WriteRawValue(InputFacts.ToJson([facts])[1..^1]);
                json.WriteNumber("elements", facts.Elements);
                json.WriteNumber("outside", facts.Outside);
                json.WriteNumber("transparent", facts.Transparent);
                json.WriteString("first", facts.First);
                json.WriteBoolean("isUniform", facts.IsUniform);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <param name="samples">Of the shard.</param>
    /// <exception cref="FormatException">No such facts; so are the exceptions of <see cref="JsonElement"/>.</exception>
    /// <exception cref="Diagnostics.DiagnosticException">CML0802.</exception>
    public static IReadOnlyList<IReadOnlyList<InputFacts>> Read(JsonElement content, int samples) =>
        [.. content.GetProperty(Member).EnumerateArray().Select(inputs => inputs.EnumerateArray().Select(f => Facts(f, samples)).ToList())];

    /// <summary>Of data that follow each other, input by input.</summary>
    public static IReadOnlyList<InputFacts> Joined(IReadOnlyList<InputFacts> facts, IReadOnlyList<InputFacts> more)
    {
        if (facts.Count == 0 || more.Count == 0) return facts.Count == 0 ? more : facts;
        return facts.Select(f => f.Input).SequenceEqual(more.Select(f => f.Input)) ? [.. facts.Zip(more, (one, next) => one.Followed(next))]
            : throw new FormatException("its data are those of other inputs");
    }

    private static InputFacts Facts(JsonElement from, int samples)
    {
        var facts = InputFacts.FromJson($"[{from.GetProperty("facts").GetRawText()}]")[0] with
        {
            Elements = from.GetProperty("elements").GetInt64(),
            Outside = from.GetProperty("outside").GetInt64(),
            Transparent = from.GetProperty("transparent").GetInt32(),
            First = from.GetProperty("first").GetString() ?? "",
            IsUniform = from.GetProperty("isUniform").GetBoolean(),
        };
        bool isSound = facts.Samples == samples && facts.Constant <= samples && facts.Transparent >= 0 && facts.Transparent <= samples
            && facts.Outside >= 0 && facts.Outside <= facts.Elements && facts.Elements <= (long)samples * int.MaxValue
            && PartDigest.Is(facts.First);
        return isSound ? facts : throw new FormatException("what it says of its data cannot be");
    }
}
