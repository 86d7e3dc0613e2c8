using System.Text;
using System.Text.Json;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Passes.Calibrate;

/// <summary>What a <c>*.calibration.json</c> says.</summary>
/// <param name="Model">Digest of the network that it belongs to; see <see cref="GraphDigest.OfNamed"/>.</param>
/// <param name="Data">What it was measured on, for people.</param>
/// <param name="Method">How the thresholds were chosen, for people.</param>
/// <param name="Values">In the order of the graph: its inputs, then the results of its operations.</param>
public sealed record CalibrationFile(string Model, string Data, string Method, IReadOnlyList<CalibratedValue> Values)
{
    /// <summary>The format that this version writes and reads.</summary>
    public const int Format = 1;

    /// <summary>Shapes of the network's inputs, by name; a file written by hand may leave them out.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Inputs { get; init; } = [];

    /// <summary>What was done to the data's numbers, as a JSON object; see <see cref="ISampleSource.Preparation"/>.</summary>
    public string Preparation { get; init; } = "{}";

    /// <summary>What the data looked like, as a JSON list; see <see cref="ISampleSource.Observed"/>.</summary>
    public string CalibratedOn { get; init; } = "[]";

    /// <summary>What 8 bits of each layer do to the outputs, where that was measured: choose-widths decides by it.</summary>
    public IReadOnlyList<LayerDamage> Damage { get; init; } = [];

    /// <summary>What the steps of all lookup tables do to the outputs, by the bits of the index, where that was measured.</summary>
    public IReadOnlyList<TableDamage> Tables { get; init; } = [];

    /// <summary>What layers read on average, where that was measured: quantize corrects their biases by it.</summary>
    public IReadOnlyList<LayerInput> Layers { get; init; } = [];

    /// <summary>JSON with one line for each value, so that a threshold is found and changed by hand.</summary>
    public string Write()
    {
        var text = Head(Format);
        text.Append(",\n  \"values\": [\n    ").AppendJoin(",\n    ", Values.Select(Line)).Append("\n  ]");
        if (Damage.Count > 0) text.Append(",\n  \"damage\": [\n    ").AppendJoin(",\n    ", Damage.Select(Line)).Append("\n  ]");
        if (Tables.Count > 0) text.Append(",\n  \"tables\": [\n    ").AppendJoin(",\n    ", Tables.Select(Line)).Append("\n  ]");
        if (Layers.Count > 0) text.Append(",\n  \"layers\": [\n    ").AppendJoin(",\n    ", Layers.Select(l => l.Line)).Append("\n  ]");
        text.Append("\n}\n");
        return text.ToString();
    }

    /// <summary>What it belongs to and was measured on, as this file and the scheme begin.</summary>
    internal StringBuilder Head(int format)
    {
        var text = new StringBuilder();
        text.Append("{\n  \"format\": ").Append(Numbers.Format(format));
        text.Append(",\n  \"model\": ").Append(Json(Model));
        text.Append(",\n  \"data\": ").Append(Json(Data));
        text.Append(",\n  \"method\": ").Append(Json(Method));
        text.Append(",\n  \"inputs\": {").AppendJoin(", ", Inputs.Select(i => $"{Json(i.Name)}: {i.Shape}")).Append('}');
        text.Append(",\n  \"preprocessing\": ").Append(Preparation);
        if (CalibratedOn != "[]") text.Append(",\n  \"calibratedOn\": ").Append(CalibratedOn);
        return text;
    }

    private static string Line(CalibratedValue value)
    {
        var line =
            new StringBuilder("{\"name\": ").Append(Json(value.Name)).Append(", \"threshold\": ").Append(Numbers.Format(value.Threshold));
        if (value.Method is { } method) line.Append(", \"method\": ").Append(Json(method));
        if (value.Seen is { } seen)
        {
            line.Append(", \"min\": ").Append(Numbers.Format(seen.Min)).Append(", \"max\": ").Append(Numbers.Format(seen.Max))
                .Append(", \"mean\": ").Append(Numbers.Format(seen.Mean)).Append(", \"std\": ").Append(Numbers.Format(seen.Deviation))
                .Append(", \"count\": ").Append(Numbers.Format(seen.Count));
        }
        if (value.Channels.Count > 0)
            line.Append(", \"channels\": ").Append(List(value.Channels));
        return line.Append('}').ToString();
    }

    private static string Line(LayerDamage damage) =>
        $"{{\"layer\": {Json(damage.Layer)}, \"data\": {List(damage.Data)}, \"weights\": {List(damage.Weights)}"
        + (damage.Centred.Count > 0 ? $", \"centred\": {List(damage.Centred)}}}" : "}");

