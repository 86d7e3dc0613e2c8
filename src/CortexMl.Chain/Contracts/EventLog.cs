using System.Text.Json;
using CortexMl.Chain.Abi;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Contracts;

/// <summary>A parameter of an event in a log.</summary>
/// <param name="Value">Null where only the hash is in the log.</param>
/// <param name="Hash">Keccak-256 of an indexed value that does not fit a word; else null.</param>
public sealed record LoggedValue(ContractParameter Parameter, object? Value, byte[]? Hash);

/// <summary>What an event leaves behind. CortexMl.Chain/SPECIFICATION.md §8.</summary>
/// <param name="Topics">Up to four words of 32 bytes.</param>
public sealed record EventLog(IReadOnlyList<byte[]> Topics, byte[] Data)
{
    private const int MaxTopics = 4;

    private const string OtherEvent = "another event of this signature may have other indexed parameters";

    /// <exception cref="DiagnosticException">CML1018: topics that are no words, or more than four; CML1001: no digits.</exception>
    public static EventLog Of(IReadOnlyList<string> topics, byte[] data)
    {
        if (topics.Count > MaxTopics) throw Refused($"{Counted.Of(topics.Count, "topic")}; a log has at most {MaxTopics}");
        byte[][] words = [.. topics.Select((topic, i) => Hex.Parse(topic, $"topic {i}"))];
        int wrong = Array.FindIndex(words, w => w.Length != ChainRules.WordSize);
        if (wrong < 0) return new(words, data);
        throw Refused($"topic {wrong} has {Counted.Of(words[wrong].Length, "byte")}; a topic has {ChainRules.WordSize}");
    }

    /// <summary>The JSON of a log as nodes give it: an object with <c>topics</c> and <c>data</c>, beside which others may stand.</summary>
    /// <exception cref="DiagnosticException">CML1018, CML1001.</exception>
    public static EventLog Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            JsonElement topics = default, data = default;
            bool isLog = root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("topics", out topics) && root.TryGetProperty("data", out data);
            if (!isLog || data.ValueKind != JsonValueKind.String || topics.ValueKind != JsonValueKind.Array
                || topics.EnumerateArray().Any(t => t.ValueKind != JsonValueKind.String))
                throw Refused("a log is an object with 'topics', a list of texts, and 'data', a text");
            return Of([.. topics.EnumerateArray().Take(MaxTopics + 1).Select(t => t.GetString()!)], Hex.Parse(data.GetString()!, "data"));
        }
        // The second: a text with half of a surrogate pair.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Refused($"no JSON: {JsonProblem.Of(error)}");
        }
    }

    /// <summary>How many topics the logs of an event have.</summary>
    internal static int TopicCount(ContractEntry entry) => entry.Inputs.Count(i => i.IsIndexed) + (entry.IsAnonymous ? 0 : 1);

    /// <summary>The values in the order of the event's parameters.</summary>
    /// <param name="notes">Gets a warning CML1014 where the data is not what an encoder writes.</param>
    /// <exception cref="DiagnosticException">CML1018: no log of this event; CML1012: no encoding of its parameters.</exception>
    public IReadOnlyList<LoggedValue> Decode(ContractEntry entry, DiagnosticBag notes)
    {
        if (!entry.IsAnonymous && Topics is [var first, ..] && !first.AsSpan().SequenceEqual(entry.Signature.Hash))
            throw Refused($"the first topic is {Hex.Of(first)}; that of {entry} is {Hex.Of(entry.Signature.Hash)}");
        if (Topics.Count != TopicCount(entry))
            throw Refused($"the log has {Counted.Of(Topics.Count, "topic")}; {entry} needs {TopicCount(entry)}", OtherEvent);
        var inData = new Queue<object>(AbiCodec.Decode([.. entry.Inputs.Where(i => !i.IsIndexed).Select(i => i.Type)], Data, notes));
        int next = entry.IsAnonymous ? 0 : 1;
        return [.. entry.Inputs.Select(parameter => !parameter.IsIndexed ? new LoggedValue(parameter, inData.Dequeue(), null)
            : parameter.IsHashed ? new LoggedValue(parameter, null, Topics[next++])
            : new LoggedValue(parameter, InTopic(parameter.Type, next++), null))];
    }

    private object InTopic(AbiType type, int index)
    {
        try
        {
            return AbiCodec.Decode([type], Topics[index])[0];
        }
        catch (DiagnosticException error)
        {
            throw new DiagnosticException(ChainCodes.AbiData, $"topic {index}: {error.Diagnostics[0].Message}", hint: OtherEvent);
        }
    }

    private static DiagnosticException Refused(string message, string? hint = null) => new(ChainCodes.EventLog, message, hint: hint);
}
