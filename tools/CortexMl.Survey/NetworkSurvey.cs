using System.Diagnostics;
using System.Globalization;
using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Reports;
using CortexMl.Running;

namespace CortexMl.Survey;

/// <summary>
/// Compiles one model with default options, on real data where some are known for it, else on random ones; then compares floats and
/// integers.
/// </summary>
internal static class NetworkSurvey
{
    private const int RandomInputs = 2, NoisiestShown = 5;

    /// <summary>Writes the row as JSON: the parent process reads it.</summary>
    public static int Print(string path, int? limit)
    {
        Console.Out.Write(JsonText.Write(Row(path, limit)));
        return 0;
    }

    private static NetworkRow Row(string path, int? limit)
    {
        try
        {
            return Measure(path, LabelledData.Of(Path.GetFullPath(path)), limit);
        }
        catch (DiagnosticException error)
        {
            return NetworkRow.Without(
                string.Join(" | ", error.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => $"{d.Code} {d.Message}")), null);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return NetworkRow.Without(null, error.Message);
        }
    }

    private static NetworkRow Measure(string path, LabelledData? data, int? limit)
    {
        var watch = Stopwatch.StartNew();
        var options = new ModelOptions
        {
            RandomParamsSeed = path.EndsWith(".json", StringComparison.Ordinal) && Frontends.MxNet.ModelFiles.ParamsBeside(path) is null
                ? 1
                : null,
            ShapeOfData = data is null ? null : input => DataShape.Of(data.Calibration, input),
        };
        var result = Compiler.Compile(ModelLoader.Load(path, options), new CompileOptions
        {
            Data = data?.Calibration,
            Preprocessing = data?.Calibration.Preprocessing,
            RandomSamples = data is null ? RandomInputs : null,
        });
        double seconds = watch.Elapsed.TotalSeconds;
        using var process = Process.GetCurrentProcess();
        long peak = process.PeakWorkingSet64;
        var report = result.Report!;
        var measured = data?.Test is { } test ? Compare(ModelLoader.Load(path, options), result.Model, test with { Limit = limit }) : null;
        return new(
            report.Operations, measured?.Count ?? 0, measured?.Results[0].Top1, measured?.Results[1].Top1, measured?.Agreement,
            report.Noise.Where(n => n.Output is not null).Min(n => n.NoiseRatio), Noisiest(report), seconds, peak, null, null);
    }

    private static Evaluation Compare(Model original, Model compiled, DataOptions test)
    {
        using EngineChoice first = EngineChoice.Of(original, new RunOptions()), second = EngineChoice.Of(compiled, new RunOptions());
        return Evaluator.Run(
            [.. new[] { first, second }.Select(choice => (choice, (ISampleSource)SampleSource.Open(test, choice.Model.Inputs)))],
            NoProgress.Instance);
    }

    private static string Noisiest(CompileReport report) =>
        string.Join(", ", report.Noise.Where(n => n.NoiseRatio is not null).Take(NoisiestShown)
        .Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Name} {n.NoiseRatio:F1}")));
}
