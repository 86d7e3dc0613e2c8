using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Reports;

namespace CortexMl.Compiling;

/// <summary>The passes that a compilation runs.</summary>
internal static class CompilePipeline
{
    private static readonly string Quantize = Passes.Quantize.Quantize.Record.Name, Calibrate = Passes.Calibrate.Calibrate.Record.Name,
        Widths = ChooseWidths.Record.Name, Apply = ApplyScheme.Record.Name, Restored = RestoreFloat.Record.Name,
        Joins = Passes.Quantize.CheckJoins.Record.Name;

    /// <summary>
    /// What was asked for, else the default from the graph's level on, edits made, with the precisions written into quantize.
    /// </summary>
    /// <exception cref="DiagnosticException">CML0902, CML0907, CML0934, CML0935.</exception>
    public static Pipeline Of(Graph graph, CompileOptions options, PassRegistry registry)
    {
        CheckNumbers(options);
        var pipeline = registry.Resolve(options.Pipeline ?? Pipeline.Parse(DefaultPipeline.Name), graph.Level);
        CheckUsed(pipeline, options);
        PipelineStep[] steps =
        [
            .. pipeline.Steps.Select(step => step.Pass == Quantize ? WithPrecisions(WithSettings(step, options), options)
                : step.Pass == Widths ? WithTarget(step, options)
                : step.Pass == Restored && options.Restore is { } names ? WithNames(step, names) : step),
        ];
        return new Pipeline([.. steps.Select(step => step.Pass == Joins ? WithOutputs(step, steps) : step)]);
    }

    /// <inheritdoc cref="Of(Graph, CompileOptions, PassRegistry)"/>
    public static Pipeline Of(Graph graph, CompileOptions options) => Of(graph, options, Registry(options.Plugins));

    /// <summary>The numbers of the options, before a model or data are read: all that are outside their range.</summary>
    /// <exception cref="DiagnosticException">CML0934.</exception>
    public static void CheckNumbers(CompileOptions options)
    {
        var problems = new DiagnosticBag();
        Precision("--input-precision", "input", options.InputPrecision);
        Precision("--output-precision", "output", options.OutputPrecision);
        Target("--min-db", "min-db", options.MinDecibels);
        Target("--gas-budget", "gas", options.GasBudget);
        if (options.TargetDrop is < 0 or > 100 or double.NaN)
            problems.Error(LibraryCodes.OptionRange,
                string.Create(CultureInfo.InvariantCulture, $"--target-drop {options.TargetDrop}: 0 to 100 are allowed"));
        if (options.RandomSamples is < 1)
            problems.Error(LibraryCodes.OptionRange,
                string.Create(CultureInfo.InvariantCulture, $"--random-data {options.RandomSamples}: at least 1 sample is needed"));
        problems.ThrowIfErrors();

        void Target(string option, string name, double? value)
        {
            var declared = ChooseWidths.Record.Option(name)!;
            if (value < declared.Min || value > declared.Max || value is double.NaN)
                problems.Error(LibraryCodes.OptionRange,
                    string.Create(CultureInfo.InvariantCulture, $"{option} {value}: {declared.Min} to {declared.Max} are allowed"));
        }

        void Precision(string option, string name, int? bits)
        {
            var declared = Passes.Quantize.Quantize.Record.Option(name)!;
            if (bits < declared.Min || bits > declared.Max)
                problems.Error(LibraryCodes.OptionRange,
                    string.Create(CultureInfo.InvariantCulture, $"{option} {bits}: {declared.Min} to {declared.Max} bits are allowed"),
                    hint: $"{declared.Default} bits are the default");
        }
    }

    /// <exception cref="DiagnosticException">CML0935: precisions for a pipeline that does not quantize.</exception>
    private static void CheckUsed(Pipeline pipeline, CompileOptions options)
    {
        string? option = options.InputPrecision is not null ? "--input-precision"
            : options.OutputPrecision is not null ? "--output-precision" : null;
        if (option is not null && pipeline.Steps.All(s => s.Pass != Quantize))
            throw new DiagnosticException(LibraryCodes.OptionUnused, $"{option} has no effect: no pass of the pipeline quantizes",
                hint: "leave it out, or compile from the float network");
        string? target = options.TargetDrop is not null ? "--target-drop" : options.MinDecibels is not null ? "--min-db"
            : options.GasBudget is not null ? "--gas-budget" : null;
        if (options.Scheme is not null && pipeline.Steps.All(s => s.Pass != Apply))
            throw new DiagnosticException(LibraryCodes.OptionUnused, $"--scheme has no effect: the pipeline has no pass {Apply}",
                hint: "leave it out, or compile from the float network");
        if (options.Restores) CheckRestored(pipeline, options);
        if (target is not null && pipeline.Steps.All(s => s.Pass != Widths))
            throw new DiagnosticException(LibraryCodes.OptionUnused, $"{target} has no effect: the pipeline has no pass {Widths}",
                hint: "leave it out, or compile from the float network");
    }

