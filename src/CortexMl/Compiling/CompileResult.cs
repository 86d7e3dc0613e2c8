using CortexMl.Data.Observing;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Tallying;
using CortexMl.Files;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Parts;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Reports;
using CortexMl.Running;

namespace CortexMl.Compiling;

/// <summary>What compiling made.</summary>
/// <param name="Model">The model after the last pass that ran.</param>
/// <param name="Files">What belongs into the output folder, in the order in which it is written.</param>
/// <param name="Report">Null where the pipeline was stopped before its end.</param>
/// <param name="Calibration">Text of the calibration file; null where nothing was calibrated.</param>
public sealed record CompileResult(
    Model Model, IReadOnlyList<OutputFile> Files, CompileReport? Report, string? Calibration, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Samples that calibration drew; null where it did not run on data.</summary>
    internal SampleDraw? Drawn { get; init; }

    /// <summary>Of <see cref="CompileOptions.Measuring"/>, which alone makes them; null where no pass calibrates.</summary>
    internal CalibrationStatistics? Statistics { get; init; }

    /// <summary>What the samples looked like that made <see cref="Statistics"/>.</summary>
    internal IReadOnlyList<InputFacts> Seen { get; init; } = [];

    /// <summary>What choose-widths expected; null where it had nothing to choose.</summary>
    internal WidthExpectation? Expected { get; init; }

    /// <summary>What the float network made of the test data; null where none was given.</summary>
    internal ModelRun? FloatRun { get; init; }

    /// <summary>Of <see cref="CompileOptions.Summed"/>; null where nothing is asked of them.</summary>
    internal EvaluationSums? Sums { get; init; }

    /// <summary>Measures what the page of the report shows; null where nothing of that can be told.</summary>
    internal Func<CompileDetails>? Detail { get; init; }

    /// <summary>What the emitted files made of the test data; null where none was given.</summary>
    public ModelRun? Tested { get; init; }

    /// <summary>Names of the classes of the test data; null where none are known.</summary>
    public Func<int, string?>? Naming { get; init; }
}
