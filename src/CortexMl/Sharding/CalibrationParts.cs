using System.Text.Json;
using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Observing;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate.Parts;

namespace CortexMl.Sharding;

/// <summary>
/// Calibrations in parts: a shard of the samples becomes statistics, and the statistics of all shards the calibration file, byte by byte
/// that of one run. What comes behind the statistics (widths, rounding of weights) is computed where they are joined.
/// </summary>
public static class CalibrationParts
{
    private const string Calibrate = "calibrate", Network = "network", Statistics = "statistics";

    /// <summary>Whose part a shard of a calibration is. Nothing of the data is decoded for it.</summary>
    /// <param name="model">As it was read.</param>
    /// <param name="options">Of <see cref="Compiler.Calibrate"/>.</param>
    /// <param name="words">See <see cref="PartHead.Words"/>.</param>
    /// <param name="said">What was said beside files, for <see cref="PartHead.Facts"/>.</param>
    /// <exception cref="DiagnosticException">CML1206: it cannot be cut; and what opening data and resolving the pipeline find.</exception>
    public static PartHead Head(Model model, CompileOptions options, Shard shard, IReadOnlyList<string> words, string said)
    {
        var data = options.Data ?? throw Indivisible("there are no data to cut", "pass --data DATA");
        if (data.States is not null)
            throw Indivisible("samples of a stream depend on those before them", "calibrate a stream in one run, without --shard");
        if (FileKinds.Of(data.Path) is FileKind.Pipe or FileKind.Device)
            throw Indivisible($"'{data.Path}' can be read once, by one process", "write the data into a file first");
        var pipeline = Compiler.PipelineOf(model, options);
        if (pipeline.Steps.Count(s => s.Pass == Calibrate) != 1)
            throw Indivisible("the pipeline calibrates "
                + (pipeline.Steps.Any(s => s.Pass == Calibrate) ? "several times" : "nothing"), "let it have calibrate once");
        var prepared = CalibrationHead.PreparationOf(options, model.Io).InForce;
        var samples = SampleSource.Open(data with { Preprocessing = prepared, HasClasses = false }, model.Inputs);
        return new(PartKind.Calibration, PartHead.ThisCompiler, shard, samples.Count, words,
        [
            Plugins(options.Plugins), PartFacts.Of("model", model.Name, GraphDigest.OfNamed(model.Graph)), DataListing.FactOf(samples),
            PartFacts.OfText("preparation", samples.Preparation), PartFacts.OfText("pipeline", pipeline.ToString()),
            PartFacts.OfText("options", said),
        ]);
    }

    /// <summary>Class libraries by their bytes: they decide like the program itself.</summary>
    internal static PartFact Plugins(IReadOnlyList<string> paths) => PartFacts.Of("plugins",
        string.Join(' ', paths.Select(InputFile.DisplayName)),
        string.Join(' ', paths.Select(p => PartDigest.Of(InputFile.ReadAllBytes(p)))));

    /// <summary>Refuses parts that were made with other plugins, before anything is asked of passes that may be theirs.</summary>
    /// <exception cref="DiagnosticException">CML1205; those of reading files.</exception>
    public static void CheckPlugins(PartSet parts, IReadOnlyList<string> plugins)
    {
        var made = parts.Run.Facts.FirstOrDefault(f => f.Name == "plugins");
        if (made is null || made.Digest == Plugins(plugins).Digest) return;
        string what = made.Said.Length == 0 ? "no plugin" : $"'{made.Said}'";
        throw new DiagnosticException(ShardCodes.OtherRun,
            $"the parts were made with {what}, and {(plugins.Count == 0 ? "none is" : "others are")} named",
            hint: made.Said.Length == 0 ? "leave --plugin out" : $"pass --plugin {made.Said}, the same file, if you trust it");
    }

    /// <summary>Measures the samples of a shard.</summary>
    /// <param name="head">Of <see cref="Head"/>, with the same model and options.</param>
    /// <returns>The part.</returns>
    /// <exception cref="DiagnosticException">As <see cref="Compiler.Calibrate"/>.</exception>
    public static byte[] Run(
        PartHead head, Model model, CompileOptions options, DiagnosticBag? diagnostics = null, IProgressSink? progress = null)
    {
        var result = Compiler.Compile(
            model, options with { Measuring = head.Range, StopAfter = Calibrate }, diagnostics, progress);
        var statistics = result.Statistics
            ?? throw new DiagnosticException(LibraryCodes.NoCalibration, "no pass of the pipeline calibrates", hint: "leave --skip out");
        return Part.Write(head, json =>
        {
            json.WriteString(Network, GraphDigest.OfNamed(result.Model.Graph));
            json.WriteBase64String(Statistics, statistics.ToBytes());
            ObservedData.Write(json, [result.Seen]);
        });
    }

