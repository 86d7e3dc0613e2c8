using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir.Walks;
using CortexMl.Sharding;

namespace CortexMl.Searching;

/// <summary>Whose results those of a planned search are.</summary>
public static class JobHead
{
    /// <summary>Nothing of the data is decoded for it.</summary>
    /// <param name="model">As it was read.</param>
    /// <param name="shards">That the test data are cut into.</param>
    /// <param name="words">See <see cref="PartHead.Words"/>.</param>
    /// <param name="said">What was said beside files, for <see cref="PartHead.Facts"/>.</param>
    /// <exception cref="DiagnosticException">
    /// CML1220: nothing is searched; CML1206: it cannot be cut; and what opening data and resolving the pipeline find.
    /// </exception>
    public static PartHead Of(Model model, CompileOptions options, int shards, IReadOnlyList<string> words, string said)
    {
        if (!SearchRun.IsAsked(options))
            throw new DiagnosticException(SearchCodes.NoSearch, "there is nothing to search, and so no jobs to plan",
                hint: "pass --target-drop POINTS or --min-db DB, whose candidates are the jobs");
        CheckFiles(options);
        if (shards > 1 && options.Test?.States is not null)
            throw new DiagnosticException(ShardCodes.Indivisible, "samples of a stream depend on those before them: a trial cannot be cut",
                hint: "leave --job-shards out");
        var prepared = CalibrationHead.PreparationOf(options, model.Io).InForce;
        var test = Samples(options.Test, prepared, model);
        return new(PartKind.Plan, PartHead.ThisCompiler, new(1, shards), test?.Count ?? 0, words,
        [
            CalibrationParts.Plugins(options.Plugins), PartFacts.Of("model", model.Name, GraphDigest.OfNamed(model.Graph)),
            Listed("data", Samples(options.Data is { } data ? data with { HasClasses = false } : null, prepared, model)),
            Listed("test", test), PartFacts.Of("labels", "", Labels(options, test)),
            PartFacts.Of("calibration", options.Calibration?.Name ?? "", options.Calibration?.Text ?? ""),
            PartFacts.Of("scheme", options.Scheme?.Name ?? "", options.Scheme?.File.Write() ?? ""),
            PartFacts.OfText("preparation", prepared.ToString()),
            PartFacts.OfText("pipeline", Compiler.PipelineOf(model, options).ToString()),
            PartFacts.OfText("options", $"{said} --cvm-version={options.CvmVersion}"),
        ]);
    }

    private static SampleSource? Samples(DataOptions? data, Preprocessing prepared, Model model) =>
        data is null ? null : SampleSource.Open(data with { Preprocessing = prepared }, model.Inputs);

    private static PartFact Listed(string name, SampleSource? samples) =>
        samples is null ? PartFacts.OfText(name, "") : DataListing.FactOf(samples) with { Name = name };

    /// <summary>Classes of all samples; of labels that hold maps or numbers, names and lengths of their files.</summary>
    private static string Labels(CompileOptions options, SampleSource? test)
    {
        if (options.Test is not { Labels: { } path, LabelsAreClasses: false }) return string.Join(' ', test?.Labels ?? []);
        if (FileKinds.Of(path) != FileKind.Folder) return PartDigest.Of(InputFile.ReadAllBytes(path));
        var files = from file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                    let name = Path.GetRelativePath(path, file).Replace('\\', '/')
                    select FormattableString.Invariant($"{name} {new FileInfo(file).Length}");
        return string.Join('\n', files.Order(StringComparer.Ordinal));
    }

    /// <summary>Each job opens the files of the run again.</summary>
    private static void CheckFiles(CompileOptions options)
    {
        string?[] paths = [options.Data?.Path, options.Test?.Path, options.Test?.Labels, options.CalibrationFile, options.SchemeFile];
        if (paths.OfType<string>().FirstOrDefault(p => p == "-" || FileKinds.Of(p) is FileKind.Pipe or FileKind.Device) is not { } path)
            return;
        throw new DiagnosticException(ShardCodes.Indivisible, $"'{path}' can be read once, by one process; every job of a plan reads it",
            hint: "write it into a file first");
    }
}
