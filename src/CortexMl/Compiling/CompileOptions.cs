using CortexMl.Cvm;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Evaluating.Metrics;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Parts;
using CortexMl.Running;
using CortexMl.Sharding;

namespace CortexMl.Compiling;

/// <summary>How a model is compiled.</summary>
public sealed record CompileOptions
{
    /// <summary>
    /// Calibration data; this, <see cref="RandomSamples"/> or <see cref="CalibrationFile"/> is needed where the pipeline calibrates.
    /// </summary>
    public DataOptions? Data { get; init; }

    /// <summary>Calibrate on so many seeded random inputs.</summary>
    public int? RandomSamples { get; init; }

    /// <summary>Path of a calibration file. It is opened once, when something of it is needed first.</summary>
    public string? CalibrationFile
    {
        get => Calibration?.Path;
        init => Calibration = value is null ? null : new CalibrationSource(value);
    }

    /// <summary>
    /// Path of a scheme file: what it decides is fixed. Where it has a threshold for every value, no data are needed.
    /// </summary>
    public string? SchemeFile
    {
        get => Scheme?.Path;
        init => Scheme = value is null ? null : new SchemeSource(value);
    }

    internal SchemeSource? Scheme { get; init; }

    /// <summary>What a file of an earlier run says of inputs and their preparation; null where none is given.</summary>
    internal CalibrationHead? Head => Calibration?.Head ?? (Data is null ? Scheme?.Head : null);

    /// <summary>What an attempt before this one calibrated.</summary>
    internal CalibrationFile? Measured { get; init; }

    /// <summary>Samples that are measured by calibrate, which then ends the compilation; null for all of them, and no such end.</summary>
    internal SampleRange? Measuring { get; init; }

    /// <summary>Statistics of parts, in place of running the network on the data.</summary>
    internal Func<Graph, ISampleSource, CalibrationStatistics>? Merged { get; init; }

    /// <summary>Samples that such a run drew from the same data.</summary>
    internal SampleDraw? Drawn { get; init; }

    /// <summary>What the user asked for, where <see cref="MinDecibels"/> aims higher to reach it.</summary>
    internal double? WantedDecibels { get; init; }

    internal CalibrationSource? Calibration { get; private init; }

    /// <summary>
    /// What is done to data, also by run and eval of the result: over what the calibration file or the compiled model stores, one by one.
    /// </summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>What a compilation that is to be made again stored; null where there is none.</summary>
    internal Preprocessing? StoredPreprocessing { get; init; }

    /// <summary>Leave out what the calibration file or the compiled model stores.</summary>
    public bool DropsStored { get; init; }

    /// <summary>Labelled data on which float and integer model are compared.</summary>
    public DataOptions? Test { get; init; }

    /// <summary>
    /// What is measured on <see cref="Test"/> beside top-1, or where it is not about classes instead; null for top-1 alone.
    /// </summary>
    public Metric? Metric { get; init; }

    internal bool RanksClasses => Metric is null or { RanksClasses: true };

    /// <summary>Null for the default pipeline.</summary>
    public Pipeline? Pipeline { get; init; }

    /// <summary>
    /// Values of a float network, by their names, up to which it is compiled; what comes behind them stays in float. Empty compiles all.
    /// </summary>
    public IReadOnlyList<string> SplitAt { get; init; } = [];

    public int? InputPrecision { get; init; }

    public int? OutputPrecision { get; init; }

    /// <summary>
    /// Signal-to-noise ratio in dB that every output is to reach, by layers of 15 bits where 8 are not enough; null for the pipeline's own.
    /// </summary>
    public double? MinDecibels { get; init; }

    /// <summary>
    /// By how much <see cref="Metric"/> (top-1 where it is null) may drop on <see cref="Test"/>, shares in points: the fewest bits that
    /// reach it; null for no such search.
    /// </summary>
    public double? TargetDrop { get; init; }

    /// <summary>So many of choose-widths' choices; null for the pipeline's own.</summary>
    internal int? Choices { get; init; }

    /// <summary>Samples of <see cref="Test"/> whose sums are kept in place of outputs; null for all of them and their outputs.</summary>
    internal SampleRange? Summed { get; init; }

    /// <summary>What the float network made of <see cref="Test"/>, where an attempt before this one ran it.</summary>
    internal ModelRun? FloatRun { get; init; }

    /// <summary>How many times the gas of 8 bits everywhere that may cost; null for as much as it takes, or the pipeline's own.</summary>
    public double? GasBudget { get; init; }

    /// <summary>
    /// Operations that stay in float in this run, to see what their integers cost: names of results as calibrate sees them, with * and ?,
    /// or <c>op:nn.sigmoid</c>. Null for none; nothing that can be uploaded comes out.
    /// </summary>
    public IReadOnlyList<string>? Restore { get; init; }

    /// <summary>Try each layer alone in float, beside those of <see cref="Restore"/>.</summary>
    public bool RestoreEach { get; init; }

    /// <summary>Whether the result is for looking alone, as far as options and scheme tell; passes may ask for it too.</summary>
    public bool Restores => Restore is not null || RestoreEach || Scheme?.File.Restored.Count > 0;

    public string CvmVersion { get; init; } = CvmVersions.V100;

    /// <summary>End after this pass and write model.cml alone.</summary>
    public string? StopAfter { get; init; }

    /// <summary>Passes of the pipeline that do not run.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary>Rewrites allowed in the whole pipeline; null for any number.</summary>
    public long? RewriteLimit { get; init; }

    /// <summary>Run the pipeline to its end and make no files of what comes out: for looking at graphs.</summary>
    internal bool IsForGraph { get; init; }

    /// <summary>What calibrates and measures noise: one of <see cref="FloatEngines.Names"/>.</summary>
    public string FloatEngine { get; init; } = FloatEngines.Portable;

    /// <summary>Whether warnings are errors.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether report.html is made, and measured what it shows of operations, values and samples.</summary>
    public bool WritesPage { get; init; } = true;

    public bool VerifyEach { get; init; } = true;

    /// <summary>Class libraries with passes.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    public IReadOnlyList<IPassInstrumentation> Instrumentations { get; init; } = [];

    /// <summary>
    /// Ends a compilation with an <see cref="OperationCanceledException"/>: looked at before each pass, sample, operation of a float
    /// network and group of an integer one. Where this can be cancelled the model keeps its graph: it can be compiled again.
    /// </summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Refuses numbers outside their range; to be called before a model is read, and done by compiling too.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">CML0934: all of them.</exception>
    public void CheckNumbers() => CompilePipeline.CheckNumbers(this);
}