    private static string Line(TableDamage damage) =>
        $"{{\"bits\": {Numbers.Format(damage.Bits)}, \"errors\": {List(damage.Errors)}}}";

    internal static string List(IEnumerable<double> numbers) => $"[{string.Join(", ", numbers.Select(Numbers.Format))}]";

    internal static string Json(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}

/// <param name="Name">Without sigil, as the text form spells it.</param>
/// <param name="Threshold">Largest magnitude that must be representable; 0 for a value that is always zero.</param>
/// <param name="Seen">What was measured, for people; a file written by hand may leave it out.</param>
public sealed record CalibratedValue(string Name, double Threshold, ValueSummary? Seen = null)
{
    /// <summary>
    /// How far each channel along axis 1 reaches, as a share of the threshold: 0 for one that is always zero, above 1 for one that the
    /// threshold cuts off. Empty where the channels do not matter.
    /// </summary>
    public IReadOnlyList<double> Channels { get; init; } = [];

    /// <summary>The method that chose the threshold, where that was decided for each value; else null, and the file's own.</summary>
    public string? Method { get; init; }

    /// <summary>The least number of 8 significant binary digits that is not below the share.</summary>
    public static double RoundUp(double share)
    {
        if (share == 0) return 0;
        int unit = Math.ILogB(share) - 7;
        return Math.ScaleB(Math.Ceiling(Math.ScaleB(share, -unit)), unit);
    }
}

/// <summary>Statistics of one value, rounded to f32.</summary>
public sealed record ValueSummary(float Min, float Max, float Mean, float Deviation, long Count)
{
    public static ValueSummary Of(ValueStatistics statistics) =>
        new(statistics.Min, statistics.Max, (float)statistics.Mean, (float)statistics.Deviation, statistics.Count);
}

/// <summary>
/// What 8 bits of one layer alone do to each output of the network: the squared error of the output as a share of its squared sum.
/// </summary>
/// <param name="Layer">Name of the layer's result.</param>
/// <param name="Data">By rounding and saturating the layer's data, for each output.</param>
/// <param name="Weights">By rounding its weights.</param>
/// <param name="Centred">By rounding its data to codes on both sides of their middle; empty where that cannot be.</param>
public sealed record LayerDamage(
    string Layer, IReadOnlyList<double> Data, IReadOnlyList<double> Weights, IReadOnlyList<double> Centred);

/// <summary>What lookup tables with an index of so many bits do to the outputs: squared errors, as shares of the squared sums.</summary>
/// <param name="Bits">Of the index, as quantize's option <c>table</c> has them.</param>
/// <param name="Errors">By the tables' steps, for each output.</param>
public sealed record TableDamage(int Bits, IReadOnlyList<double> Errors);

/// <summary>What one layer reads.</summary>
/// <param name="Layer">Name of the layer's result where it is quantized.</param>
/// <param name="Digest">Of its weights and bias: another layer reads something else.</param>
/// <param name="Means">Of each channel of its data.</param>
public sealed record LayerInput(string Layer, string Digest, IReadOnlyList<double> Means)
{
    /// <summary>Which of the layer's weights quantize rounded otherwise than to the nearest integer; null where none.</summary>
    public RoundedWeights? Rounded { get; init; }

    internal string Line => $"{{\"layer\": {CalibrationFile.Json(Layer)}, \"digest\": {CalibrationFile.Json(Digest)}, "
        + $"\"means\": {CalibrationFile.List(Means)}"
        + (Rounded is null ? "}" : $", \"integers\": {CalibrationFile.Json(Rounded.Digest)}, \"flips\": \"{Rounded.Flips}\"}}");
}

/// <summary>Weights that are rounded to the other neighbour than the nearest integer.</summary>
/// <param name="Digest">Of the integers, nearest and rounded: of others it says nothing.</param>
/// <param name="Flips">Which, in base64; see passes/Quantize/README.md §17.</param>
public sealed record RoundedWeights(string Digest, string Flips)
{
    /// <summary>Whether it is base64, and therefore needs no escape.</summary>
    public bool IsWritten => System.Buffers.Text.Base64.IsValid(Flips);
}

/// <summary>A calibration that stands in for data: put among <see cref="PassServices.Given"/>.</summary>
/// <param name="Name">Its file, for messages.</param>
public sealed record GivenCalibration(string Name, CalibrationFile File);
