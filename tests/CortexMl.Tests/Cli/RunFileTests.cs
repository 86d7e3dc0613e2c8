using System.Text.Json.Nodes;
using CortexMl.Runs;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>A run is a file: it says what options say, they replace it, and what was run can be run again.</summary>
public sealed class RunFileTests : IDisposable
{
    private const string Schema = "\"$schema\": \"cortexml-run-1.schema.json\"";

    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void A_run_file_gives_the_bytes_that_its_options_give()
    {
        Assert.Equal(0, _tiny.Compile("--samples", "4", "--test", _tiny.Data, "--labels", _tiny.Labels, "--output-precision", "12").Exit);
        string run = _tiny.Folder.Write("any.name", $$"""
            {
              {{Schema}}, // known by this
              "model": "tiny.cml", "data": "data.npy", "scale": "1/255", "samples": 4,
              "test": "data.npy", "labels": "labels.txt", "outputPrecision": 12,
              "output": "second",
            }
            """);
        Assert.Equal(0, CliRun.Of("compile", run).Exit);
        AssertSame(_tiny.Out, _tiny.Folder["second"]);
    }

    [Fact]
    public void Compiling_the_effective_run_gives_the_same_bytes_from_anywhere()
    {
        Assert.Equal(0, _tiny.Compile("--samples", "4", "--mean", "0.5", "--std=0.25", "--invert", "--input", "data=1,1,4,4").Exit);
        string effective = Path.Combine(_tiny.Out, "run.json");
        Assert.Equal(
            $$"""
            {
              {{Schema}},
              "model": "../tiny.cml",
              "input": {"data": [1, 1, 4, 4]},
              "data": "../data.npy",
              "samples": 4,
              "invert": true,
              "scale": "1/255",
              "mean": 0.5,
              "std": 0.25,
              "output": "."
            }

            """.ReplaceLineEndings("\n"), File.ReadAllText(effective));
        string other = _tiny.Folder["other"];
        Assert.Equal(0, CliRun.Of("compile", effective, "-o", other).Exit);
        AssertSame(_tiny.Out, other);
        Assert.Equal(0, CliRun.Of("compile", effective).Exit);
        AssertSame(other, _tiny.Out);
    }

    [Fact]
    public void Options_replace_what_the_file_says()
    {
        string run = Run("\"data\": \"data.npy\", \"samples\": 4, \"scale\": \"1/255\", \"strict\": true, \"output\": \"out\"");
        Assert.Equal(0, CliRun.Of("compile", run, "--samples", "2", "--scale", "0.5", "--strict", "false").Exit);
        var said = RunFile.Read(Path.Combine(_tiny.Out, "run.json")).Members.ToDictionary(m => m.Name, m => m.Value.ToJsonString());
        Assert.Equal(("2", "0.5", "false"), (said["samples"], said["scale"], said["strict"]));
        Assert.Equal(0, CliRun.Of("compile", run, "--random-data", "2", "--strict", "false").Exit);
        string[] members = [.. RunFile.Read(Path.Combine(_tiny.Out, "run.json")).Members.Select(m => m.Name)];
        Assert.Equal(["model", "randomData", "scale", "output", "strict"], members);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_its_place()
    {
        string run = _tiny.Folder.Write("run.json", $$"""
            {
              {{Schema}},
              "modle": "tiny.cml",
              "samples": "many",
              "target-drop": 3,
              "inputPrecision": 99,
              "cvmVersion": "2",
              "strict": 1,
              "skip": ["dead-code", 3],
              "input": [1, 2]
            }
            """);
        var answer = CliRun.Of("compile", run);
        Assert.Equal((2, ""), (answer.Exit, answer.Output));
        Assert.Equal(
            """
            error CML0984: no run has 'modle'
              --> run.json:3:3
              help: did you mean 'model'? members are options of cortexml compile: --target-drop is targetDrop
            error CML0984: 'samples' is a text: a number is needed
              --> run.json:4:3
            error CML0984: no run has 'target-drop'
              --> run.json:5:3
              help: did you mean 'targetDrop'? members are options of cortexml compile: --target-drop is targetDrop
            error CML0934: --input-precision 99: a whole number from 2 to 16 is needed
              --> run.json:6:3
            error CML0940: --cvm-version '2': 1.0.0 or 1.1.0 is needed
              --> run.json:7:3
            error CML0984: 'strict' is a number: true or false is needed
              --> run.json:8:3
            error CML0984: 'skip' is a list: a text, or a list of texts is needed
              --> run.json:9:3
            error CML0984: 'input' is a list: an object of names and shapes is needed
              --> run.json:10:3
            error CML0984: the run file names no model
              --> run.json
              help: add "model": "x-symbol.json"

            """.ReplaceLineEndings("\n"), answer.Error);
    }

    [Fact]
    public void A_run_file_without_a_place_for_the_result_asks_for_it_as_a_command_line_does()
    {
        var answer = CliRun.Of("compile", Run("\"randomData\": 2"));
        Assert.Equal(2, answer.Exit);
        Assert.Contains("Option '--output' is required", answer.Error);
    }

    [Fact]
    public void A_file_in_the_place_of_the_effective_run_is_left_alone_unless_it_was_written_by_a_compilation()
    {
        string mine = _tiny.Folder.Write("out/run.json",
            $"{{{Schema}, /* mine */ \"model\": \"../tiny.cml\", \"randomData\": 2, \"output\": \".\"}}");
        string text = File.ReadAllText(mine);
        Assert.Equal(0, CliRun.Of("compile", mine).Exit);
        Assert.Equal(text, File.ReadAllText(mine));
        foreach (string[] words in (string[][])[["compile", mine, "--random-data", "3"], ["compile", _tiny.Model, "-o", _tiny.Out,
            "--random-data", "2"]])
        {
            var refused = CliRun.Of(words);
            Assert.Equal(2, refused.Exit);
            Assert.Contains("error CML0985", refused.Error);
            Assert.Equal(text, File.ReadAllText(mine));
        }
        File.Delete(mine);
        Assert.Equal(0, CliRun.Of("compile", _tiny.Model, "-o", _tiny.Out, "--random-data", "2").Exit);
        Assert.Equal(0, CliRun.Of("compile", mine, "--random-data", "3").Exit);
        Assert.Contains("\"randomData\": 3", File.ReadAllText(mine));
    }

    [Fact]
    public void The_folder_counts_as_unchanged_when_its_run_is_edited()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        File.AppendAllText(Path.Combine(_tiny.Out, "run.json"), "// mine\n");
        Assert.Equal(0, CliRun.Of("check", _tiny.Out).Exit);
    }

