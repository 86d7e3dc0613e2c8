using System.Text;
using System.Text.Json;
using CortexMl.Compiling;
using CortexMl.Cvm.Params;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Reports;
using CortexMl.Tensors;

namespace CortexMl.Verifying;

/// <summary>A file of a compiled folder, beside what compiling once more makes of it.</summary>
/// <param name="Difference">The first thing that differs; null where all bytes are the same.</param>
public sealed record ReproducedFile(string Name, string? Difference);

/// <summary>
/// Compiles a network once more as a folder says that it was compiled, to see whether the same files come out: what a third person does
/// who wants to know that a published model is the network's.
/// </summary>
public static class Reproduction
{
    /// <summary>
    /// Options that the folder itself tells: the pipeline, the number of samples, the preparation, the version of the symbol.
    /// </summary>
    /// <param name="compiled">The folder's model.</param>
    /// <param name="data">What it is said to have been calibrated on; its preprocessing goes over the stored one.</param>
    /// <exception cref="DiagnosticException">CML0925: the folder is no result of compiling; those of its calibration file.</exception>
    public static CompileOptions Options(string folder, Model compiled, DataOptions data)
    {
        if (compiled is not { Cvm: { } cvm, Io: { } io } || !File.Exists(Path.Combine(folder, CompileReport.FileName)))
            throw new DiagnosticException(LibraryCodes.ModelIo, "the folder does not say how it was compiled",
                new SourceLocation(InputFile.DisplayName(folder)),
                $"{ModelIo.FileName} and {CompileReport.FileName} of cortexml compile do");
        return new CompileOptions
        {
            Data = data with { Limit = data.Limit ?? Samples(folder), HasClasses = false, Labels = null },
            Preprocessing = data.Preprocessing, StoredPreprocessing = io.Preprocessing,
            Pipeline = Pipeline.Parse(PipelineOf(Path.Combine(folder, CompileReport.FileName))),
            CvmVersion = cvm.Version, Scheme = Decided(folder), WritesPage = false,
            SplitAt = compiled.Tail is null ? [] : [.. compiled.OwnOutputs.Select(o => o.Name)],
        };
    }

    /// <summary>
    /// Each file of a compilation beside the folder's. The report is left out, and so is its page: it also holds what was measured on
    /// other data.
    /// </summary>
    public static IReadOnlyList<ReproducedFile> Compare(string folder, IReadOnlyList<OutputFile> made) =>
    [
        .. made.Where(f => f.Name is not (CompileReport.FileName or ReportFolder.PageName)).Select(file =>
        {
            using var stream = new MemoryStream();
            file.Write(stream);
            string path = Path.Combine(folder, file.Name);
            return new ReproducedFile(file.Name, !File.Exists(path) ? "the folder does not have it"
                : Difference(file.Name, InputFile.ReadAllBytes(path), stream.ToArray()));
        }),
    ];

    /// <summary>What a person decided, and no data can tell: the lines of the folder's scheme that are given.</summary>
    private static SchemeSource? Decided(string folder)
    {
        string path = Path.Combine(folder, SchemeFile.FileName);
        return File.Exists(path) && new SchemeSource(path).File.OfPeople() is { } decided ? new SchemeSource(decided) : null;
    }

    /// <summary>How many samples the folder's calibration saw; null where it does not tell.</summary>
    private static int? Samples(string folder)
    {
        string path = Path.Combine(folder, Compiler.CalibrationName);
        if (!File.Exists(path)) return null;
        var file = new CalibrationSource(path).File;
        if (file.Inputs.Count == 0 || file.Values.FirstOrDefault(v => v.Name == file.Inputs[0].Name)?.Seen is not { } seen) return null;
        var (samples, rest) = Math.DivRem(seen.Count, Math.Max(1, file.Inputs[0].Shape.Count));
        return rest == 0 && samples is > 0 and <= int.MaxValue ? (int)samples : null;
    }

    private static string PipelineOf(string report)
    {
        string what = "it does not tell the pipeline";
        try
        {
            using var json = JsonDocument.Parse(InputFile.ReadAllText(report));
            if (json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("pipeline", out var text)
                && text.ValueKind == JsonValueKind.String)
                return text.GetString()!;
        }
        catch (JsonException error)
        {
            what = $"the file cannot be read: {JsonProblem.Of(error)}";
        }
        throw new DiagnosticException(LibraryCodes.ModelIo, what, new SourceLocation(InputFile.DisplayName(report)),
            "compile the model again");
    }

    private static string? Difference(string name, byte[] there, byte[] made)
    {
        if (there.AsSpan().SequenceEqual(made)) return null;
        return (name == "params" ? OfParams(there, made) : name == Compiler.CalibrationName ? OfThresholds(there, made) : null)
            ?? OfLines(there, made);
    }

    private static string? OfParams(byte[] there, byte[] made)
    {
        IReadOnlyDictionary<string, Tensor> a = CvmParams.Read(there, "params"), b = CvmParams.Read(made, "params");
        foreach (string name in a.Keys.Union(b.Keys).Order(StringComparer.Ordinal))
        {
            if (!a.TryGetValue(name, out var own) || !b.TryGetValue(name, out var other)) return $"only one of both has parameter '{name}'";
            if (own.Shape != other.Shape) return $"parameter '{name}' is {own.Shape}, compiled again {other.Shape}";
            for (int i = 0; i < own.Length; i++)
            {
                if (own.GetDouble(i) != other.GetDouble(i))
                    return $"element {i} of parameter '{name}' is {Numbers(own, i)}, compiled again {Numbers(other, i)}";
            }
        }
        return null;

        static string Numbers(Tensor tensor, int index) => Numerics.Numbers.Format(tensor.GetDouble(index));
    }

    private static string? OfThresholds(byte[] there, byte[] made)
    {
        CalibrationFile a = Read(there), b = Read(made);
        foreach (var (own, other) in a.Values.Zip(b.Values))
        {
            if (own == other) continue;
            string was = Numerics.Numbers.Format(own.Threshold), now = Numerics.Numbers.Format(other.Threshold);
            if (own.Name != other.Name) return $"value '{own.Name}' stands where the network has '{other.Name}'";
            return was == now ? $"value '{own.Name}' has other statistics"
                : $"value '{own.Name}' has threshold {was}, measured again {now}";
        }
        return null;

        static CalibrationFile Read(byte[] bytes) => new CalibrationReader(Compiler.CalibrationName).Read(Encoding.UTF8.GetString(bytes));
    }

    private static string OfLines(byte[] there, byte[] made)
    {
        string[] a = Encoding.UTF8.GetString(there).Split('\n'), b = Encoding.UTF8.GetString(made).Split('\n');
        int line = a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1} is {At(a)}, compiled again {At(b)}";

        string At(string[] lines) => line < lines.Length ? $"'{Printable.Name(lines[line])}'" : "not there";
    }
}
