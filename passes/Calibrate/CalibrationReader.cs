using System.Globalization;
using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Passes.Calibrate;

/// <summary>
/// Reads calibration files, also those that a person edited: comments and trailing commas are allowed, statistics may be left out.
/// </summary>
/// <param name="name">The file's name, for messages.</param>
public sealed class CalibrationReader(string name)
{
    /// <summary>Of the index of a lookup table.</summary>
    private const int MostBits = 16;

    private readonly SourceLocation _file = new(name);
    private readonly DiagnosticBag _problems = new();

    /// <exception cref="DiagnosticException">CML0555: no JSON, or fields that make no sense (all of them).</exception>
    public CalibrationFile Read(string text)
    {
        using var document = Parse(text);
        try
        {
            return Read(document);
        }
        catch (InvalidOperationException)
        {
            throw Malformed("a field's name holds an escape such as \\ud800 that stands for half a character");
        }
    }

    private CalibrationFile Read(JsonDocument document)
    {
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw Malformed("the file holds no JSON object");
        CheckFormat(root);
        string model = Text(root, "model", "the file"), data = Text(root, "data", "the file"), method = Text(root, "method", "the file");
        var inputs = InputShapes(root).ToList();
        string preparation = Optional(root, "preprocessing")?.GetRawText() ?? "{}";
        string calibratedOn = root.TryGetProperty("calibratedOn", out var seen) ? seen.GetRawText() : "[]";
        if (!calibratedOn.StartsWith('[')) Problem("'calibratedOn' is no list");
        var values = new List<CalibratedValue>();
        if (Field(root, "values", "the file") is { } list)
        {
            if (list.ValueKind == JsonValueKind.Array) values.AddRange(list.EnumerateArray().Select(Value));
            else Problem("'values' is no list");
        }
        var damage = Damage(root).ToList();
        if (damage.Any(d => d.Data.Count != damage[0].Data.Count || d.Weights.Count != damage[0].Data.Count
            || (d.Centred.Count > 0 && d.Centred.Count != damage[0].Data.Count)))
            Problem("the entries of 'damage' have different numbers of outputs");
        foreach (var twice in damage.GroupBy(d => d.Layer, StringComparer.Ordinal).Where(g => g.Count() > 1))
            Problem($"layer '{twice.Key}' stands twice in 'damage'");
        var tables = Tables(root).ToList();
        if (tables.Any(t => t.Errors.Count != damage.FirstOrDefault()?.Data.Count))
            Problem("the entries of 'tables' have another number of outputs than those of 'damage'");
        foreach (var twice in tables.GroupBy(t => t.Bits).Where(g => g.Count() > 1))
            Problem($"{Counted.Of(twice.Key, "bit")} stand twice in 'tables'");
        var layers = Layers(root).ToList();
        foreach (var twice in layers.GroupBy(l => l.Layer, StringComparer.Ordinal).Where(g => g.Count() > 1))
            Problem($"layer '{twice.Key}' stands twice in 'layers'");
        foreach (var twice in values.GroupBy(v => v.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            Problem($"value '{twice.Key}' stands there twice");
        _problems.ThrowIfErrors();
        return new CalibrationFile(model, data, method, values)
        {
            Inputs = inputs, Preparation = preparation, CalibratedOn = calibratedOn, Damage = damage, Tables = tables,
            Layers = layers,
        };
    }

    private IEnumerable<(string Name, Shape Shape)> InputShapes(JsonElement root)
    {
        if (Optional(root, "inputs") is not { } inputs) yield break;
        foreach (var input in inputs.EnumerateObject())
        {
            var dims = input.Value.ValueKind == JsonValueKind.Array
                ? input.Value.EnumerateArray().Select(d => d.ValueKind == JsonValueKind.Number && d.TryGetInt32(out int dim) ? dim : 0)
                    .ToList()
                : [0];
            if (dims.TrueForAll(d => d > 0)) yield return (input.Name, Shape.Of(dims));
            else Problem($"'inputs' gives '{input.Name}' the shape {input.Value.GetRawText()}; expected a list of whole numbers above 0");
        }
    }

    /// <summary>An object that a file written by hand may leave out.</summary>
    private JsonElement? Optional(JsonElement root, string field)
    {
        if (!root.TryGetProperty(field, out var found) || found.ValueKind == JsonValueKind.Object)
            return found.ValueKind == JsonValueKind.Object ? found : null;
        Problem($"'{field}' is no object");
        return null;
    }

    private JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(
                text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 8 });
        }
        catch (JsonException error)
        {
            int line = (int)(error.LineNumber ?? 0) + 1, column = (int)(error.BytePositionInLine ?? 0) + 1;
            throw new DiagnosticException(
                CalibrateCodes.FileMalformed, "the calibration file is no JSON", _file with { Line = line, Column = column });
        }
    }

    private void CheckFormat(JsonElement root)
    {
        if (Field(root, "format", "the file") is not { } format) return;
        if (format.ValueKind == JsonValueKind.Number && format.TryGetInt32(out int number) && number == CalibrationFile.Format) return;
        Problem(string.Create(
            CultureInfo.InvariantCulture, $"'format' is {format.GetRawText()}; this version reads format {CalibrationFile.Format}"));
    }

    private CalibratedValue Value(JsonElement element, int index)
    {
        string owner = string.Create(CultureInfo.InvariantCulture, $"entry {index} of 'values'");
        if (element.ValueKind != JsonValueKind.Object)
        {
            Problem($"{owner} is no object");
            return new CalibratedValue(owner, 0);
        }
        string name = Text(element, "name", owner);
        double threshold = Number(element, "threshold", name.Length > 0 ? $"value '{name}'" : owner);
        return new CalibratedValue(name, threshold, Summary(element, name))
        {
            Channels = Channels(element, name),
            Method = element.TryGetProperty("method", out _) ? Text(element, "method", $"value '{name}'") : null,
        };
    }

    private double[] Channels(JsonElement element, string name) =>
        element.TryGetProperty("channels", out var list) ? NumberList(list, $"'channels' of value '{name}'") : [];

    private double[] NumberList(JsonElement list, string what, double least = 0)
    {
        var numbers = new List<double>();
        bool good = list.ValueKind == JsonValueKind.Array;
        foreach (var element in good ? list.EnumerateArray().ToList() : [])
        {
            good &= element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double number) && double.IsFinite(number)
                && number >= least;
            if (good) numbers.Add(element.GetDouble());
        }
        if (!good) Problem($"{what} is no list of finite numbers{(least == 0 ? " from 0 on" : "")}");
        return [.. numbers];
    }

    private IEnumerable<LayerDamage> Damage(JsonElement root)
    {
        foreach (var (element, owner) in Entries(root, "damage"))
            yield return new LayerDamage(
                Text(element, "layer", owner), Numbers(element, "data", owner), Numbers(element, "weights", owner),
                element.TryGetProperty("centred", out _) ? Numbers(element, "centred", owner) : []);
    }

    private IEnumerable<TableDamage> Tables(JsonElement root)
    {
        foreach (var (element, owner) in Entries(root, "tables"))
        {
            double bits = Number(element, "bits", owner);
            if (bits != Math.Floor(bits) || bits > MostBits) Problem($"'bits' of {owner} is no whole number up to {MostBits}");
            else yield return new TableDamage((int)bits, Numbers(element, "errors", owner));
        }
    }

    private IEnumerable<LayerInput> Layers(JsonElement root)
    {
        foreach (var (element, owner) in Entries(root, "layers"))
            yield return new LayerInput(
                Text(element, "layer", owner), Text(element, "digest", owner), Numbers(element, "means", owner, double.MinValue))
            {
                Rounded = Rounded(element, owner),
            };
    }

    /// <summary>Which weights are rounded otherwise than to the nearest integer, where that was noted.</summary>
    private RoundedWeights? Rounded(JsonElement element, string owner)
    {
        if (!element.TryGetProperty("flips", out _) && !element.TryGetProperty("integers", out _)) return null;
        var rounded = new RoundedWeights(Text(element, "integers", owner), Text(element, "flips", owner));
        if (!rounded.IsWritten) Problem($"'flips' of {owner} is no base64");
        return rounded;
    }

    /// <summary>The objects of a list that may be left out.</summary>
    private IEnumerable<(JsonElement Element, string Owner)> Entries(JsonElement root, string field)
    {
        if (!root.TryGetProperty(field, out var list)) yield break;
        if (list.ValueKind != JsonValueKind.Array) Problem($"'{field}' is no list");
        else
            foreach (var (index, element) in list.EnumerateArray().Index())
            {
                string owner = string.Create(CultureInfo.InvariantCulture, $"entry {index} of '{field}'");
                if (element.ValueKind != JsonValueKind.Object) Problem($"{owner} is no object");
                else yield return (element, owner);
            }
    }

    private double[] Numbers(JsonElement element, string field, string owner, double least = 0) =>
        Field(element, field, owner) is { } found ? NumberList(found, $"'{field}' of {owner}", least) : [];

    private ValueSummary? Summary(JsonElement element, string name)
    {
        if (!element.TryGetProperty("count", out var field)) return null;
        string owner = $"value '{name}'";
        if (field.ValueKind != JsonValueKind.Number || !field.TryGetInt64(out long count) || count < 0)
        {
            Problem($"'count' of {owner} is {field.GetRawText()}; expected a whole number from 0 on");
            count = 0;
        }
        float Statistic(string statistic) => (float)Number(element, statistic, owner, double.MinValue);
        return new ValueSummary(Statistic("min"), Statistic("max"), Statistic("mean"), Statistic("std"), count);
    }

    private double Number(JsonElement element, string field, string owner, double least = 0)
    {
        if (Field(element, field, owner) is not { } found) return least;
        if (found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out double number) && double.IsFinite(number) && number >= least)
            return number;
        Problem($"'{field}' of {owner} is {found.GetRawText()}; expected a finite number{(least == 0 ? " from 0 on" : "")}");
        return least;
    }

    private string Text(JsonElement element, string field, string owner)
    {
        if (Field(element, field, owner) is not { } found) return "";
        try
        {
            if (found.ValueKind == JsonValueKind.String) return found.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 that stands for half a character.
        }
        Problem($"'{field}' of {owner} is no text");
        return "";
    }

    private JsonElement? Field(JsonElement element, string field, string owner)
    {
        if (element.TryGetProperty(field, out var found)) return found;
        Problem($"{owner} has no field '{field}'");
        return null;
    }

    private void Problem(string message) => _problems.Error(CalibrateCodes.FileMalformed, message, _file);

    private DiagnosticException Malformed(string message) => new(CalibrateCodes.FileMalformed, message, _file);
}
