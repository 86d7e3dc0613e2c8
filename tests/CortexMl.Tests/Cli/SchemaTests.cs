using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Auditing;
using CortexMl.Cli;
using CortexMl.Cli.Commands;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Diagnostics;
using CortexMl.Evm.Compiling;
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
                ("bounds", "bounds.json"), ("manifest", "model.manifest.json"), ("run", "run.json"),
            ])
            AssertValid(name, File.ReadAllText(Path.Combine(_tiny.Out, file)));
    }

    [Theory]
    [InlineData("report", "compile MODEL --data DATA -o PLACE --json")]
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
        AssertValid("evaluation-part", PartReader.Read(path).Content.GetRawText(), isBare: true);
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
        AssertValid("package", model.RootElement.GetRawText());
        AssertValid("account", CliRun.Of("chain", "meta", model.RootElement.GetProperty("accountCode").GetString()!).Output);
    }

    [Fact]
    public void Code_of_a_contract_is_valid_and_tells_its_version()
    {
        byte[] recorded = File.ReadAllBytes(Repository.Path("golden", "chain", "Referee.json"));
        AssertValid("code", ContractCode.OfArtefact(recorded, "Referee.json", null, new DiagnosticBag()).ToJson("contract A {}"));
    }

    /// <summary>Of simulate --contract, which has another form, see ContractSimulationTests.</summary>
    [Fact]
    public void Every_command_that_speaks_to_machines_is_tried()
    {
        var tried = typeof(SchemaTests).GetMethod(nameof(What_a_command_says_to_machines_is_valid))!.GetCustomAttributesData()
            .Where(row => row.AttributeType == typeof(InlineDataAttribute))
            .Select(row => (string)((IReadOnlyList<CustomAttributeTypedArgument>)row.ConstructorArguments[0].Value!)[1].Value!).ToList();
        string[] speaking = [.. Speaking(CommandLine.Root(OptionValueTests.NoTerminal()), "")];
        Assert.True(speaking.Length >= 18, string.Join(", ", speaking));
        Assert.DoesNotContain(speaking, command => !tried.Exists(line => line.StartsWith(command + " ", StringComparison.Ordinal)));
    }

    /// <summary>FileSchemas.Write refuses what has no schema, and adds the version.</summary>
    [Fact]
    public void Nothing_else_than_what_has_a_schema_is_said()
    {
        Assert.Throws<InvalidOperationException>(() => FileSchemas.Write(new ExitCodeOf(1)));
        string[] files = Directory.GetFiles(Repository.Path("src", "CortexMl.Cli"), "*.cs", SearchOption.AllDirectories);
        string[] writing =
        [
            .. files.Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
                .Where(f => File.ReadAllText(f) is var text && (text.Contains("JsonText.Write", StringComparison.Ordinal)
                    || text.Contains("JsonSerializer.Serialize", StringComparison.Ordinal))).Select(f => Path.GetFileName(f)!),
        ];
        Assert.Equal(["FileSchemas.cs"], writing);
    }

    [Theory]
    [InlineData("io", "model.io.json")]
    [InlineData("calibration", "model.calibration.json")]
    [InlineData("scheme", "model.scheme.json")]
    [InlineData("manifest", "first.manifest.json")]
    [InlineData("report", "report.json")]
    [InlineData("run", "run.json")]
    [InlineData("transcript", "transcript.json")]
    [InlineData("bounds", "bounds.json")]
    [InlineData("account", "account.json")]
    [InlineData("job", "state.json")]
    [InlineData("code", "../chain/Referee.json")]
    public void A_file_of_the_first_version_is_valid(string name, string file) =>
        AssertValid(name, File.ReadAllText(Repository.Path("golden", "formats", file)), isBare: true);

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
        Assert.StartsWith("0x0002", CliRun.Of("chain", "meta", Path.Combine(formats, "account.json")).Output);
    }

    /// <summary>What chain pack wrote before its model.json told a version.</summary>
    [Fact]
    public void A_package_of_the_first_version_is_read()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        string package = _tiny.Folder["package"];
        Assert.Equal(0, CliRun.Of("chain", "pack", _tiny.Out, "-o", package).Exit);
        var model = JsonNode.Parse(File.ReadAllText(Path.Combine(package, "model.json")))!.AsObject();
        Assert.True(model.Remove("format"));
        File.WriteAllText(Path.Combine(package, "model.json"), model.ToJsonString());
        string[] run = ["run", package, "--data", _tiny.Data, "--accept-edited", "--quiet"];
        Assert.Equal(CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--quiet").Output, CliRun.Of(run).Output);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("\"two\"")]
    public void An_account_of_a_later_version_is_refused(string version)
    {
        string file = _tiny.Folder.Write("account.json", "{\"format\": " + version
            + ", \"kind\": \"input\", \"hash\": \"0x00112233445566778899aabbccddeeff00112233\", \"rawSize\": 1, \"shape\": [1]}");
        Assert.Contains("error CML1004: format ", CliRun.Of("chain", "meta", file).Error);
    }

    [Fact]
    public void A_report_of_a_later_version_is_refused()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        string report = Path.Combine(_tiny.Out, "report.json");
        File.WriteAllText(report, File.ReadAllText(report).Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));
        Assert.Contains("error CML0925: the file cannot be read: format 2 is not read; 1 is",
            CliRun.Of("report", _tiny.Out, "--accept-edited").Error);
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

    private static IEnumerable<string> Speaking(Command command, string path) =>
        command.Subcommands.SelectMany(c => Speaking(c, $"{path} {c.Name}".Trim()))
            .Concat(command.Options.Any(o => o.Name == "--json") ? [path] : []);

    private sealed record ExitCodeOf(int Code);

    /// <param name="isBare">Whether it tells no version: it is of before forms did, or stands within another form that does.</param>
    internal static void AssertValid(string name, string json, bool isBare = false)
    {
        var schema = JsonSchema.FromText(File.ReadAllText(Published(FileSchemas.All.Single(s => s.Name == name).FileName)),
            new BuildOptions { SchemaRegistry = new SchemaRegistry() });
        using var document = JsonDocument.Parse(json);
        if (!isBare) Assert.Contains(document.RootElement.EnumerateObject().First().Name, (string[])["format", "$schema"]);
        var result = schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null)
            .Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}").Take(10)));
    }

    private static string Published(string name) => Repository.Path("golden", "schemas", name);
}
