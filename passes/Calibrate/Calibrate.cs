using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate.Judging;
using CortexMl.Passes.Calibrate.Methods;
using CortexMl.Passes.Calibrate.Parts;
using CortexMl.Passes.Quantize.Shapes;

namespace CortexMl.Passes.Calibrate;

//  graph @head(%data: f32[1, 1, 28, 28]) …        graph @head(%data: f32[1, 1, 28, 28] within 1) …
//    %0 = nn.conv2d(%data, …) : f32[…]       ⇒      %0 = nn.conv2d(%data, …) : f32[…] within 5.375
//    %1 = nn.relu(%0) : f32[…]                      %1 = nn.relu(%0) : f32[…] within 5.25
//
// Thresholds come from the calibration file where one is given, else from running the network on the data. Graph inputs and outputs are
// never cut off: their threshold is the absolute maximum whatever the method (outputs that saturate would tie, and change the arg-max),
// of inputs that are no integers more, the fewer numbers were seen. A value that has a method of its own has it wherever it stands.
public sealed class Calibrate : Pass
{
    public static readonly PassInfo Record = new(
        "calibrate", "Measure every value on data and note the largest magnitude that must be representable", Level.Float, Level.Float,
        CalibrationMethods.WithOptions(
            new PassOption(CalibrationMethods.MethodOption, PassOptionKind.Choice, "mse",
                "how thresholds are chosen; absmax cuts nothing off, auto takes for each value what errs least where it is read")
            {
                Choices = CalibrationMethods.Choices.Names, Meanings = CalibrationMethods.Choices.Meanings,
            }));

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        if (context.Services.Given.Get<MeasuringAlone>() is not null)
        {
            context.Services.Results.Set(Measured(graph, context, new DrawnParts(graph, []), mayBeEmpty: true));
            return;
        }
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
        if (entry.Threshold == 0 || entry.Channels.All(s => s == entry.Channels[0])) return null;
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
        CheckOwnMethods(graph, given, entries, context.Services);
        context.Services.Results.Set(given.File);
        return entries;
    }

    /// <summary>A file has one threshold for each value, and no statistics to choose another by.</summary>
    private static void CheckOwnMethods(Graph graph, GivenCalibration given, CalibratedValue[] entries, PassServices services)
    {
        if (services.Given.Get<GivenMethods>() is not { } own) return;
        var problems = new DiagnosticBag();
        foreach (var (value, entry) in Measurement.Values(graph).Zip(entries))
        {
            string there = entry.Method ?? given.File.Method;
            if (own[value]?.ToString() is not { } wanted || wanted == there) continue;
            problems.Error(CalibrateCodes.NoData,
                $"%{entry.Name} is to have its threshold by {wanted}; the calibration file has one by {there}", new SourceLocation(given.Name),
                "give data with --data, or the threshold itself: 'within' of the scheme's line");
        }
        problems.ThrowIfErrors();
    }

    private static CalibrationStatistics Measured(Graph graph, PassContext context, DrawnParts parts, bool mayBeEmpty = false)
    {
        const string Hint = "give data with --data, a file of an earlier run with --calibration, or try the network out with --random-data";
        if (context.Services.Samples is not { } samples)
            throw new DiagnosticException(CalibrateCodes.NoData, "there is no calibration data", hint: Hint);
        if (context.Services.FloatEvaluator is not { } evaluator)
            throw new DiagnosticException(CalibrateCodes.NoData, "there is no engine for the float level to run the calibration data",
                hint: "give a calibration file with --calibration");
        if (context.Services.Given.Get<GivenStatistics>() is not { } given)
            return Measurement.Run(graph, samples, evaluator, context.Services, parts, mayBeEmpty);
        var statistics = given.Of(graph);
        if (parts.IsWanted) Measurement.RunDrawn(graph, samples, evaluator, statistics.Draw, parts);
        return statistics;
    }

    private static IReadOnlyList<CalibratedValue> FromData(Graph graph, PassContext context)
    {
        // None for auto.
        var method = Method(context.Options);
        var judged = method is null ? JudgedValue.In(graph) : [];
        var parts = new DrawnParts(graph, judged);
        var measurement = Measured(graph, context, parts);
        var (samples, statistics) = (context.Services.Samples!, measurement.Values);
        context.Services.Results.Set(measurement.Draw);
        var integers = InputReach.Integers(samples.Observed);
        CalibrationFile Of(ChosenMethod method) => Summarise(graph, samples.Description, method, statistics, integers);
        var measured = method is null ? Judged() : Of(method);
        var file = measured with
        {
            Values = WithOwnMethods(graph, measured.Values, statistics, context.Services),
            Preparation = samples.Preparation,
            CalibratedOn = samples.Observed,
        };
        context.Services.Results.Set(file);
        context.Services.Results.Set(new CalibratedDistributions([.. file.Values.Zip(statistics, Distribution.Of)]));
        return file.Values;

        CalibrationFile Judged()
        {
            CalibrationFile[] files = [.. AutoCalibration.Methods.Select(Of)];
            var auto = new AutoCalibration(graph, judged, new ThresholdJudge(statistics, parts, context.Services.FloatEvaluator!));
            return files[0] with
            {
                Method = AutoCalibration.Name,
                Values = auto.Choose(files, values => Apply(graph, values, context)),
            };
        }
    }

    private static ChosenMethod? Method(PassOptions options)
    {
        string name = options.Text(CalibrationMethods.MethodOption);
        foreach (var (owner, option) in CalibrationMethods.All.SelectMany(m => m.Options.Select(o => (m.Name, o.Name))))
        {
            if (!options.IsGiven(option) || name == owner) continue;
            throw new DiagnosticException(DiagnosticCodes.PassOption, $"pass 'calibrate': option '{option}' means nothing to method {name}",
                hint: $"give method={owner} with it");
        }
        return CalibrationMethods.Find(name) is { } method
            ? ChosenMethod.Of(method, method.Options.ToDictionary(o => o.Name, o => options.Text(o.Name), StringComparer.Ordinal)) : null;
    }

    /// <summary>The entries of a calibration, with those of values that have a method of their own in their place.</summary>
    private static IReadOnlyList<CalibratedValue> WithOwnMethods(
        Graph graph, IReadOnlyList<CalibratedValue> entries, IReadOnlyList<ValueStatistics> statistics, PassServices services)
    {
        if (services.Given.Get<GivenMethods>() is not { } own) return entries;
        return [.. Measurement.Values(graph).Zip(entries, statistics).Select(v => own[v.First] is not { } method ? v.Second
            : Entry(v.Second.Name, method.Reach(v.Third, v.Second.Name), method, v.Third) with { Method = method.ToString() })];
    }

    /// <summary>
    /// The calibration file of a network from its statistics, which stand in the order of <see cref="Measurement.Values"/>.
    /// </summary>
    /// <param name="integers">Names of the inputs whose data are integers: they have a bound.</param>
    public static CalibrationFile Summarise(
        Graph graph, string data, ChosenMethod method, IReadOnlyList<ValueStatistics> statistics, IReadOnlySet<string> integers)
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
            IndexInput.Rows(value) is { } rows ? CalibrationMethod.RoundUp(Math.Max(rows - 1, seen.AbsMax))
            : value.IsInput ? CalibrationMethod.RoundUp(InputReach.Of(seen, integers.Contains(names[value])))
            : !narrow[value] ? CalibrationMethod.RoundUp(seen.AbsMax)
            : method.Reach(seen, names[value]);
    }

    private static CalibratedValue Entry(string name, double threshold, ChosenMethod method, ValueStatistics statistics)
    {
        var entry = new CalibratedValue(name, threshold, ValueSummary.Of(statistics));
        if (statistics.Channels is not { } channels || threshold == 0) return entry;
        return entry with
        {
            Channels = [.. method.ChannelThresholds(channels, threshold).Select(t => CalibratedValue.RoundUp(t / threshold))],
        };
    }
}
