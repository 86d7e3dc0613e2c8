using System.Globalization;
using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Schemes;

/// <summary>
/// Reads scheme files, also those that a person edited or wrote: comments and trailing commas are allowed, lines and fields may be left
/// out, a field that nobody knows is a mistake. A name with * or ?, or an operator, makes a line a pattern.
/// </summary>
/// <param name="name">The file's name, for messages.</param>
public sealed class SchemeReader(string name)
{
    private static readonly string[] s_top =
        ["format", "model", "data", "method", "inputs", "preprocessing", "calibratedOn", "settings", "values", "layers", "means"];

    private static readonly string[] s_valueFields =
    [
        "value", Operator, "within", "method", "bits", "granularity", "headroom", "centred", "restore", "reason", "mark",
        "channels", "min", "max", "mean", "std", "count",
    ];

    private static readonly string[] s_layerFields =
        ["layer", Operator, "data", "weights", "centred", "rounding", "restore", "reason", "mark"];

    private static readonly string[] s_meanFields = ["layer", "digest", "means", "integers", "flips"];

    private static readonly string[] s_granularity = ["per-channel", "per-tensor"];

    private const string Operator = "operator";

    private readonly DiagnosticBag _problems = new();

    /// <exception cref="DiagnosticException">CML0570: no JSON, or fields that make no sense (all of them).</exception>
    public SchemeFile Read(string text)
    {
        var fields = new SchemeFields(SchemeCodes.Malformed, "the scheme", new SourceLocation(name), _problems);
        using var document = fields.Parse(text);
        try
        {
            var file = Read(document.RootElement, fields);
            _problems.ThrowIfErrors();
            return file;
        }
        catch (InvalidOperationException)
        {
            throw fields.Malformed("a name or text holds an escape such as \\ud800 that stands for half a character");
        }
    }

    private SchemeFile Read(JsonElement root, SchemeFields fields)
    {
        if (root.ValueKind != JsonValueKind.Object) throw fields.Malformed("the file holds no JSON object");
        fields.Known(root, s_top, "the file");
        if (!root.TryGetProperty("format", out _)) fields.Problem("the file has no field 'format'");
        fields.Number(root, "format", "the file", SchemeFile.Format, SchemeFile.Format);
        string model = fields.Text(root, "model", "the file") ?? "";
        var values = fields.Objects(root, "values").Select(v => Value(v.Element, v.Owner, fields)).ToList();
        var layers = fields.Objects(root, "layers").Select(l => Layer(l.Element, l.Owner, fields)).ToList();
        var means = fields.Objects(root, "means").Select(m => Mean(m.Element, m.Owner, fields)).ToList();
        // Patterns alone may be of any network.
        bool isOfAny = values.Count + layers.Count > 0 && means.Count == 0 && values.TrueForAll(v => v.Pattern is not null)
            && layers.TrueForAll(l => l.Pattern is not null);
        if (model.Length == 0 && !isOfAny) fields.Problem("the file has no field 'model'");
        Once(means.Select(m => Called("layer", m.Layer)), fields);
        Once(values.Select(v => v.Pattern?.ToString() ?? Called("value", v.Name)), fields);
        Once(layers.Select(l => l.Pattern?.ToString() ?? Called("layer", l.Name)), fields);
        return new SchemeFile(model, Settings(root, fields), values, layers)
        {
            Data = fields.Text(root, "data", "the file") ?? "", Method = fields.Text(root, "method", "the file") ?? "",
            Inputs = [.. fields.Shapes(root, "inputs")],
            Preparation = fields.Object(root, "preprocessing")?.GetRawText() ?? "{}",
            CalibratedOn = fields.List(root, "calibratedOn")?.GetRawText() ?? "[]",
            Means = means,
        };
    }

    private static SchemeSettings Settings(JsonElement root, SchemeFields fields)
    {
        const string Owner = "'settings'";
        if (fields.Object(root, "settings") is not { } settings) return new SchemeSettings();
        fields.Known(settings, [.. new SchemeSettings().All.Select(s => s.Field)], Owner);
        return new SchemeSettings(
            Whole("input"), Whole("output"), Whole("table"), Within("softmaxRange"), Choice("weights"), Choice("activations"));

        double? Within(string field)
        {
            var option = Quantize.Record.Option(new SchemeSettings().All.Single(s => s.Field == field).Option)!;
            return fields.Number(settings, field, Owner, option.Min!.Value, option.Max!.Value);
        }

        int? Whole(string field) => fields.Whole(field, Owner, Within(field));

        string? Choice(string field) => fields.Choice(settings, field, Owner, s_granularity);
    }