    /// <summary>Tells calibrate what the options have to do with parts.</summary>
    internal static void Give(PassServices services, CompileOptions options)
    {
        if (options.Measuring is not null) services.Given.Set(new MeasuringAlone());
        if (options.Merged is { } merged) services.Given.Set(new GivenStatistics(graph => merged(graph, services.Samples!)));
    }

    /// <summary>What a compilation that only measures a shard comes to.</summary>
    /// <param name="services">Of passes that ran until calibrate.</param>
    internal static CompileResult Measured(Model model, PassServices services) =>
        new(model, [], null, null, services.Diagnostics.Items)
        {
            Statistics = services.Results.Get<CalibrationStatistics>(), Seen = ((ShardSamples)services.Samples!).Facts,
        };

    /// <summary>The calibration of all samples.</summary>
    /// <param name="model">As the parts had it.</param>
    /// <param name="options">As the parts had them; files may lie elsewhere.</param>
    /// <param name="said">See <see cref="Head"/>.</param>
    /// <returns>The text of the calibration file.</returns>
    /// <exception cref="DiagnosticException">
    /// CML1200 to CML1202; CML1205: other model, data or options than those of the parts; as <see cref="Compiler.Calibrate"/>.
    /// </exception>
    public static string Merge(
        PartSet parts, Model model, CompileOptions options, string said, DiagnosticBag? diagnostics = null, IProgressSink? progress = null)
    {
        var here = Head(model, options, parts.Run.Shard, parts.Run.Words, said);
        if (here.DifferenceFrom(parts.Run) is { } difference)
            throw new DiagnosticException(ShardCodes.OtherRun, $"what is opened is not what the parts were made of: {difference}",
                hint: "pass --model and --data with what the shards had, or compute them again");
        return Compiler.Calibrate(model, Joining(parts, options), diagnostics, progress);
    }

    /// <summary>Options of a compilation that joins parts where it would run the network on all data.</summary>
    internal static CompileOptions Joining(PartSet parts, CompileOptions options) =>
        options with { Merged = (graph, samples) => Joined(parts, graph, samples) };

    private static CalibrationStatistics Joined(PartSet parts, Graph graph, ISampleSource samples)
    {
        string network = GraphDigest.OfNamed(graph);
        var all = CalibrationStatistics.Empty(graph);
        IReadOnlyList<InputFacts> seen = [];
        foreach (var (part, path) in parts.Parts().Zip(parts.Paths)) seen = Add(part, InputFile.DisplayName(path), network, all, seen);
        (samples as SampleSource)?.Saw(seen);
        return all.Draw.FirstOther(samples) is not { } other ? all
            : throw new DiagnosticException(ShardCodes.OtherRun, $"sample '{other.Name}' is another one than a part saw under its index",
                new(samples.Description), "the data were changed behind the parts: compute them again");
    }

    private static IReadOnlyList<InputFacts> Add(
        Part part, string name, string network, CalibrationStatistics all, IReadOnlyList<InputFacts> seen)
    {
        try
        {
            if (part.Content.GetProperty(Network).GetString() != network)
                throw new FormatException("its statistics are those of another network");
            var range = part.Head.Range;
            all.Merge(part.Content.GetProperty(Statistics).GetBytesFromBase64(), range.First, range.Count);
            return ObservedData.Joined(seen, ObservedData.Read(part.Content, range.Count) is [var own] ? own
                : throw new FormatException("it does not tell of its data once"));
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or KeyNotFoundException
            or ArgumentOutOfRangeException or OverflowException or JsonException)
        {
            throw PartReader.NoPart(name, $"the part cannot be read: {error.Message}");
        }
    }

    private static DiagnosticException Indivisible(string why, string hint) =>
        new(ShardCodes.Indivisible, $"this calibration cannot be cut into shards: {why}", hint: hint);
}
