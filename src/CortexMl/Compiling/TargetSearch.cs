using CortexMl.Diagnostics;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Compiling;

/// <summary>
/// Compiles until every output reaches <see cref="CompileOptions.MinDecibels"/> on the samples that the noise report measures:
/// choose-widths decides by what it expects, which leaves out what is no layer's, so where an output falls short it is asked for as much
/// more as was missing.
/// </summary>
internal static class TargetSearch
{
    private const int MostAttempts = 8;

    /// <summary>Asked for on top of what was missing, in dB.</summary>
    private const double Margin = 0.5;

    /// <summary>
    /// After an attempt that gains no more than this, in dB, since it expected to have got what it was asked for, the next one is asked for
    /// twice as much more.
    /// </summary>
    private const double Progress = 0.2;

    /// <param name="diagnostics">Gets those of the attempt that is taken.</param>
    public static CompileResult Run(
        Model model, CompileOptions options, DiagnosticBag? diagnostics, Func<Model, CompileOptions, DiagnosticBag, CompileResult> compile)
    {
        double wanted = options.MinDecibels!.Value, asked = wanted, reached = double.NegativeInfinity, more = 0;
        double most = Passes.Quantize.Widths.ChooseWidths.Record.Option("min-db")!.Max!.Value;
        for (int attempt = 1; ; attempt++)
        {
            var found = new DiagnosticBag();
            bool isLast = attempt == MostAttempts;
            var result = compile(
                model with { Graph = GraphCopy.Of(model.Graph) }, options with { MinDecibels = asked, WantedDecibels = wanted }, found);
            double least = Least(result);
            isLast |= least >= wanted || asked >= most;
            if (isLast)
            {
                diagnostics?.AddRange(found.Items);
                return result;
            }
            more = least - reached < Progress ? 2 * more : wanted - least + Margin;
            reached = least;
            asked = Math.Min(most, asked + more);
            if (result.Calibration is { } text && options.Calibration is null)
                options = options with { Measured = new CalibrationReader("").Read(text), Drawn = result.Drawn };
        }
    }

    /// <summary>The noisiest output; infinite where nothing was measured.</summary>
    private static double Least(CompileResult result) =>
        (result.Report?.Noise ?? []).Where(n => n.Output is not null).Select(n => n.NoiseRatio ?? double.PositiveInfinity)
            .DefaultIfEmpty(double.PositiveInfinity).Min();
}