    private static void CheckRestored(Pipeline pipeline, CompileOptions options)
    {
        CheckRestored(options, isAsked: true);
        string what = options.Restore is not null ? "--restore" : options.RestoreEach ? "--restore-each" : "'restore' of the scheme";
        string[] needed = options is { Restore: null, RestoreEach: true } ? [Quantize] : [Restored, Quantize];
        if (needed.FirstOrDefault(pass => pipeline.Steps.All(s => s.Pass != pass)) is { } missing)
            throw new DiagnosticException(LibraryCodes.OptionUnused, $"{what} has no effect: the pipeline has no pass {missing}",
                hint: "leave it out, or compile from the float network");
        if (options.Restore is { Count: 0 })
            throw new DiagnosticException(LibraryCodes.RestoreUnfit, "--restore names nothing",
                hint: "pass names of values as calibrate sees them (model.scheme.json has a line for each), conv*, or op:nn.sigmoid");
    }

    /// <exception cref="DiagnosticException">CML0982: what makes no sense where operations stay in float.</exception>
    public static void CheckRestored(CompileOptions options, bool isAsked)
    {
        string? search = options.TargetDrop is not null ? "--target-drop"
            : (options.WantedDecibels ?? options.MinDecibels) is not null ? "--min-db"
            : options.GasBudget is not null ? "--gas-budget" : options.SplitAt.Count > 0 ? "--split-at" : null;
        if (!isAsked || search is null) return;
        throw new DiagnosticException(LibraryCodes.RestoreUnfit,
            $"{search} is about a model to upload, and operations that stay in float make none",
            hint: $"leave {search} out, or --restore, \"restore\" of a scheme's line and restore = 1 of operations");
    }

    /// <exception cref="DiagnosticException">CML0921 nothing to calibrate with, CML0930 more than one thing.</exception>
    public static void CheckCalibration(Pipeline pipeline, CompileOptions options)
    {
        (string Name, bool IsGiven)[] sources =
            [("--data", options.Data is not null), ("--calibration", options.CalibrationFile is not null),
                ("--random-data", options.RandomSamples is not null)];
        string[] given = [.. sources.Where(s => s.IsGiven).Select(s => s.Name)];
        if (given.Length > 1)
            throw new DiagnosticException(LibraryCodes.SeveralCalibrations,
                $"{string.Join(" and ", given)} exclude each other: thresholds come from one of them", hint: $"leave {given[^1]} out");
        if (given.Length == 1 || options.Scheme is not null) return;
        if (pipeline.Steps.All(s => s.Pass != Calibrate)) return;
        if (options.StopAfter is { } last && pipeline.Steps.TakeWhile(s => s.Pass != Calibrate).Any(s => s.Pass == last)) return;
        throw new DiagnosticException(LibraryCodes.NoCalibration, "there is nothing to calibrate with: thresholds come from typical inputs",
            hint: "pass --data DATA (100 to 500 samples are enough), --calibration FILE, or --random-data N to try the model out");
    }

    /// <summary>The built-in passes and those of the plugins.</summary>
    public static PassRegistry Registry(IReadOnlyList<string> plugins)
    {
        var registry = PassTable.Registry();
        foreach (string plugin in plugins) registry.LoadPlugin(plugin);
        return registry;
    }

    /// <summary>A note where plugins bring passes and none of them runs: that they are loaded changes nothing.</summary>
    public static void TellUnused(PassRegistry registry, Pipeline pipeline, DiagnosticBag diagnostics)
    {
        PassInfo[] passes = [.. registry.Passes.Skip(PassTable.Factories.Count)];
        if (passes.Length == 0 || pipeline.Steps.Any(step => passes.Any(pass => pass.Name == step.Pass))) return;
        string place = passes[0] is { Before: null, After: null } ? "@before:PASS" : "";
        diagnostics.Note(LibraryCodes.OptionUnused,
            $"--plugin: no pass of it is in the pipeline: {string.Join(", ", passes.Select(pass => pass.Name))}",
            hint: $"add it: --passes {DefaultPipeline.Name},{passes[0].Name}{place}");
    }

    /// <summary>What a float graph would go through; where that cannot be said, nothing: running tells why.</summary>
    public static Pipeline Foreseen(CompileOptions options)
    {
        try
        {
            return Registry(options.Plugins).Resolve(options.Pipeline ?? Pipeline.Parse(DefaultPipeline.Name), Level.Float);
        }
        catch (DiagnosticException)
        {
            return new Pipeline();
        }
    }