    [Fact]
    public void The_published_schema_is_that_of_the_options()
    {
        string published = File.ReadAllText(Repository.Path("golden", "schemas", RunFile.SchemaName()));
        Assert.Equal(published, CliRun.Of("schema", "run").Output);
        var members = JsonNode.Parse(published)!["properties"]!.AsObject();
        Assert.Equal("integer", (string?)members["samples"]!["type"]);
        Assert.False(members.ContainsKey("dumpIr"));
    }

    [Fact]
    public void Init_finds_data_labels_and_preparation_beside_the_network()
    {
        string source = Repository.Path("golden", "models", "mnist-mlp"), run = _tiny.Folder["run.json"];
        Assert.Equal(0, CliRun.Of("init", source, "-o", run).Exit);
        var said = RunFile.Read(run).Members.ToDictionary(m => m.Name, m => m.Value.ToJsonString());
        Assert.Equal("{\"data\":[1,1,28,28]}", said["input"]);
        Assert.EndsWith("mnist-mlp/calibration.npy\"", said["data"]);
        Assert.EndsWith("mnist-mlp/test-images.npy\"", said["test"]);
        Assert.EndsWith("mnist-mlp/test-labels.npy\"", said["labels"]);
        Assert.Equal("\"1/255\"", said["scale"]);
        Assert.Contains(" rightly named with 0..1", File.ReadAllText(run));
        Assert.Equal(0, CliRun.Of("compile", run, "--samples", "8", "--limit", "20", "--quiet").Exit);
        Assert.Contains("--replace", CliRun.Of("init", source, "-o", run).Error);
    }

    [Fact]
    public void Init_asks_where_it_is_told_to()
    {
        string answers = $"{_tiny.Data}\n-\n\n{_tiny.Folder["built"]}\n", run = _tiny.Folder["run.json"];
        var asked = CliRun.With(answers, "init", _tiny.Model, "-o", run, "--ask", "true");
        Assert.Equal(0, asked.Exit);
        Assert.StartsWith("calibration data (100 to 500 typical inputs) [", asked.Error);
        Assert.Equal(["model", "input", "data", "samples", "scale", "output"], RunFile.Read(run).Members.Select(m => m.Name));
        Assert.EndsWith("\"output\": \"built\"\n}\n", File.ReadAllText(run));
    }

    [SkippableFact]
    public void A_configuration_of_the_reference_tool_is_imported_and_compiles()
    {
        string data = SharedData.Folder("mnist"), model = Repository.Path("golden", "models", "mnist-mlp", "mnist-mlp-symbol.json");
        string ini = _tiny.Folder.Write("mnist.ini", $"""
            [DEFAULT]
            Model_name=mnist_mlp
            Input_shape=(-1, 1, 28, 28)
            [CALIBRATION]
            Dataset=mnist
            Dataset_dir={data}
            [QUANTIZATION]
            Output_precision=8
            [EVALUATION]
            Iter_num=2
            """);
        string run = _tiny.Folder["run.json"];
        Assert.Equal(0, CliRun.Of("import-ini", ini, "--model", model, "-o", run).Exit);
        var compiled = CliRun.Of("compile", run);
        Assert.Equal(0, compiled.Exit);
        Assert.Contains("32 samples", compiled.Error);
        Assert.True(File.Exists(_tiny.Folder["mnist_mlp_tfm/symbol"]));
    }

    private string Run(string members) => _tiny.Folder.Write("run.json", $"{{{Schema}, \"model\": \"tiny.cml\", {members}}}");

    private static void AssertSame(string folder, string other)
    {
        string[] names = [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        Assert.Equal(names, Directory.GetFiles(other).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.All(names, name =>
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, name)), File.ReadAllBytes(Path.Combine(other, name))));
    }
}