    private static ValueDecision Value(JsonElement element, string entry, SchemeFields fields)
    {
        var (known, pattern, owner) = Subject(element, "value", entry, fields);
        fields.Known(element, s_valueFields, owner);
        var read = new ValueDecision(known, fields.Number(element, "within", owner, 0, double.MaxValue))
        {
            Pattern = pattern, Method = fields.Text(element, "method", owner), Channels = fields.Numbers(element, "channels", owner),
            Bits = fields.Whole(
                "bits", owner, fields.Number(element, "bits", owner, Reading.LeastPrecision, Reading.MostPrecision)),
            IsPerChannel = fields.Choice(element, "granularity", owner, s_granularity) is { } choice ? choice == s_granularity[0] : null,
            Headroom = fields.Number(element, "headroom", owner, Reading.LeastHeadroom, Reading.MostHeadroom),
            Centred = fields.Flag(element, "centred", owner),
            IsRestored = fields.Flag(element, "restore", owner) ?? false,
            Reason = fields.Text(element, "reason", owner) ?? "",
            Seen = Summary(element, owner, fields),
        };
        if (read is { Within: null, Channels: not null })
            fields.Problem($"{owner} has 'channels', which are shares of 'within', and no 'within'");
        read = read with { IsEdited = fields.Text(element, "mark", owner) != read.Mark };
        if (read is { Within: not null, Method: not null, IsEdited: true })
            fields.Problem($"{owner} has 'within' and 'method': a threshold is given, or chosen", "take one of the two out");
        return read;
    }

    /// <summary>What a line is about: one name, or a pattern.</summary>
    private static (string Name, NodePattern? Pattern, string Owner) Subject(
        JsonElement element, string field, string entry, SchemeFields fields)
    {
        string? row = fields.Text(element, Operator, entry);
        bool isNamed = row is null || element.TryGetProperty(field, out _);
        string name = isNamed ? fields.Named(element, field, entry) : "";
        if (row is null && !NodePattern.IsWild(name)) return (name, null, name.Length > 0 ? $"{field} '{name}'" : entry);
        var pattern = new NodePattern(field, isNamed ? name : null, row);
        return (name, pattern, $"the line of {pattern}");
    }

    private static string Called(string field, string name) => name.Length > 0 ? $"{field} '{name}'" : "";

    private static ValueSummary? Summary(JsonElement element, string owner, SchemeFields fields)
    {
        if (fields.Number(element, "count", owner, 0, long.MaxValue / 2) is not { } count) return null;
        float Statistic(string field) => (float)(fields.Number(element, field, owner, float.MinValue, float.MaxValue) ?? 0);
        return new ValueSummary(Statistic("min"), Statistic("max"), Statistic("mean"), Statistic("std"), (long)count);
    }

    private static LayerDecision Layer(JsonElement element, string entry, SchemeFields fields)
    {
        var (known, pattern, owner) = Subject(element, "layer", entry, fields);
        fields.Known(element, s_layerFields, owner);
        var read = new LayerDecision(known, Bits("data"), Bits("weights"), fields.Flag(element, "centred", owner) ?? false)
        {
            Pattern = pattern, IsRestored = fields.Flag(element, "restore", owner) ?? false,
            Reason = fields.Text(element, "reason", owner) ?? "",
            Rounding = fields.Choice(element, "rounding", owner, [LayerDecision.Nearest, LayerDecision.Measured]),
        };
        if (read is { DataBits: LayerWidth.WidePrecision, Centred: true })
            fields.Problem($"{owner} has data of 15 bits and centred data: it is one or the other");
        return read with { IsEdited = fields.Text(element, "mark", owner) != read.Mark };

        int Bits(string field)
        {
            double? bits = fields.Number(element, field, owner, DemandPrecision.Data, LayerWidth.WidePrecision);
            if (bits is null or DemandPrecision.Data or LayerWidth.WidePrecision) return (int)(bits ?? DemandPrecision.Data);
            fields.Problem(string.Create(CultureInfo.InvariantCulture,
                $"'{field}' of {owner} is {bits}; 8 or 15 bits are possible"),
                "fewer bits are those of the value that the layer reads: 'bits' of its line");
            return DemandPrecision.Data;
        }
    }

    private static LayerInput Mean(JsonElement element, string owner, SchemeFields fields)
    {
        fields.Known(element, s_meanFields, owner);
        return new LayerInput(
            fields.Named(element, "layer", owner), fields.Text(element, "digest", owner) ?? "",
            fields.Numbers(element, "means", owner, double.MinValue) ?? [])
        {
            Rounded = Rounded(element, owner, fields),
        };
    }

    private static RoundedWeights? Rounded(JsonElement element, string owner, SchemeFields fields)
    {
        var (integers, flips) = (fields.Text(element, "integers", owner), fields.Text(element, "flips", owner));
        if (integers is null && flips is null) return null;
        var rounded = new RoundedWeights(integers ?? "", flips ?? "");
        if (!rounded.IsWritten) fields.Problem($"'flips' of {owner} is no base64");
        return rounded;
    }

    private static void Once(IEnumerable<string> subjects, SchemeFields fields)
    {
        foreach (var twice in subjects.Where(n => n.Length > 0).GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1))
            fields.Problem($"{twice.Key} stands there {(twice.Count() == 2 ? "twice" : "several times")}");
    }
}
