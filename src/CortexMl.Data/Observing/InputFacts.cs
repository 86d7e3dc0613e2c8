using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CortexMl.Diagnostics;

namespace CortexMl.Data.Observing;

/// <summary>What the samples of one input looked like, as stored and as prepared: calibration keeps it, to tell other data by.</summary>
/// <param name="Input">Name of the network's input.</param>
/// <param name="Type">Element type of the stored numbers: u8, f32, ….</param>
/// <param name="Shape">Of the first sample as stored.</param>
/// <param name="Samples">How many there were.</param>
/// <param name="Min">The smallest stored number.</param>
/// <param name="Max">The largest stored number.</param>
/// <param name="PreparedMin">The smallest number after preparation.</param>
/// <param name="PreparedMax">The largest number after preparation.</param>
/// <param name="LeastSpan">From the smallest to the largest prepared number of the flattest sample that is not constant, or 0.</param>
/// <param name="Constant">Samples of many numbers that are all the same.</param>
/// <param name="Identical">Whether there were several samples and all were the same.</param>
public sealed record InputFacts(
    string Input, string Type, IReadOnlyList<int> Shape, int Samples, float Min, float Max, float PreparedMin, float PreparedMax,
    float LeastSpan, int Constant, bool Identical)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>[C, H, W] of the first sample under the layout that was said, where the network takes any row of numbers.</summary>
    public IReadOnlyList<int>? Planes { get; init; }

    /// <summary>Numbers of all samples.</summary>
    [JsonIgnore]
    public long Elements { get; init; }

    /// <summary>Prepared numbers far outside the range that calibration saw.</summary>
    [JsonIgnore]
    public long Outside { get; init; }

    /// <summary>Images with pixels that are not opaque.</summary>
    [JsonIgnore]
    public int Transparent { get; init; }

    /// <summary>SHA-256 of the first sample as stored, lower-case hexadecimal; empty where only a calibration file tells.</summary>
    [JsonIgnore]
    public string First { get; init; } = "";

    /// <summary>Whether all samples, be it one, are the same as the first.</summary>
    [JsonIgnore]
    public bool IsUniform { get; init; }

    [JsonIgnore]
    public float PreparedSpan => PreparedMax - PreparedMin;

    /// <summary>Whether a file may say this.</summary>
    [JsonIgnore]
    public bool IsSound =>
        Input is not null && Type is not null && Samples > 0 && Constant >= 0 && LeastSpan >= 0 && float.IsFinite(LeastSpan)
        && IsRange(Min, Max) && IsRange(PreparedMin, PreparedMax) && IsShape(Shape)
        && (Planes is null || (Planes.Count == 3 && IsShape(Planes)));

    /// <summary>Whether samples have enough numbers to tell anything by their being all the same.</summary>
    [JsonIgnore]
    public bool HasMany => Elements >= (long)Many * Samples;

    /// <summary>Samples of fewer numbers may be all the same by chance.</summary>
    internal const int Many = 16;

    /// <summary>A JSON list with an entry for each input, on one line.</summary>
    public static string ToJson(IReadOnlyList<InputFacts> facts) => JsonSerializer.Serialize(facts, Json);

    /// <exception cref="DiagnosticException">CML0802.</exception>
    public static IReadOnlyList<InputFacts> FromJson(string json)
    {
        try
        {
            var facts = JsonSerializer.Deserialize<InputFacts[]>(json, Json);
            if (facts is not null && Array.TrueForAll(facts, f => f is { IsSound: true })) return facts;
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new DiagnosticException(DataCodes.Malformed, "what is stored about the data of calibration cannot be read",
            hint: "calibrate again, or remove 'calibratedOn'");
    }

    /// <summary>Of samples that follow these: as if both had been looked at in one go.</summary>
    public InputFacts Followed(InputFacts more) => this with
    {
        Samples = checked(Samples + more.Samples),
        Min = Math.Min(Min, more.Min),
        Max = Math.Max(Max, more.Max),
        PreparedMin = Math.Min(PreparedMin, more.PreparedMin),
        PreparedMax = Math.Max(PreparedMax, more.PreparedMax),
        LeastSpan = LeastSpan == 0 || more.LeastSpan == 0 ? LeastSpan + more.LeastSpan : Math.Min(LeastSpan, more.LeastSpan),
        Constant = Constant + more.Constant,
        Identical = IsUniform && more.IsUniform && First == more.First,
        IsUniform = IsUniform && more.IsUniform && First == more.First,
        Elements = Elements + more.Elements,
        Outside = Outside + more.Outside,
        Transparent = Transparent + more.Transparent,
    };

    private static bool IsShape(IReadOnlyList<int>? shape) => shape is not null && shape.All(dim => dim >= 0);

    private static bool IsRange(float low, float high) => float.IsFinite(low) && float.IsFinite(high) && low <= high;
}
