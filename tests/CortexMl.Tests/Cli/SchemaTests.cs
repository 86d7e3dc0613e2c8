using System.Text.Json;
using CortexMl.Auditing;
using CortexMl.Cli;
using CortexMl.Cli.Commands;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Files;
using CortexMl.Golden;
using CortexMl.Sharding;
using CortexMl.Tests.Support;
using Json.Schema;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>
/// Every form of JSON has a schema in golden/schemas, which is that of the code, and what is written is valid by it. The files of
/// golden/formats are of the first version of each form: they are valid and still read.
/// </summary>
public sealed class SchemaTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    public static TheoryData<string> Names => [.. FileSchemas.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_published_schema_is_the_codes(string name)
    {
        var schema = FileSchemas.All.Single(s => s.Name == name);
        string published = File.ReadAllText(Published(schema.FileName));
        Assert.Equal(published, schema.Make(CompileCommand.Create(OptionValueTests.NoTerminal())));
        Assert.Equal(published, CliRun.Of("schema", name).Output);
        Assert.Contains($"\"$id\": \"{schema.FileName}\"", published, StringComparison.Ordinal);
    }

    [Fact]
    public void Schemas_are_listed_and_others_refused()
    {
        Assert.Equal(FileSchemas.All.Count, CliRun.Of("schema").Output.TrimEnd('\n').Split('\n').Length);
        Assert.Equal(FileSchemas.All.Select(s => s.FileName).Order(StringComparer.Ordinal),
            Directory.GetFiles(Repository.Path("golden", "schemas")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        Assert.Contains("did you mean 'report'?", CliRun.Of("schema", "reprot").Error);
    }

    [Fact]
    public void What_a_compilation_writes_is_valid()
    {
        string[] options = ["--test", _tiny.Data, "--labels", _tiny.Labels, "--min-db", "40", "--metric", "db"];
        var compiled = _tiny.Compile([.. options, "--json"]);
        Assert.Equal(0, compiled.Exit);
        AssertValid("report", compiled.Output);
        foreach (var (name, file) in (ReadOnlySpan<(string, string)>)
            [
                ("report", "report.json"), ("io", "model.io.json"), ("calibration", "model.calibration.json"), ("scheme",
                    "model.scheme.json"),
                ("manifest", "model.manifest.json"), ("run", "run.json"),
            ])
            AssertValid(name, File.ReadAllText(Path.Combine(_tiny.Out, file)));
    }

    [Theory]
    [InlineData("eval", "eval MODEL OUT --data DATA --labels LABELS --scale 1/255 --json")]
    [InlineData("predictions", "run OUT --data DATA --labels LABELS --json")]
    [InlineData("doctor", "doctor MODEL --data DATA --labels LABELS --json")]
    [InlineData("check", "check OUT --json")]
    [InlineData("bench", "bench OUT --runs 2 --json")]
    [InlineData("reproduce", "reproduce OUT --model MODEL --data DATA --json")]
    [InlineData("devices", "devices --json")]
    [InlineData("compare", "compare MODEL OUT --data DATA --json")]
    [InlineData("audit", "audit TRANSCRIPT TRANSCRIPT --json")]
    [InlineData("verify", "verify OUT --random 1 --json")]
    [InlineData("bisect", "bisect MODEL --data DATA --while 'agreement >= 0 %' --json")]
    [InlineData("reduce", "reduce MODEL --while 'cortexml opt {} --passes dead-code' -o PLACE --json")]
    [InlineData("diff", "diff MODEL OUT --json")]
    [InlineData("reports", "report OUT OUT --json")]
    [InlineData("tests", "test GOLDEN --json")]
    [InlineData("account", "chain meta 0x0002de809400112233445566778899aabbccddeeff00112233820390c3011c1c80")]
    [InlineData("package", "chain pack OUT -o PLACE --json")]
    [InlineData("simulation", "chain simulate OUT --data DATA --json")]
    [InlineData("answer", "chain output OUT WORDS --json")]
    [InlineData("decoded", "chain decode 'f() returns (uint256)' WORDS --returns --json")]
    public void What_a_command_says_to_machines_is_valid(string schema, string line)
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        var run = CliRun.Of([.. CommandLineText.Words(line).Select(word => word switch
        {
            "MODEL" => _tiny.Model, "OUT" => _tiny.Out, "DATA" => _tiny.Data, "LABELS" => _tiny.Labels, "PLACE" => _tiny.Folder["place"],
            "GOLDEN" => Repository.Path("golden", "passes", "fuse-batch-norm.cml"),
            "WORDS" => $"0x{new string('0', 64)}", "TRANSCRIPT" => Repository.Path("golden", "formats", "transcript.json"), _ => word,
        })]);
        Assert.True(run.Exit <= ExitCodes.Failed, run.Error);
        AssertValid(schema, run.Output);
    }

    [Fact]
    public void A_plan_and_the_result_of_its_job_are_valid()
    {
        string plan = _tiny.Folder["plan"];
        var planned = _tiny.Compile(
            "--test", _tiny.Data, "--metric", "cosine", "--target-drop", "0", "--min-db", "60", "--plan-jobs", plan);
        Assert.True(planned.Exit == 0, planned.Error);
        Assert.Equal(0, CliRun.Of("compile", "--from-jobs", plan, "--job", "choices-0").Exit);
        CliRun.Of("compile", "--from-jobs", plan);
        string[] files = [Path.Combine(plan, "plan.json"), .. Directory.GetFiles(Path.Combine(plan, "results"))];
        Assert.Equal(2, files.Length);
        Assert.All(files, file => AssertValid("part", File.ReadAllText(file)));
    }

    [Fact]
    public void A_part_of_a_calibration_is_valid()
    {
        string path = _tiny.Folder["1.part"];
        string[] call = ["calibrate", _tiny.Model, "--data", _tiny.Data, "--scale", "1/255", "--shard", "1/2", "-o", path];
        Assert.Equal(0, CliRun.Of(call).Exit);
        AssertValid("part", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("db")]
    [InlineData("verification")]
    [InlineData("top5")]
    public void What_a_part_of_an_evaluation_holds_is_valid(string metric)
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        string path = _tiny.Folder["2.part"];
        string[] data = ["--data", _tiny.Data, "--labels", _tiny.Labels, "--scale", "1/255", "--metric", metric];
        var run = CliRun.Of(["eval", _tiny.Model, _tiny.Out, .. data, "--shard", "2/2", "-o", path]);
        Assert.True(run.Exit == 0, run.Error);
        AssertValid("evaluation-part", PartReader.Read(path).Content.GetRawText());
    }

    [Fact]
    public void What_lies_in_and_is_told_of_folders_made_of_a_result_is_valid()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        string page = _tiny.Folder["page"], package = _tiny.Folder["package"];
        // A class in between has no name.
        string classes = _tiny.Folder.Write("classes.json", """{"0": "ant", "2": "bee"}""");
        Assert.Equal(0, CliRun.Of("export", "web", _tiny.Out, "-o", page, "--without-ort", "--classes", classes).Exit);
        string described = File.ReadAllText(Path.Combine(page, "page.json"));
        Assert.StartsWith("{\n  \"format\": 1,\n", described);
        Assert.Contains("null", described);
        AssertValid("page", described);
        Assert.Equal(0, CliRun.Of("chain", "pack", _tiny.Out, "-o", package).Exit);
        AssertValid("torrent", CliRun.Of("chain", "meta", Path.Combine(package, "data.torrent")).Output);
        using var model = JsonDocument.Parse(File.ReadAllText(Path.Combine(package, "model.json")));
        AssertValid("account", CliRun.Of("chain", "meta", model.RootElement.GetProperty("accountCode").GetString()!).Output);
    }

    [Theory]
    [InlineData("io", "model.io.json")]
    [InlineData("calibration", "model.calibration.json")]
    [InlineData("scheme", "model.scheme.json")]
    [InlineData("manifest", "first.manifest.json")]
    [InlineData("report", "report.json")]
    [InlineData("run", "run.json")]
    [InlineData("transcript", "transcript.json")]
    public void A_file_of_the_first_version_is_valid(string name, string file) =>
        AssertValid(name, File.ReadAllText(Repository.Path("golden", "formats", file)));

    [Fact]
    public void Files_of_the_first_version_are_read()
    {
        string formats = Repository.Path("golden", "formats");
        string[] compile = ["compile", Path.Combine(formats, "net.cml"), "--quiet", "-o"];
        string from = _tiny.Folder["calibrated"], decided = _tiny.Folder["decided"];
        Assert.Equal(0, CliRun.Of([.. compile, from, "--calibration", Path.Combine(formats, "model.calibration.json")]).Exit);
        Assert.Equal(0, CliRun.Of([.. compile, decided, "--scheme", Path.Combine(formats, "model.scheme.json")]).Exit);
        Assert.Equal(File.ReadAllBytes(Path.Combine(from, "params")), File.ReadAllBytes(Path.Combine(decided, "params")));
        Assert.Equal(2, ModelIo.Read(Path.Combine(formats, "model.io.json")).Inputs[0].Shape.Count);
        Assert.Equal(0, CliRun.Of("compile", Path.Combine(formats, "run.json"), "-o", _tiny.Folder["run"], "--quiet").Exit);
        Assert.Equal(2, Transcript.Read(Path.Combine(formats, "transcript.json")).Layers.Count);
        _tiny.Folder.Write(FolderManifest.FileName, File.ReadAllText(Path.Combine(formats, "first.manifest.json")));
        Assert.NotNull(FolderManifest.Read(_tiny.Folder.Path));
    }

    [Fact]
    public void A_file_of_a_later_version_is_refused()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        string io = Path.Combine(_tiny.Out, ModelIo.FileName);
        File.WriteAllText(io, File.ReadAllText(io).Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));
        Assert.Contains("error CML0925: format 2 is not read; 1 is", CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--accept-edited")
            .Error);
    }

    private static void AssertValid(string name, string json)
    {
        var schema = JsonSchema.FromText(File.ReadAllText(Published(FileSchemas.All.Single(s => s.Name == name).FileName)),
            new BuildOptions { SchemaRegistry = new SchemaRegistry() });
        using var document = JsonDocument.Parse(json);
        var result = schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null)
            .Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}").Take(10)));
    }

    private static string Published(string name) => Repository.Path("golden", "schemas", name);
}
