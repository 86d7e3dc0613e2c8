using CortexMl.Analysis;
using CortexMl.Compiling;
using CortexMl.Cvm;
using CortexMl.Data;
using CortexMl.Data.Observing;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Evaluating.Metrics;
using CortexMl.Files;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Pages;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Passes.Target;
using CortexMl.Preparing;
using CortexMl.Reports;
using CortexMl.Restoring;
using CortexMl.Running;
using CortexMl.Searching;
using CortexMl.Sharding;
using CortexMl.Splitting;
using CortexMl.Streaming;
using CortexMl.Tensors;

namespace CortexMl;

/// <summary>
/// The front door: a float model becomes CVM files. Any number of threads may compile at once, each a <see cref="Model"/> of its own;
/// <see cref="CompileOptions.Cancellation"/> ends what takes long.
/// </summary>
/// <example><code>
/// var model = ModelLoader.Load("mnist-symbol.json");
/// var result = Compiler.Compile(model, new CompileOptions { Data = new DataOptions("calibration.npy") });
/// OutputFolder.Write("out", result.Files);
/// </code></example>
public static class Compiler
{
    public const string CalibrationName = "model.calibration.json", BoundsName = "bounds.json";

    /// <summary>
    /// Files of a finished model, which mean nothing beside another one: see <see cref="OutputFolder.Write"/>. A calibration file may be
    /// edited by hand and stays.
    /// </summary>
    public static IReadOnlyList<string> OwnedFiles { get; } =
    [
        "symbol", "params", ModelIo.FileName, BoundsName, CompileReport.FileName, ReportPage.FileName, ModelText.FileName,
        ModelText.TensorsName, ModelSplit.FileName,
    ];

    /// <summary>
    /// Runs the pipeline; the model's graph is changed in place, unless <see cref="CompileOptions.Cancellation"/> can be cancelled. Nothing
    /// is written.
    /// </summary>
    /// <exception cref="DiagnosticException">Options, data or model cannot be handled.</exception>
    /// <exception cref="PassFailedException">A pass is broken.</exception>
    /// <exception cref="OperationCanceledException">By <see cref="CompileOptions.Cancellation"/>.</exception>
    public static CompileResult Compile(
        Model model, CompileOptions options, DiagnosticBag? diagnostics = null, IProgressSink? progress = null)
    {
        model = CompileWork.Ready(model, options);
        return CompileWork.Taking(model, () => ResultPage.Add(options, SearchRun.IsAsked(options)
            ? SearchRun.Live(model, SearchRun.Prepared(options), diagnostics, progress)
            : Compiled(model, options, diagnostics, progress)));
    }

