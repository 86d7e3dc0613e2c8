using System.Text.Json;
using System.Text.RegularExpressions;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Searching;

//  "trial": { "name": "choices-5", "decibels": 80, "choices": 5, "base": "choices-0" },
//  "record": { "least": 46.73, "gas": 1234, "bytes": 567, "expected": { "decibels": 47.1, "isFinal": false, "choices": 10 },
//              "calibration": "{…", "drawn": [3, 17] }
/// <summary>Trials and what they found as JSON; doubles as their shortest digits, which read back as the same bits.</summary>
internal static partial class TrialForm
{
    private const int MostChoices = 1 << 20;

    /// <summary>An object.</summary>
    public static void Write(Utf8JsonWriter json, Trial trial)
    {
        json.WriteStartObject();
        json.WriteString("name", trial.Name);
        json.WriteNumber("decibels", trial.Decibels);
        if (trial.Choices is { } choices) json.WriteNumber("choices", choices);
        if (trial.Base is { } name) json.WriteString("base", name);
        json.WriteEndObject();
    }

    /// <summary>The members, between the braces of an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, TrialRecord record)
    {
        json.WritePropertyName("trial");
        Write(json, record.Trial);
        json.WriteStartObject("record");
        if (record.Least is { } least) json.WriteNumber("least", least);
        json.WriteNumber("gas", record.Gas);
        json.WriteNumber("bytes", record.Bytes);
        if (record.Expected is var (decibels, isFinal, choices))
        {
            json.WriteStartObject("expected");
            json.WriteNumber("decibels", decibels);
            json.WriteBoolean("isFinal", isFinal);
            json.WriteNumber("choices", choices);
            json.WriteEndObject();
        }
        if (record.Calibration is { } text) json.WriteString("calibration", text);
        if (record.Drawn is { } drawn)
        {
            json.WriteStartArray("drawn");
            foreach (int index in drawn) json.WriteNumberValue(index);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">No trial of a search.</exception>
    /// <exception cref="InvalidOperationException">A member of another kind.</exception>
    /// <exception cref="KeyNotFoundException">A member that is missing.</exception>
    public static Trial ReadTrial(JsonElement trial)
    {
        int? choices = trial.TryGetProperty("choices", out var count) ? Whole(count, MostChoices) : null;
        string? name = trial.TryGetProperty("base", out var found) ? Name(found) : null;
        double decibels = trial.GetProperty("decibels").GetDouble();
        Check(decibels is >= 0 and <= 1000, "no trial asks for so many decibels");
        return new(Name(trial.GetProperty("name")), decibels, choices, name);
    }

    /// <param name="content">With the members that were written.</param>
    /// <inheritdoc cref="ReadTrial"/>
    public static TrialRecord ReadRecord(JsonElement content)
    {
        var record = content.GetProperty("record");
        double? least = record.TryGetProperty("least", out var number) ? number.GetDouble() : null;
        var made = new TrialRecord(ReadTrial(content.GetProperty("trial")), least,
            Whole(record.GetProperty("gas"), long.MaxValue), Whole(record.GetProperty("bytes"), long.MaxValue));
        Check(least is not { } decibels || double.IsFinite(decibels), "its decibels are no number");
        return made with
        {
            Expected = record.TryGetProperty("expected", out var expected) ? Expected(expected) : null,
            Calibration = record.TryGetProperty("calibration", out var text) ? Text(text) : null,
            Drawn = record.TryGetProperty("drawn", out var drawn) ? Drawn(drawn) : null,
        };
    }

    public static bool IsName(string name) => Names().IsMatch(name);

    private static ExpectedWidths Expected(JsonElement expected)
    {
        double decibels = expected.GetProperty("decibels").GetDouble();
        Check(double.IsFinite(decibels), "its expected decibels are no number");
        return new(decibels, expected.GetProperty("isFinal").GetBoolean(), Whole(expected.GetProperty("choices"), MostChoices));
    }

    private static int[] Drawn(JsonElement list)
    {
        Check(list.GetArrayLength() <= SampleDraw.Most, "it drew more samples than any calibration");
        int[] drawn = [.. list.EnumerateArray().Select(index => Whole(index, int.MaxValue))];
        Check(drawn.Distinct().Count() == drawn.Length, "it drew a sample twice");
        return drawn;
    }

    private static string Name(JsonElement element)
    {
        string name = Text(element);
        Check(IsName(name), "a trial has another name");
        return name;
    }

    private static string Text(JsonElement element) => element.GetString() ?? throw new FormatException("a text is missing");

    private static int Whole(JsonElement element, int most) => (int)Whole(element, (long)most);

    private static long Whole(JsonElement element, long most)
    {
        long number = element.GetInt64();
        Check(number >= 0 && number <= most, "a count cannot be");
        return number;
    }

    private static void Check(bool isSound, string what)
    {
        if (!isSound) throw new FormatException(what);
    }

    [GeneratedRegex(@"\A(calibration|(choices|decibels)-(0|[1-9][0-9]{0,6}))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
