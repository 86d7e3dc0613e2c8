using System.Security.Cryptography;
using System.Text;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Numerics;
using CortexMl.Passes.Calibrate;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Schemes;

/// <summary>
/// What a <c>*.scheme.json</c> says: every decision of the quantizer on a line of its own, with its reason. A person edits a line and
/// compiles with it; a line or a field that is left out is decided as usual.
/// </summary>
/// <param name="Model">
/// Digest of the network that it belongs to; see <see cref="GraphDigest.OfNamed"/>. Empty for one of patterns alone, of any network.
/// </param>
/// <param name="Values">
/// Of the network that calibrate sees: its inputs, then the results of its operations. A person's file has them in any order, and patterns.
/// </param>
/// <param name="Layers">Its convolutions and dense layers with constant weights, in their order; the same holds.</param>
public sealed record SchemeFile(
    string Model, SchemeSettings Settings, IReadOnlyList<ValueDecision> Values, IReadOnlyList<LayerDecision> Layers)
{
    /// <summary>The format that this version writes and reads.</summary>
    public const int Format = 1;

    public const string FileName = "model.scheme.json";

    /// <summary>The reason of a line that a person decided.</summary>
    public const string Given = "given";

    /// <summary>The reason of a line that patterns of a person decided.</summary>
    internal static string GivenBy(IEnumerable<NodePattern> patterns) => $"{Given} by {string.Join(" and ", patterns)}";

    private static bool IsGiven(string reason) => reason == Given || reason.StartsWith($"{Given} by ", StringComparison.Ordinal);

    /// <summary>What thresholds were measured on, for people.</summary>
    public string Data { get; init; } = "";

    /// <summary>How they were chosen, for people.</summary>
    public string Method { get; init; } = "";

    /// <summary>Shapes of the network's inputs, by name.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Inputs { get; init; } = [];

    /// <summary>What was done to the data's numbers, as a JSON object; see <see cref="ISampleSource.Preparation"/>.</summary>
    public string Preparation { get; init; } = "{}";

    /// <summary>What the data looked like, as a JSON list; see <see cref="ISampleSource.Observed"/>.</summary>
    public string CalibratedOn { get; init; } = "[]";

    /// <summary>What layers read on average, by which their biases were corrected.</summary>
    public IReadOnlyList<LayerInput> Means { get; init; } = [];

    /// <summary>The calibration that stands in for data where every value has a threshold.</summary>
    public CalibrationFile Calibration =>
        new(Model, Data, Method, [.. Values.Where(v => v is { Within: not null, Pattern: null }).Select(v => v.Entry)])
        {
            Inputs = Inputs, Preparation = Preparation, CalibratedOn = CalibratedOn, Layers = Means,
        };

    /// <summary>Names of the lines that keep an operation in float, to see what its integers cost.</summary>
    public IReadOnlyList<string> Restored =>
        [.. Values.Where(v => v.IsRestored).Select(v => v.Name).Concat(Layers.Where(l => l.IsRestored).Select(l => l.Name)).Distinct()];

    /// <summary>The lines alone that a person decided; null where there are none.</summary>
    public SchemeFile? OfPeople()
    {
        var people = this with
        {
            Settings = new(),
            Means = [],
            Values = [.. Values.Where(v => IsGiven(v.Reason))],
            Layers = [.. Layers.Where(l => IsGiven(l.Reason))],
        };
        return people.Values.Count + people.Layers.Count > 0 ? people : null;
    }

    public string Write()
    {
        var text = Calibration.Head(Format);
        text.Append(",\n  \"settings\": {").Append(Settings.Decisions).Append('}');
        text.Append(",\n  \"values\": ").Append(Lines(Values.Select(v => v.Line)));
        text.Append(",\n  \"layers\": ").Append(Lines(Layers.Select(l => l.Line)));
        if (Means.Count > 0) text.Append(",\n  \"means\": ").Append(Lines(Means.Select(m => m.Line)));
        return text.Append("\n}\n").ToString();
    }

    private static string Lines(IEnumerable<string> lines) => lines.ToList() is { Count: > 0 } all
        ? $"[\n    {string.Join(",\n    ", all)}\n  ]"
        : "[]";

    /// <summary>Fields that are said, as JSON.</summary>
    internal static string Fields(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var said = new List<string>();
        foreach (var (name, value) in fields)
            if (value is not null) said.Add($"\"{name}\": {value}");
        return string.Join(", ", said);
    }

    /// <summary>Six digits by which a line is known that nobody edited.</summary>
    internal static string MarkOf(string decisions) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(decisions)))[..6];
}