    /// <summary>One compilation, whatever the options want to be searched.</summary>
    internal static CompileResult Compiled(Model model, CompileOptions options, DiagnosticBag? diagnostics, IProgressSink? progress)
    {
        diagnostics ??= new DiagnosticBag();
        progress ??= NoProgress.Instance;
        PortCheck.Elements(model);
        options = StatePairs.In(options, model, diagnostics);
        var registry = CompilePipeline.Registry(options.Plugins);
        var pipeline = CompilePipeline.Of(model.Graph, options, registry);
        CompilePipeline.CheckCalibration(pipeline, options);
        if (!options.IsForGraph) CompilePipeline.TellUnused(registry, pipeline, diagnostics);
        MemoryDemand.Of(model.Graph).CheckCompiling(model.MaxMemory, model.Name);
        var preparation = CalibrationHead.PreparationOf(options, model.Io);
        var prepared = preparation.InForce;
        ModelData.Tell(preparation, diagnostics);
        // Before the work, not after it.
        var tested = Samples(options.Test, prepared, model.Inputs);
        if (tested is not null && options.RanksClasses) ClassDoubts.Tell([(model, tested)], diagnostics, needsLabels: true);
        var question = tested is null || options.Metric is not { } metric ? null
            : MetricQuestion.Of(metric, options.Test!.Labels, [(model, tested)], diagnostics, options.Summed);

        var capture = new SignatureCapture(model);
        var (steps, underflow, standIns) = (new PassSteps(), new Underflow(), new StandIns(options.RestoreEach));
        if (model.Graph.Level == Level.Float) Provenance.Mark(model.Graph);
        var original = model with { Graph = GraphCopy.Of(model.Graph) };
        var services = Services(original, options, prepared, diagnostics, progress);
        services.Given.Set(standIns);
        new PassManager(registry).Run(
            model.Graph, pipeline, services, [capture, steps, underflow, standIns, .. options.Instrumentations],
            new PassManagerOptions
            {
                VerifyEach = options.VerifyEach, StopAfter = options.StopAfter, Skip = options.Skip, RewriteLimit = options.RewriteLimit,
            });
        if (options.Measuring is not null) return CalibrationParts.Measured(model, services);
        diagnostics.AddRange(DataDoubts.OfCalibration(services.Samples));
        capture.NameOutputs(model.Graph);
        string? calibration = services.Results.Get<CalibrationFile>() is { } made
            ? (options.Scheme is null ? options.Calibration?.Text : null) ?? made.Write() : null;
        if (options.IsForGraph) return new(model with { Io = PortsOf(capture, model, prepared) }, [], null, calibration, diagnostics.Items);
        if (options.StopAfter is not null || model.Graph.Level != Level.Cvm)
        {
            if (options.IsStrict) diagnostics.RefuseWarnings();
            return new(
                model, [.. ModelText.Alone(model.Graph), .. ResultFiles.Decisions(calibration, services)], null, calibration,
                diagnostics.Items);
        }

        var io = PortsOf(capture, model, prepared)!;
        if (model.Io is null) io = io with { CalibratedOn = CalibratedOn(services), States = (options.Data ?? options.Test)?.States ?? [] };
        OutputNotes.AboutCoarseLogits(io, diagnostics);
        if (model.Tail is not null) diagnostics.Add(ModelSplit.Note(model with { Io = io }));
        var restoration = standIns.Floats is null ? null : new Restoration(model with { Io = io }, standIns, services.FloatEvaluator!);
        CompilePipeline.CheckRestored(options, isAsked: restoration is not null);
        if (restoration is null && options.Restores) throw Restoration.Nothing();
        options.Cancellation.ThrowIfCancellationRequested();
        // Before symbol and params are there: both need much memory.
        var shown = services.Samples ?? Samples(options.Test, prepared, model.Inputs);
        var noise = Noise(original, model with { Io = io }, shown, services);
        var files = CvmEmitter.Emit(model.Graph, new CvmEmitOptions { Version = options.CvmVersion });
        var cvm = CvmReader.Read(files.Symbol, files.Params).ModelOrThrow();
        var compiled = new Model(model.Name, cvm.Graph) { Cvm = cvm, Io = io, Tail = model.Tail };
        if (options.Test is not null && options.RanksClasses) OutputNotes.AboutClasses(compiled, diagnostics);
        var (runs, naming) = TestRuns.Of(original, compiled, options, prepared, diagnostics, progress);
        var restored = restoration is null ? null : Restored();
        var tests = runs.Count > 0 ? Evaluator.Compare(runs, naming, question) : null;
        // What the integers alone are so far in is told by compiling without operations in float.
        if (restored is null)
        {
            diagnostics.AddRange([.. underflow.Doubts, .. NoiseDoubts.Of(noise), .. NoiseDoubts.Of(noise, options.WantedDecibels)]);
            diagnostics.AddRange([.. NoiseDoubts.Of(tests), .. SaturationDoubts.Of(noise), .. SaturationDoubts.Of(runs)]);
        }
        if (options.IsStrict) diagnostics.RefuseWarnings();
        var report = new CompileReport(
            Model: model.Name, Pipeline: pipeline.ToString(), Layers: model.Graph.Operations.Count(IsLayer),
            Operations: model.Graph.Operations.Count(o => o.Constant is null),
            Parameters: model.Graph.Constants.Sum(c => (long)c.Constant!.Tensor.Length),
            Bytes: files.Symbol.Length + files.Params.Length, Gas: cvm.Gas(), Storage: cvm.StorageSize, Inputs: io.Inputs,
            Outputs: io.Outputs,
            Calibration: services.Samples?.Description ?? options.Calibration?.Name ?? options.Scheme?.Name ?? "",
            Preparation: prepared.ToString(), Passes: steps.Steps,
            Accuracy: tests, Noise: noise,
            Diagnostics: [.. diagnostics.Items.Select(d => d.ToString())])
        {
            Restored = restored, Compiler = ResultPage.Version, Network = services.Results.Get<CalibrationFile>()?.Model,
        };
        List<OutputFile> written = restored is not null
            ? [.. ResultFiles.Decisions(calibration, services), OutputFile.Text(CompileReport.FileName, JsonText.Write(report))]
            :
        [
            .. files.ToOutput(), .. ResultFiles.Decisions(calibration, services),
            OutputFile.Text(ModelIo.FileName, io.ToJson()), .. ResultFiles.Bounds(services),
            OutputFile.Text(CompileReport.FileName, JsonText.Write(report)),
            ModelText.BesideParams(model.Graph), .. ModelSplit.Files(model),
        ];
        string[] values = [.. DetailMeasure.Operations(model.Graph).Select(o => Names.Of(model.Graph)[o.Results[0]])];
        var layers = LayerNames.Of(model.Graph);
        return new(compiled, written, report, calibration, diagnostics.Items)
        {
            Detail = restored is null ? Details : null,
            Drawn = services.Results.Get<SampleDraw>() ?? options.Drawn, Expected = services.Results.Get<WidthExpectation>(),
            FloatRun = runs.Count > 0 ? runs[0] : null, Tested = runs.Count > 0 ? runs[^1] : null, Naming = naming,
            Sums = TestRuns.Sums(original, compiled, options, prepared, question, progress),
        };

        CompileDetails Details()
        {
            var costs = DetailMeasure.Costs(compiled.Graph, values, layers);
            var (differing, count) = runs.Count > 0 && options.RanksClasses
                ? DifferingSamples.Of(runs, Samples(options.Test, prepared, original.Inputs), naming) : ([], 0);
            return new(
                costs, DetailMeasure.Sums(compiled, costs, shown is null ? [] : [.. Shown(shown, services)], options.Cancellation),
                services.Results.Get<CalibratedDistributions>()?.Values ?? [], differing, count);
        }

        // The mixture takes the place of the integers among what ran on the test data.
        RestoreReport Restored()
        {
            // Rather on samples by which no widths were chosen: those come out better than others, and any change looks bad.
            var seen = Samples(options.Test, prepared, model.Inputs) ?? shown;
            var measured = original.Graph.Level == Level.Float && seen is not null
                ? new OutputNoise(
                    original.Graph, model with { Io = io }, standIns, most => Shown(seen, services, most), services.FloatEvaluator!)
                : null;
            var found = restoration.Report(
                measured, options.RestoreEach, services.Results.Get<CalibrationFile>()?.Damage ?? [], progress) with
            {
                Integer = runs.Count > 0 ? Evaluator.Compare(runs, naming, question) : null,
            };
            diagnostics.Add(restoration.Note(options.RestoreEach));
            if (runs.Count > 0)
                runs = [runs[0], restoration.Run(Samples(options.Test, prepared, model.Inputs)!, progress)];
            return found;
        }
    }

