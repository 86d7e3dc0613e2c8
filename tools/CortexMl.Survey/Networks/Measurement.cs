using System.Diagnostics;
using System.Globalization;
using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Reports;
using CortexMl.Tensors;

namespace CortexMl.Survey.Networks;

/// <summary>Compiles one network as its case says and measures it; whatever goes wrong is a row.</summary>
internal static class Measurement
{
    private const int NoisiestShown = 5;

    /// <summary>Of all inputs of one sample, where samples are made up.</summary>
    private const long MostNumbers = 1 << 24;

    /// <param name="pipeline">Null for the default one.</param>
    /// <param name="limit">The first so many samples are compared; null for all.</param>
    public static NetworkRow Of(NetworkRow row, SurveyCase network, string? pipeline, int? limit)
    {
        string folder = Directory.CreateTempSubdirectory("cortexml-survey-").FullName;
        row = row with { Data = network.Data };
        try
        {
            return Measured(row, network, pipeline, limit, folder);
        }
        catch (DiagnosticException error)
        {
            var first = error.Diagnostics.FirstOrDefault(d => d.Severity == Severity.Error) ?? error.Diagnostics[0];
            return row with { Refused = Printable.Line($"{first.Code} {first.Message}{string.Concat(first.Details)}") };
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return row with { Failed = Printable.Line($"{error.GetType().Name}: {error.Message}") };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static NetworkRow Measured(NetworkRow row, SurveyCase network, string? pipeline, int? limit, string folder)
    {
        var options = Options(network, folder);
        var original = ModelLoader.Load(network.Model, options);
        long numbers = original.Inputs.Sum(i => i.Shape.Count);
        if (network.Calibration.Stored is null && numbers > MostNumbers)
            return row with
            {
                Refused = string.Create(CultureInfo.InvariantCulture,
                    $"its inputs hold {numbers:N0} numbers: no samples are made up of more than {MostNumbers:N0}"),
            };
        var data = network.Calibration.OnDisk(original.Inputs, folder);
        var watch = Stopwatch.StartNew();
        var result = Compiler.Compile(ModelLoader.Load(network.Model, options), new CompileOptions
        {
            Data = data,
            Preprocessing = data.Preprocessing,
            Pipeline = pipeline is null ? null : Pipeline.Parse(pipeline),
        });
        double seconds = Math.Round(watch.Elapsed.TotalSeconds, 2);
        using var process = Process.GetCurrentProcess();
        long peak = process.PeakWorkingSet64;
        if (result.Report is not { } report) return row with { Refused = "the pipeline ends before there is a CVM model" };
        using var bytes = new MemoryStream();
        result.Files.Single(f => f.Name == "params").Write(bytes);
        var test = network.Test.First(limit).Open(original.Inputs);
        return Comparison.Compare(row, original, result.Model, test, network.Prepared.Metric) with
        {
            Operators = report.Operations,
            Gas = report.Gas,
            ParamsBytes = bytes.Length,
            Noisiest = Noisiest(report),
            Seconds = seconds,
            PeakBytes = peak,
        };
    }

    private static ModelOptions Options(SurveyCase network, string folder)
    {
        var stored = network.Calibration.Stored;
        bool hasNoParams = network.Model.EndsWith(".json", StringComparison.Ordinal)
            && Frontends.MxNet.ModelFiles.ParamsBeside(network.Model) is null;
        return new()
        {
            RandomParamsSeed = hasNoParams ? 1 : null,
            ShapeOfData = stored is null ? null : input => DataShape.Of(stored, input),
            InputShapes = network.Prepared.Shapes.ToDictionary(s => s.Key, s => Shape.Of(s.Value)),
            Bindings = network.Prepared.Constants.ToDictionary(c => c.Key, c => Bound(c.Key, c.Value)),
        };

        string Bound(string name, long value)
        {
            string path = Path.Combine(folder, $"{name}.npy");
            NpyWriter.Write(path, Tensor.Create(Shape.Scalar, [value]));
            return path;
        }
    }

    private static string Noisiest(CompileReport report) =>
        string.Join(", ", report.Noise.Where(n => n.NoiseRatio is not null).Take(NoisiestShown)
            .Select(n => string.Create(CultureInfo.InvariantCulture, $"{Printable.Name(n.Name)} {n.NoiseRatio:F1}")));
}