/// <summary>Decisions for the whole network; null where a pass's own option holds.</summary>
/// <param name="Input">Precision of graph inputs.</param>
/// <param name="Output">Of graph outputs.</param>
/// <param name="Table">Of the index of a lookup table.</param>
/// <param name="SoftmaxRange">λ: inputs of a softmax so far below the largest count as zero.</param>
/// <param name="Weights"><c>per-channel</c> or <c>per-tensor</c>, of weight scales.</param>
/// <param name="Activations">The same of what convolutions and dense layers read.</param>
public sealed record SchemeSettings(
    int? Input = null, int? Output = null, int? Table = null, double? SoftmaxRange = null, string? Weights = null,
    string? Activations = null)
{
    /// <summary>What each is called here, and as an option of quantize, with its value; null for one that is not said.</summary>
    public IReadOnlyList<(string Field, string Option, string? Value)> All =>
    [
        ("input", "input", Text(Input)), ("output", "output", Text(Output)), ("table", "table", Text(Table)),
        ("softmaxRange", "softmax-range", Text(SoftmaxRange)), ("weights", "weights", Weights), ("activations", "activations", Activations),
    ];

    internal string Decisions => SchemeFile.Fields(
        ("input", Text(Input)), ("output", Text(Output)), ("table", Text(Table)), ("softmaxRange", Text(SoftmaxRange)),
        ("weights", Weights is null ? null : CalibrationFile.Json(Weights)),
        ("activations", Activations is null ? null : CalibrationFile.Json(Activations)));

    private static string? Text(double? number) => number is { } said ? Numbers.Format(said) : null;
}

/// <summary>How a value is read. What is null is not said.</summary>
/// <param name="Name">Without sigil, as the text form spells it.</param>
/// <param name="Within">The threshold: the largest magnitude that must be representable.</param>
public sealed record ValueDecision(string Name, double? Within)
{
    /// <summary>
    /// The method that chooses the threshold where there is none, or chose it, as pipelines spell it: <c>percentile{percentile=99.9}</c>.
    /// </summary>
    public string? Method { get; init; }

    /// <summary>What it is about where that is more than the value of its name; then the name says nothing.</summary>
    public NodePattern? Pattern { get; init; }

    /// <summary>How far each channel along axis 1 reaches, as a share of the threshold.</summary>
    public IReadOnlyList<double>? Channels { get; init; }

    /// <summary>The most that a consumer reads it with.</summary>
    public int? Bits { get; init; }

    /// <summary>The pattern that says <see cref="Bits"/>: it is not meant where all that reads a value hands it on.</summary>
    internal NodePattern? BitsPattern { get; init; }

    /// <summary>The same of <see cref="IsPerChannel"/>, where no layer reads a value.</summary>
    internal bool IsPerChannelByPattern { get; init; }

    /// <summary>Whether its channels may have scales of their own.</summary>
    public bool? IsPerChannel { get; init; }

    /// <summary>Times the threshold that it reaches where bits are to spare.</summary>
    public double? Headroom { get; init; }

    /// <summary>Of an input: whether its middle is taken off before it becomes integers.</summary>
    public bool? Centred { get; init; }