    /// <summary>
    /// Reads a model that is to be compiled: where it cannot be read and nothing calibrates either, both are told at once.
    /// </summary>
    /// <exception cref="DiagnosticException">What <paramref name="load"/> finds; CML0921, CML0930.</exception>
    public static Model Read(Func<Model> load, CompileOptions options) => AllAtOnce.Run(load,
        [() => CompilePipeline.CheckCalibration(CompilePipeline.Foreseen(options), options)]);

    /// <summary>The pipeline that compiling would run, with every option of every pass: running that string is running this one.</summary>
    /// <exception cref="DiagnosticException">The pipeline or a plugin means nothing.</exception>
    public static Pipeline PipelineOf(Model model, CompileOptions options)
    {
        var registry = CompilePipeline.Registry(options.Plugins);
        return registry.WithDefaults(CompilePipeline.Of(model.Graph, options, registry).Until(options.StopAfter));
    }

    /// <summary>Runs the pipeline up to its calibration.</summary>
    /// <returns>The text of the calibration file.</returns>
    /// <exception cref="DiagnosticException">CML0921 nothing calibrates; and what the passes find.</exception>
    /// <exception cref="OperationCanceledException">By <see cref="CompileOptions.Cancellation"/>.</exception>
    public static string Calibrate(Model model, CompileOptions options, DiagnosticBag? diagnostics = null, IProgressSink? progress = null)
    {
        var result = Compile(model, options, diagnostics, progress);
        return result.Calibration
            ?? throw new DiagnosticException(
            LibraryCodes.NoCalibration, "no pass of the pipeline calibrates", hint: "let the pipeline end with calibrate");
    }

