using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Numerics;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Methods;
using CortexMl.Passes.Quantize.Channels;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Passes.Quantize.Schemes;

/// <summary>
/// Writes down what was decided, where it is known: quantize has thresholds, demands and scales of channels at hand when it begins, and
/// choose-widths left what it chose, and why.
/// </summary>
internal static class SchemeRecord
{
    /// <returns>Null where nothing was calibrated: there are no names by which a file could know the values.</returns>
    public static SchemeFile? Of(Graph graph, Demands demands, ChannelScales? scales, PassServices services)
    {
        if (services.Results.Get<CalibratedNames>() is not { Values: var values }) return null;
        if (services.Results.Get<CalibrationFile>() is not { } calibration) return null;
        var entries = calibration.Values.ToDictionary(v => v.Name, StringComparer.Ordinal);
        var given = services.Given.Get<GivenScheme>()?.File;
        var givenValues = (given?.Values ?? []).ToDictionary(v => v.Name, StringComparer.Ordinal);
        var givenLayers = (given?.Layers ?? []).ToDictionary(l => l.Name, StringComparer.Ordinal);
        var alive = graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results)).Where(v => !v.IsConstant).ToHashSet();
        var named = alive.Where(v => v.Name is not null).ToDictionary(v => v.Name!, StringComparer.Ordinal);
        var choices = (services.Results.Get<LayerChoices>()?.Layers ?? []).ToDictionary(c => c.Layer);
        var settings = demands.Settings;
        return new SchemeFile(
            calibration.Model,
            new SchemeSettings(settings.InputPrecision, settings.OutputPrecision, settings.TablePrecision, settings.SoftmaxRange,
                settings.PerChannel ? "per-channel" : "per-tensor", scales is not null ? "per-channel" : "per-tensor"),
            [.. values.Where(v => entries.ContainsKey(v.Name)).Select(v => Value(entries[v.Name], Now(v.Value, v.Name)))],
            [.. values.Where(v => v.Value.Producer is { } op && ApplyScheme.IsLayer(op)).Select(v => Layer(v.Value.Producer!, v.Name))])
        {
            Data = calibration.Data, Method = calibration.Method, Inputs = calibration.Inputs, Preparation = calibration.Preparation,
            CalibratedOn = calibration.CalibratedOn,
        };

        // Passes replace values, and hand names on.
        Value? Now(Value value, string name) => alive.Contains(value) ? value : named.GetValueOrDefault(name);

        ValueDecision Value(CalibratedValue entry, Value? value)
        {
            double? headroom = value is null ? null : Times(value, demands);
            var line = givenValues.GetValueOrDefault(entry.Name);
            // What a pattern says of bits alone, and this value has none.
            if (line is { BitsPattern: not null, Within: null, Method: null, IsPerChannel: null, Headroom: null, Centred: null }
                && value is not null && demands.Bits(value) is null) line = null;
            return new ValueDecision(entry.Name, entry.Threshold)
            {
                Channels = entry.Channels, Seen = entry.Seen, Method = line?.Method,
                Bits = value is null ? null : demands.Bits(value),
                IsPerChannel = value is null ? null : scales?.IsPerChannel(value),
                Headroom = headroom,
                IsRestored = value?.Producer is { } made && RestoreFloat.Asks(made) && !ApplyScheme.IsLayer(made),
                Centred = value is { IsInput: true } ? InputSignature.CenteringOf(graph, value.Index) is not null : null,
                Reason = line is not null ? line.IsEdited ? SchemeFile.Given : line.Reason
                    : Reason(entry, value, headroom, entry.Method ?? calibration.Method),
            };
        }

        LayerDecision Layer(Operation op, string name)
        {
            var choice = choices.GetValueOrDefault(op);
            var form = graph.Contains(op) ? LayerForm.Of(op) : choice?.Form ?? LayerForm.Narrow;
            int Bits(bool isWide) => isWide ? LayerWidth.WidePrecision : DemandPrecision.Data;
            return new LayerDecision(name, Bits(form.Data == DataForm.Wide), Bits(form.WideWeights), form.Data == DataForm.Centred)
            {
                IsRestored = RestoreFloat.Asks(op),
                Reason = givenLayers.GetValueOrDefault(name) is { } line ? line.IsEdited ? SchemeFile.Given : line.Reason
                    : choice is null ? LayerReason.Unmeasured : choice.Form == form ? choice.Reason : "set by a pass",
            };
        }
    }

    /// <summary>With what became of the layers' weights, which quantize knows when it ends.</summary>
    /// <param name="rounded">Layers with weights that are not the nearest integers.</param>
    public static SchemeFile WithRoundings(
        SchemeFile scheme, IReadOnlyCollection<Operation> rounded, bool correctsBiases, PassServices services)
    {
        var calibration = services.Results.Get<CalibrationFile>()!;
        var layers = NamesOf(rounded, services.Results.Get<CalibratedNames>()!.Values);
        return scheme with
        {
            Layers = [.. scheme.Layers.Select(
                l => l with { Rounding = layers.Contains(l.Name) ? LayerDecision.Measured : LayerDecision.Nearest })],
            Means = correctsBiases ? calibration.Layers
                : [.. calibration.Layers.Where(l => l.Rounded is not null).Select(l => l with { Means = [] })],
        };
    }

    /// <summary>Layers by the names of the network that calibrate saw; passes replace values, and hand names on.</summary>
    private static HashSet<string> NamesOf(IReadOnlyCollection<Operation> layers, IReadOnlyList<(Value Value, string Name)> values)
    {
        var own = layers.ToHashSet();
        var named = layers.Select(l => l.Result.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return values.Where(v => (v.Value.Producer is { } op && own.Contains(op)) || named.Contains(v.Name)).Select(v => v.Name)
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Where something reads the value with bits to spare.</summary>
    private static double? Times(Value value, Demands demands)
    {
        if (value.IsOutput) return Headroom.Times(value, demands.Output(value).Precision);
        bool isWide = demands.Asked(value).Any(a => a.Use.User is not null && a.Freedom != ScaleFreedom.HandedOn
            && (a.Freedom == ScaleFreedom.Shared || a.Demand.Precision >= DemandPrecision.Wide));
        return isWide ? Headroom.TimesInside(value) : value.Type.Reading?.Headroom;
    }

    private static string Reason(CalibratedValue entry, Value? value, double? headroom, string method)
    {
        string why = Threshold(entry, method);
        if (value is null || headroom is not > 1) return why;
        double limit = Headroom.Limit(value);
        return limit < headroom * entry.Threshold ? $"{why}; it cannot be larger than {Numbers.Format(limit)}" : why;
    }

    private static string Threshold(CalibratedValue entry, string method)
    {
        if (entry.Threshold == 0) return "zero for every sample";
        if (entry.Seen is not { } seen) return "by a calibration file";
        double most = Math.Max(Math.Abs((double)seen.Min), Math.Abs((double)seen.Max));
        string numbers = Counted.Grouped(seen.Count, "number");
        string absmax = Numbers.Format(CalibrationMethod.RoundUp(most));
        return entry.Threshold == CalibrationMethod.RoundUp(most) ? $"absmax of {numbers}"
            : entry.Threshold < most ? $"{method} of {numbers}; absmax would be {absmax}"
            : $"{numbers} reached {absmax}: more is expected";
    }
}