    /// <summary>Whether the operation that makes it stays in float in this run; no part of the mark.</summary>
    public bool IsRestored { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>What was measured, for people, and of inputs for whoever centres them.</summary>
    public ValueSummary? Seen { get; init; }

    /// <summary>Whether somebody changed the line since it was written, or wrote it.</summary>
    public bool IsEdited { get; init; }

    /// <summary>The line's part of a calibration file.</summary>
    public CalibratedValue Entry => new(Name, Within ?? 0, Seen) { Channels = Channels ?? [], Method = Method };

    internal Reading? Reading => Bits is null && IsPerChannel is null && Headroom is null
        ? null
        : new Reading(Headroom, Bits, IsPerChannel);

    internal string Mark => SchemeFile.MarkOf($"{Decisions}, {SchemeFile.Fields(("channels", Shares))}");

    internal string Line => $"{{{Decisions}, " + SchemeFile.Fields(
        ("restore", IsRestored ? "true" : null), ("reason", CalibrationFile.Json(Reason)), ("mark", CalibrationFile.Json(Mark)),
        ("channels", Shares),
        ("min", Text(Seen?.Min)), ("max", Text(Seen?.Max)), ("mean", Text(Seen?.Mean)), ("std", Text(Seen?.Deviation)),
        ("count", Seen is null ? null : Numbers.Format(Seen.Count))) + "}";

    private string Decisions => SchemeFile.Fields(
        ("value", CalibrationFile.Json(Name)), ("within", Within is { } within ? Numbers.Format(within) : null),
        ("method", Method is { } method ? CalibrationFile.Json(method) : null), ("bits", Bits is { } bits ? Numbers.Format(bits) : null),
        ("granularity", IsPerChannel is { } own ? own ? "\"per-channel\"" : "\"per-tensor\"" : null),
        ("headroom", Headroom is { } times ? Numbers.Format(times) : null),
        ("centred", Centred is { } centred ? centred ? "true" : "false" : null));

    private string? Shares => Channels is { Count: > 0 } shares ? $"[{string.Join(", ", shares.Select(Numbers.Format))}]" : null;

    private static string? Text(float? number) => number is { } said ? Numbers.Format(said) : null;
}

/// <summary>How a convolution or dense layer is quantized. A line decides all of it: what it leaves out is as usual, 8 bits.</summary>
/// <param name="Name">Of its result.</param>
/// <param name="DataBits">That it sees of its data: 8 or 15.</param>
/// <param name="WeightBits">That its weights have.</param>
/// <param name="Centred">Whether it reads data on both sides of their middle.</param>
public sealed record LayerDecision(string Name, int DataBits, int WeightBits, bool Centred)
{
    /// <inheritdoc cref="ValueDecision.Pattern"/>
    public NodePattern? Pattern { get; init; }

    /// <summary>How weights become integers: each the nearest, or those that err least on what the layer reads.</summary>
    public const string Nearest = "nearest", Measured = "measured";

    /// <summary>One of the two; null where nothing is said.</summary>
    public string? Rounding { get; init; }

    /// <inheritdoc cref="ValueDecision.IsRestored"/>
    public bool IsRestored { get; init; }

    public string Reason { get; init; } = "";

    /// <inheritdoc cref="ValueDecision.IsEdited"/>
    public bool IsEdited { get; init; }

    internal string Mark => SchemeFile.MarkOf(Decisions);

    internal string Line => $"{{{Decisions}, " + SchemeFile.Fields(
        ("restore", IsRestored ? "true" : null), ("reason", CalibrationFile.Json(Reason)), ("mark", CalibrationFile.Json(Mark))) + "}";

    private string Decisions => SchemeFile.Fields(
        ("layer", CalibrationFile.Json(Name)), ("data", Numbers.Format(DataBits)), ("weights", Numbers.Format(WeightBits)),
        ("centred", Centred ? "true" : "false"), ("rounding", CalibrationFile.Json(Rounding ?? Nearest)));
}

/// <summary>A scheme that is to be followed: put among <see cref="PassServices.Given"/>.</summary>
/// <param name="Name">Its file, for messages.</param>
public sealed record GivenScheme(string Name, SchemeFile File)
{
    /// <summary>What is decided for an input, by name: whether it is centred; null where nothing is.</summary>
    public bool? IsCentred(string input) => File.Values.FirstOrDefault(v => v.Name == input)?.Centred;

    /// <summary>The line of a value, also behind passes that replaced it and handed its name on; null where there is none.</summary>
    internal static Func<Value, ValueDecision?> Lines(PassServices services)
    {
        var names = (services.Results.Get<CalibratedNames>()?.Values ?? []).ToDictionary(v => v.Value, v => v.Name);
        var lines = (services.Given.Get<GivenScheme>()?.File.Values ?? []).ToDictionary(v => v.Name, StringComparer.Ordinal);
        return value => (names.GetValueOrDefault(value) ?? value.Name) is { } name ? lines.GetValueOrDefault(name) : null;
    }
}