    private static PassServices Services(
        Model model, CompileOptions options, Preprocessing prepared, DiagnosticBag diagnostics, IProgressSink progress)
    {
        var samples = Samples(model, options, prepared, diagnostics);
        var services = new PassServices
        {
            Diagnostics = diagnostics,
            FloatEvaluator = FloatEngines.Of(options.FloatEngine, options.Cancellation),
            Samples = options.Measuring is { } range && samples is not null ? new ShardSamples(samples, range) : samples,
            Progress = progress,
            Cancellation = options.Cancellation,
        };
        if (options.Scheme is { } scheme) services.Given.Set(new GivenScheme(scheme.Name, scheme.File));
        if (options.Drawn is { } drawn) services.Given.Set(drawn);
        CalibrationParts.Give(services, options);
        if (options.Measured is { } measured) services.Given.Set(new GivenCalibration("", measured));
        else if (options.Calibration is { } source) services.Given.Set(new GivenCalibration(source.Name, source.File));
        return services;
    }

    private static ISampleSource? Samples(Model model, CompileOptions options, Preprocessing prepared, DiagnosticBag diagnostics)
    {
        if (options.Data is not null)
            return StreamedSamples.Over(
                Samples(options.Data with { HasClasses = false }, prepared, model.Inputs)!, model,
                FloatEngines.Of(options.FloatEngine, options.Cancellation));
        if (options.RandomSamples is not { } count) return null;
        if (count < 1) throw new DiagnosticException(DataCodes.Empty, $"--random-data {count}: at least one sample is needed");
        diagnostics.Warning(
            DataCodes.RandomData, "calibrating on RANDOM inputs: the result shows that the model compiles, its accuracy means nothing",
            hint: "pass --data with a few hundred typical inputs before you use the model");
        return new RandomSamples([.. model.Inputs.Select(i => i.Shape)], count);
    }

    private static SampleSource? Samples(DataOptions? data, Preprocessing prepared, IReadOnlyList<(string Name, Shape Shape)> inputs) =>
        data is null ? null : SampleSource.Open(data with { Preprocessing = prepared }, inputs);

    /// <summary>Null above the cvm level.</summary>
    private static ModelIo? PortsOf(SignatureCapture capture, Model model, Preprocessing prepared) => model.Graph.Level != Level.Cvm ? null
        : model.Io is { } own ? own with { Preprocessing = prepared } : capture.Io(model.Graph, prepared);

    private static IReadOnlyList<InputFacts> CalibratedOn(PassServices services) =>
        services.Results.Get<CalibrationFile>() is { } file ? CalibrationHead.Of(file).CalibratedOn : [];

    private static bool IsLayer(Operation operation) =>
        operation.Spec.Is(OpTraits.Product) && operation.Operands[1].IsConstant;

    /// <param name="samples">
    /// Calibration data, or where a calibration file stands for them the test data; null where there is neither.
    /// </param>
    private static IReadOnlyList<NodeNoise> Noise(Model loaded, Model compiled, ISampleSource? samples, PassServices services) =>
        loaded.Graph.Level == Level.Float && samples is not null
            ? NoiseReport.Measure(loaded.Graph, compiled, Shown(samples, services), services.FloatEvaluator!)
            : [];

    private static IEnumerable<Sample> Shown(ISampleSource samples, PassServices services, int most = NoiseReport.MaxSamples) =>
        samples == services.Samples ? SampleDraw.Of(services, samples, most) : samples.Read().Take(most);
}
