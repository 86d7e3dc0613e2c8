using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Numerics;
using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Searching;

/// <summary>
/// Compiles until every output reaches <see cref="CompileOptions.MinDecibels"/> on the samples that the noise report measures:
/// choose-widths decides by what it expects, which leaves out what is no layer's, so where an output falls short it is asked for as much
/// more than it expected as was missing.
/// </summary>
internal static class TargetSearch
{
    private const int MostTrials = 8;

    /// <summary>Asked for on top of what was missing, in dB.</summary>
    private const double Margin = 0.5;

    /// <returns>Null where an answer is missing.</returns>
    public static CompileResult? Run(CompileOptions options, AskTrial ask)
    {
        double wanted = options.MinDecibels!.Value, asked = wanted;
        double most = ChooseWidths.Record.Option("min-db")!.Max!.Value;
        for (int trial = 1; ; trial++)
        {
            var answer = ask(new(Name(trial), asked, options.Choices, trial == 1 ? null : Name(trial - 1)), []);
            if (answer is not { Record: var record }) return null;
            double least = record.Least ?? double.PositiveInfinity;
            double expected = Math.Max(asked, record.Expected?.Decibels ?? 0);
            if (trial == MostTrials || least >= wanted || expected >= most || record.Expected is { IsFinal: true })
                return answer.Make().Result;
            asked = Math.Min(most, expected + wanted - least + Margin);
        }
    }

    private static string Name(int trial) => $"decibels-{Numbers.Format(trial)}";

    /// <summary>The noisiest output; infinite where nothing was measured.</summary>
    public static double Least(CompileResult result) =>
        (result.Report?.Noise ?? []).Where(n => n.Output is not null).Select(n => n.NoiseRatio ?? double.PositiveInfinity)
            .DefaultIfEmpty(double.PositiveInfinity).Min();
}