    /// <summary>What a scheme decides for the whole network, where it is not what the step says anyway.</summary>
    private static PipelineStep WithSettings(PipelineStep step, CompileOptions options)
    {
        var given = step.Options.ToList();
        foreach (var (_, option, value) in options.Scheme?.File.Settings.All ?? [])
        {
            bool isSaid = given.Exists(o => o.Key == option);
            if (value is null || (!isSaid && Passes.Quantize.Quantize.Record.Option(option)!.Default == value)) continue;
            given.RemoveAll(o => o.Key == option);
            given.Add(new(option, value));
        }
        return new PipelineStep(step.Pass, given);
    }

    private static PipelineStep WithPrecisions(PipelineStep step, CompileOptions options)
    {
        var given = step.Options.ToList();
        Add(given, "input", options.InputPrecision);
        Add(given, "output", options.OutputPrecision);
        // Whoever says how many bits outputs have means no more.
        if (options.OutputPrecision is not null) Add(given, "output-step", 0);
        return new PipelineStep(step.Pass, given);
    }

    /// <summary>What is warned of depends on the bits that quantize is told.</summary>
    private static PipelineStep WithOutputs(PipelineStep step, IReadOnlyList<PipelineStep> all)
    {
        var given = step.Options.ToList();
        if (given.Exists(o => o.Key == "output")) return step;
        string? Told(string option) => all.FirstOrDefault(s => s.Pass == Quantize)?.Options.Where(o => o.Key == option).Select(o => o.Value)
            .FirstOrDefault();
        string usual = Passes.Quantize.Quantize.Record.Option("output")!.Default, told = Told("output") ?? usual;
        if (told != usual || Told("output-step") == "0") given.Add(new("output", told));
        return new PipelineStep(step.Pass, given);
    }

    /// <summary>A target alone may cost what it takes, and is all that is asked for.</summary>
    private static PipelineStep WithTarget(PipelineStep step, CompileOptions options)
    {
        var given = step.Options.ToList();
        Add(given, "min-db", options.MinDecibels);
        Add(given, "plenty-db", options.MinDecibels is null ? null : 0);
        Add(given, "choices", options.Choices);
        // What a scheme says of tables is no part of what is reproduced, but the pipeline is.
        if (options.Scheme?.File.Settings.Table is not null && !given.Exists(o => o.Key == "tables")) given.Add(new("tables", "false"));
        Add(given, "gas", options.GasBudget ?? (options.MinDecibels is null ? null : ChooseWidths.Record.Option("gas")!.Max));
        return new PipelineStep(step.Pass, given);
    }

    private static PipelineStep WithNames(PipelineStep step, IReadOnlyList<string> names)
    {
        var given = step.Options.Where(o => o.Key != "operations").ToList();
        given.Add(new("operations", string.Join(',', names)));
        return new PipelineStep(step.Pass, given);
    }

    private static void Add(List<KeyValuePair<string, string>> options, string name, double? value)
    {
        if (value is not { } number) return;
        options.RemoveAll(o => o.Key == name);
        options.Add(new(name, Numbers.Format(number)));
    }
}

/// <summary>What is wrong with a pipeline before there is a graph.</summary>
public static class PipelineCheck
{
    /// <param name="pipeline">Its text; null for the default one.</param>
    /// <param name="last">The pass to stop after, or null.</param>
    /// <param name="plugins">Class libraries; where one cannot be loaded, names are not looked at: they may be those of its passes.</param>
    /// <exception cref="DiagnosticException">CML0901, CML0902, CML0906, CML0907, and those of reading files: all that is found.</exception>
    public static void Check(string? pipeline, string? last, IReadOnlyList<string> plugins)
    {
        var found = new DiagnosticBag();
        var registry = PassTable.Registry();
        foreach (string plugin in plugins) found.Collect(() => registry.LoadPlugin(plugin));
        found.ThrowIfErrors();
        if (pipeline is not null) found.Collect(() => registry.Resolve(Pipeline.Parse(pipeline), Level.Float));
        if (last is not null && !registry.Contains(last)) found.Add(registry.Unknown(last));
        found.ThrowIfErrors();
    }
}

/// <summary>Notes which passes ran and how much they rewrote.</summary>
internal sealed class PassSteps : IPassInstrumentation
{
    private readonly List<PassStep> _steps = [];

    public IReadOnlyList<PassStep> Steps => _steps;

    public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites) =>
        _steps.Add(new(pass.Name + options, rewrites)
        {
            Summary = pass.Summary, Operations = graph.Operations.Count(o => o.Constant is null),
        });
}
