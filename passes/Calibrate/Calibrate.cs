using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate.Judging;

namespace CortexMl.Passes.Calibrate;

//  graph @head(%data: f32[1, 1, 28, 28]) …        graph @head(%data: f32[1, 1, 28, 28] within 1) …
//    %0 = nn.conv2d(%data, …) : f32[…]       ⇒      %0 = nn.conv2d(%data, …) : f32[…] within 5.375
//    %1 = nn.relu(%0) : f32[…]                      %1 = nn.relu(%0) : f32[…] within 5.25
//
// Thresholds come from the calibration file where one is given, else from running the network on the data. Graph inputs and outputs are
// never cut off: their threshold is the absolute maximum whatever the method (outputs that saturate would tie, and change the arg-max),
// of inputs that are no integers more, the fewer numbers were seen.
public sealed class Calibrate : Pass
{
    public static readonly PassInfo Record = new(
        "calibrate", "Measure every value on data and note the largest magnitude that must be representable", Level.Float, Level.Float,
        new PassOption("method", PassOptionKind.Choice, "mse",
            "how thresholds are chosen; absmax cuts nothing off, auto takes for each value what errs least where it is read")
        {
            Choices = [.. CalibrationMethod.Names, AutoCalibration.Name],
        },
        new PassOption("percentile", PassOptionKind.Float, "99.99", "of percentile: percent of the numbers that must be representable")
        {
            Min = 50, Max = 100,
        },
        new PassOption("lambda", PassOptionKind.Float, "16", "of mean-std: threshold = |mean| + lambda · deviation") { Min = 0 });

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        var values = Measurement.Values(graph);
        var given = context.Services.Given.Get<GivenCalibration>();
        var entries = Decided(graph, given, context)
            ?? (given is null ? FromData(graph, context) : FromFile(graph, given, context));
        var names = Names.Of(graph);
        context.Services.Results.Set(new CalibratedNames([.. values.Select(v => (v, names[v]))]));
        string[] dead = [.. values.Zip(entries).Where(v => v.Second.Threshold == 0).Select(v => $"%{names[v.First]}")];
        Apply(graph, entries, context);
        context.Rewriter.AddCount(values.Count);
        if (dead.Length > 0)
        {
            string zero = Counted.Part(dead.Length, values.Count, "value", "is", "are");
            context.Diagnostics.Note(CalibrateCodes.Dead, $"{zero} zero for every sample: {Listing.Of(dead)}");
        }
    }

    private static void Apply(Graph graph, IReadOnlyList<CalibratedValue> entries, PassContext context)
    {
        var names = Names.Of(graph);
        foreach (var (value, entry) in Measurement.Values(graph).Zip(entries))
            context.Rewriter.SetType(value, value.Type with { Threshold = entry.Threshold, Channels = Channels(entry, names[value]) });
    }

    /// <summary>Channels that are always zero, or all but, may have any scale: the whole's.</summary>
    private static ChannelThresholds? Channels(CalibratedValue entry, string name)
    {
        if (entry.Threshold == 0 || entry.Channels.Count == 0 || entry.Channels.All(s => s == entry.Channels[0])) return null;
        return new ChannelThresholds(1, $"{name}.within", [.. entry.Channels.Select(s => entry.Threshold * (s > 0 ? s : 1))]);
    }

    /// <summary>What a scheme decides, which needs neither data nor a file where it decides all; null where there is none.</summary>
    private static IReadOnlyList<CalibratedValue>? Decided(Graph graph, GivenCalibration? given, PassContext context)
    {
        if (context.Services.Given.Get<GivenThresholds>() is not { } decided) return null;
        var missing = decided.Missing(graph);
        if (given is not null) FromFile(graph, given, context);
        else if (context.Services.Samples is not null) FromData(graph, context);
        else if (missing.Count > 0)
            throw new DiagnosticException(
                CalibrateCodes.NoData, $"the scheme has no threshold for {Listing.Of([.. missing.Select(n => $"%{n}")])}",
                hint: "give data with --data, a file of an earlier run with --calibration, or a 'within' for each value");
        var file = context.Services.Results.Get<CalibrationFile>() is { } measured
            ? decided.Over(measured)
            : decided.File with { Values = CalibrationMatch.Entries(graph, decided.File, "") };
        context.Services.Results.Set(file);
        return file.Values;
    }

    private static CalibratedValue[] FromFile(Graph graph, GivenCalibration given, PassContext context)
    {
        var entries = CalibrationMatch.Entries(graph, given.File, given.Name);
        context.Services.Results.Set(given.File);
        return entries;
    }

    private static IReadOnlyList<CalibratedValue> FromData(Graph graph, PassContext context)
    {
        const string Hint = "give data with --data, a file of an earlier run with --calibration, or try the network out with --random-data";
        if (context.Services.Samples is not { } samples)
            throw new DiagnosticException(CalibrateCodes.NoData, "there is no calibration data", hint: Hint);
        if (context.Services.FloatEvaluator is not { } evaluator)
            throw new DiagnosticException(CalibrateCodes.NoData, "there is no engine for the float level to run the calibration data",
                hint: "give a calibration file with --calibration");
        var method = Method(context.Options);
        var draw = new SampleDraw();
        var judged = method.Name == AutoCalibration.Name ? JudgedValue.In(graph) : [];
        var parts = new DrawnParts(graph, judged);
        var statistics = Measurement.Run(graph, samples, evaluator, context.Services.Progress, draw, parts);
        context.Services.Results.Set(draw);
        var integers = InputReach.Integers(samples.Observed);
        CalibrationFile Of(CalibrationMethod method) => Summarise(graph, samples.Description, method, statistics, integers);
        var measured = method.Name == AutoCalibration.Name ? Judged() : Of(method);
        var file = measured with { Preparation = samples.Preparation, CalibratedOn = samples.Observed };
        context.Services.Results.Set(file);
        return file.Values;

        CalibrationFile Judged()
        {
            CalibrationFile[] files = [.. AutoCalibration.Methods.Select(Of)];
            var auto = new AutoCalibration(graph, judged, new ThresholdJudge(statistics, parts, evaluator));
            return files[0] with { Method = method.Name, Values = auto.Choose(files, values => Apply(graph, values, context)) };
        }
    }

    private static CalibrationMethod Method(PassOptions options)
    {
        string name = options.Text("method");
        foreach (var (option, owner) in new[] { ("percentile", "percentile"), ("lambda", "mean-std") })
        {
            if (!options.IsGiven(option) || name == owner) continue;
            throw new DiagnosticException(DiagnosticCodes.PassOption, $"pass 'calibrate': option '{option}' means nothing to method {name}",
                hint: $"give method={owner} with it");
        }
        return new CalibrationMethod(name, options.Float("percentile"), options.Float("lambda"));
    }

    /// <summary>
    /// The calibration file of a network from its statistics, which stand in the order of <see cref="Measurement.Values"/>.
    /// </summary>
    /// <param name="integers">Names of the inputs whose data are integers: they have a bound.</param>
    public static CalibrationFile Summarise(
        Graph graph, string data, CalibrationMethod method, IReadOnlyList<ValueStatistics> statistics, IReadOnlySet<string> integers)
    {
        var names = Names.Of(graph);
        var narrow = new NarrowReaders(graph);
        var values = Measurement.Values(graph).Zip(statistics)
            .Select(v => Entry(names[v.First], Whole(v.First, v.Second), method, v.Second));
        return new CalibrationFile(GraphDigest.OfNamed(graph), data, method.ToString(), [.. values])
        {
            Inputs = [.. graph.Inputs.Select(i => (names[i], i.Type.Shape))],
        };

        double Whole(Value value, ValueStatistics seen) =>
            value.IsInput ? CalibrationMethod.RoundUp(InputReach.Of(seen, integers.Contains(names[value])))
            : !narrow[value] ? CalibrationMethod.RoundUp(seen.AbsMax)
            : method.Reach(seen);
    }

    private static CalibratedValue Entry(string name, double threshold, CalibrationMethod method, ValueStatistics statistics)
    {
        var entry = new CalibratedValue(name, threshold, ValueSummary.Of(statistics));
        if (statistics.Channels is not { } channels || threshold == 0) return entry;
        return entry with
        {
            Channels = [.. method.ChannelThresholds(channels, threshold).Select(t => CalibratedValue.RoundUp(t / threshold))],
        };
    }
}
