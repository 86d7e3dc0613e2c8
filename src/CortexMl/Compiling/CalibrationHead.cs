using CortexMl.Data;
using CortexMl.Data.Observing;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Passes.Calibrate;
using CortexMl.Tensors;

namespace CortexMl.Compiling;

/// <summary>What a calibration file says beside thresholds: it stands in for the data in every respect.</summary>
/// <param name="Inputs">Input shapes by name; empty where a file written by hand leaves them out.</param>
/// <param name="CalibratedOn">What the data looked like; empty where the file does not tell.</param>
public sealed record CalibrationHead(
    IReadOnlyDictionary<string, Shape> Inputs, Preprocessing Preprocessing, IReadOnlyList<InputFacts> CalibratedOn)
{
    /// <exception cref="DiagnosticException">CML0802, CML0807: a preparation or a description of data that makes no sense.</exception>
    public static CalibrationHead Of(CalibrationFile file)
    {
        var shapes = file.Inputs.GroupBy(i => i.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Last().Shape, StringComparer.Ordinal);
        return new(shapes, Preprocessing.FromJson(file.Preparation), InputFacts.FromJson(file.CalibratedOn));
    }

    /// <summary>How data are prepared: as the options say, and where they say nothing as a compiled model or the file does.</summary>
    /// <param name="io">What a model says that was compiled before; null for a float model.</param>
    /// <exception cref="DiagnosticException">CML0555, CML0807.</exception>
    public static Preparation PreparationOf(CompileOptions options, ModelIo? io) =>
        new(io?.Preprocessing ?? options.StoredPreprocessing ?? options.Head?.Preprocessing,
            options.Preprocessing ?? Preprocessing.None, options.DropsStored);

    /// <summary>
    /// Shape of an input of a model that does not say it: that of the data, of the test data, or of the calibration file. Null where none
    /// tells.
    /// </summary>
    /// <exception cref="DiagnosticException">The data or the file cannot be read.</exception>
    public static Shape? ShapeOf(string input, CompileOptions options)
    {
        var head = options.Head;
        if ((options.Data ?? (head is null ? options.Test : null)) is { } data)
            return DataShape.Of(data with { Preprocessing = PreparationOf(options, null).InForce }, input);
        return head?.Inputs.GetValueOrDefault(input);
    }
}
