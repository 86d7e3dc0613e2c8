using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using CortexMl.Auditing;
using CortexMl.Benchmarks;
using CortexMl.Chain.Packaging;
using CortexMl.Chaining;
using CortexMl.Cli.Commands.Chaining;
using CortexMl.Comparing;
using CortexMl.Diagnosing;
using CortexMl.Evaluating;
using CortexMl.Evm.Calling;
using CortexMl.Golden;
using CortexMl.Reports;
using CortexMl.Running;
using CortexMl.Runs;
using CortexMl.Verifying;
using CortexMl.Web;

namespace CortexMl.Cli.Commands.RunFiles;

/// <summary>A form of JSON that is read or written, with its schema.</summary>
/// <param name="What">It is.</param>
/// <param name="Make">The schema; of run files it is made from the command that takes them.</param>
internal sealed record FileSchema(string Name, string What, Func<Command, string> Make)
{
    /// <summary>The version of all forms but the run file's, which tells its own: it goes up where one changes.</summary>
    private const int Version = 1;

    /// <summary>Under which it is published, in golden/schemas.</summary>
    public string FileName => SchemaFile(Name);

    /// <summary>Of a record that is written as JSON: the schema is that of its type.</summary>
    public static FileSchema Of<T>(string name, string what) => Of(name, what, JsonText.SchemaOf<T>);

    /// <inheritdoc cref="Of{T}(string, string)"/>
    public static FileSchema Of(string name, string what, Func<JsonNode> make) => new(name, what, _ =>
    {
        var schema = new JsonObject { ["$schema"] = RunSchema.Draft, ["$id"] = SchemaFile(name), ["title"] = what };
        foreach (var (key, value) in make().AsObject()) schema[key] = value?.DeepClone();
        return JsonText.Write(schema);
    });

    /// <summary>Of a form that is written line by line: its schema is written by hand, Schemas/*.schema.json.</summary>
    public static FileSchema Written(string name, string what) => new(name, what, _ =>
    {
        using var reader = new StreamReader(typeof(FileSchema)
            .Assembly.GetManifestResourceStream($"Schemas/{SchemaFile(name)}")!, Encoding.UTF8);
        return reader.ReadToEnd();
    });

    private static string SchemaFile(string name) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cortexml-{name}-{Version}.schema.json");
}

/// <summary>Every form of JSON that other programs may read or write.</summary>
internal static class FileSchemas
{
    public static IReadOnlyList<FileSchema> All { get; } =
    [
        new("run", "a run file", command => JsonText.Write(RunSchema.Of(command))),
        FileSchema.Written("calibration", "model.calibration.json: thresholds"),
        FileSchema.Written("scheme", "model.scheme.json: every decision of the quantizer"),
        FileSchema.Written("part", "a part of a calibration or an evaluation: --shard writes it, merge reads it"),
        FileSchema.Written("manifest", "model.manifest.json: files that were written together"),
        FileSchema.Of("io", "model.io.json: inputs and outputs", ModelIo.Schema),
        FileSchema.Of<CompileReport>("report", "report.json, and compile --json"),
        FileSchema.Of<ReportComparison>("reports", "report A B --json: two compilations beside each other"),
        FileSchema.Of<Evaluation>("eval", "eval --json"),
        FileSchema.Written("evaluation-part", "the content of a part of eval --shard"),
        FileSchema.Of<IReadOnlyList<Prediction>>("predictions", "run --json"),
        FileSchema.Of<DoctorReport>("doctor", "doctor --json"),
        FileSchema.Of<CheckReport>("check", "check --json"),
        FileSchema.Of<BenchReport>("bench", "bench --json"),
        FileSchema.Of<IReadOnlyList<ReproducedFile>>("reproduce", "reproduce --json"),
        FileSchema.Of<EngineReport>("devices", "devices --json"),
        FileSchema.Of<ComparisonReport>("compare", "compare --json"),
        FileSchema.Of("transcript", "run --transcript: digests of a run, layer by layer", Transcript.Schema),
        FileSchema.Of<AuditReport>("audit", "audit --json"),
        FileSchema.Of<Verification>("verify", "verify --json"),
        FileSchema.Of<BisectionReport>("bisect", "bisect --json"),
        FileSchema.Of<ReductionReport>("reduce", "reduce --json"),
        FileSchema.Of<GraphDifference>("diff", "diff --json"),
        FileSchema.Of("tests", "test --json", GoldenReports.Schema),
        FileSchema.Of("page", "page.json of export web: what its page has to know of a model", WebPage.Schema),
        FileSchema.Of<PackageReport>("package", "chain pack --json, and its model.json"),
        FileSchema.Of<SimulationReport>("simulation", "chain simulate --json"),
        FileSchema.Of<ContractReport>("contract", "chain simulate --contract --json"),
        FileSchema.Of<ChainAnswer>("answer", "chain output --json"),
        FileSchema.Written("account", "chain meta: the code of an account of a model or of input data"),
        FileSchema.Of<TorrentFacts>("torrent", "chain meta X.torrent"),
        FileSchema.Of<DecodedData>("decoded", "chain decode --json"),
    ];
}
