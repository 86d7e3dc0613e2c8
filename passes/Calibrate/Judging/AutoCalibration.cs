using CortexMl.Ir;
using CortexMl.Passes.Calibrate.Methods;
using CortexMl.Passes.Quantize;
using CortexMl.Passes.Quantize.Channels;

namespace CortexMl.Passes.Calibrate.Judging;

/// <summary>
/// Method <c>auto</c>: each value gets the threshold of that method which makes the least error where the value is read
/// (passes/Quantize/README.md §2). What no layer reads itself, or only with constants, gets <c>mse</c>.
/// </summary>
/// <param name="judged">Of the graph.</param>
internal sealed class AutoCalibration(Graph graph, IReadOnlyList<JudgedValue> judged, ThresholdJudge judge)
{
    public const string Name = "auto", Meaning = "of mse, absmax, percentile and entropy what errs least where it is read";

    /// <summary>The methods that are compared, each with the growth that is expected of few numbers.</summary>
    public static IReadOnlyList<ChosenMethod> Methods { get; } =
        [.. new[] { "mse", "absmax", "percentile", "entropy" }.Select(m => ChosenMethod.Parse(m) with { Grows = true })];

    /// <param name="files">Of each method.</param>
    /// <param name="apply">Sets the thresholds of the graph.</param>
    /// <returns>For each value the entry of one of the files, with the method's name.</returns>
    public IReadOnlyList<CalibratedValue> Choose(IReadOnlyList<CalibrationFile> files, Action<IReadOnlyList<CalibratedValue>> apply)
    {
        var narrow = new NarrowReaders(graph);
        CalibratedValue[] chosen =
        [
            .. Measurement.Values(graph).Select((value, i) =>
                files[0].Values[i] with { Method = value.IsInput || !narrow[value] ? "absmax" : Methods[0].Method.Name }),
        ];
        var choices = new List<ThresholdChoice[]>();
        foreach (var file in judged.Count > 0 ? files : [])
        {
            apply(file.Values);
            choices.Add(Choices(file));
        }
        foreach (var (i, value) in judged.Index())
        {
            int best = judge.Best(value, [.. choices.Select(c => c[i])]);
            chosen[value.Place] = files[best].Values[value.Place] with { Method = Methods[best].Method.Name };
        }
        return chosen;
    }

    /// <summary>Of the judged values, with the file's thresholds set everywhere.</summary>
    private ThresholdChoice[] Choices(CalibrationFile file)
    {
        var scales = ChannelScales.Of(graph, QuantizeSettings.Default);
        return
        [
            .. judged.Select(v => (v.Value, file.Values[v.Place].Threshold)).Select(v => new ThresholdChoice(
                v.Threshold, scales[v.Value] ?? Demand.Covering(DemandPrecision.Data, v.Threshold).Units)),
        ];
    }
}
