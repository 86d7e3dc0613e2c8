using CortexMl.Diagnostics;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Compiling;

/// <summary>
/// Compiles until every output reaches <see cref="CompileOptions.MinDecibels"/> on the samples that the noise report measures:
/// choose-widths decides by what it expects, which leaves out what is no layer's, so where an output falls short it is asked for as much
/// more than it expected as was missing.
/// </summary>
internal static class TargetSearch
{
    private const int MostAttempts = 8;

    /// <summary>Asked for on top of what was missing, in dB.</summary>
    private const double Margin = 0.5;

    /// <param name="diagnostics">Gets those of the attempt that is taken.</param>
    public static CompileResult Run(
        Model model, CompileOptions options, DiagnosticBag? diagnostics, Func<Model, CompileOptions, DiagnosticBag, CompileResult> compile)
    {
        double wanted = options.MinDecibels!.Value, asked = wanted;
        double most = ChooseWidths.Record.Option("min-db")!.Max!.Value;
        for (int attempt = 1; ; attempt++)
        {
            var found = new DiagnosticBag();
            bool isLast = attempt == MostAttempts;
            var result = Attempt(found, diagnostics, () => compile(
                model with { Graph = GraphCopy.Of(model.Graph) },
                options with { MinDecibels = asked, WantedDecibels = wanted, IsStrict = false }, found));
            double least = Least(result);
            double expected = Math.Max(asked, result.Expected?.Decibels ?? 0);
            isLast |= least >= wanted || expected >= most || result.Expected is { IsFinal: true };
            if (isLast)
            {
                var told = diagnostics ?? new DiagnosticBag();
                told.AddRange(found.Items);
                if (options.IsStrict) told.RefuseWarnings();
                return result;
            }
            asked = Math.Min(most, expected + wanted - least + Margin);
            if (result.Calibration is { } text && options.Calibration is null)
                options = options with { Measured = new CalibrationReader("").Read(text), Drawn = result.Drawn };
        }
    }

    /// <summary>Warnings in front of an error are told too.</summary>
    public static CompileResult Attempt(DiagnosticBag found, DiagnosticBag? diagnostics, Func<CompileResult> compile)
    {
        try
        {
            return compile();
        }
        catch
        {
            diagnostics?.AddRange(found.Items);
            throw;
        }
    }

    /// <summary>The noisiest output; infinite where nothing was measured.</summary>
    public static double Least(CompileResult result) =>
        (result.Report?.Noise ?? []).Where(n => n.Output is not null).Select(n => n.NoiseRatio ?? double.PositiveInfinity)
            .DefaultIfEmpty(double.PositiveInfinity).Min();
}
