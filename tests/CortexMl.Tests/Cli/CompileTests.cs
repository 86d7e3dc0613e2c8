using System.Text.Json;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cli;

public sealed class CompileTests : IDisposable
{
    private static readonly string[] Artefacts =
    [
        "bounds.json", "model.calibration.json", "model.cml", "model.io.json", "model.manifest.json", "model.scheme.json", "params",
        "report.html", "report.json", "run.json", "symbol",
    ];
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    private byte[] Bytes(string folder, string name) => File.ReadAllBytes(Path.Combine(folder, name));

    [Fact]
    public void Every_artefact_is_written_and_nothing_else()
    {
        var run = _tiny.Compile();
        Assert.Equal((0, ""), (run.Exit, run.Output));
        Assert.Equal(Artefacts, Directory.GetFileSystemEntries(_tiny.Out).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        Assert.Contains("storage", run.Error);
    }

    [Fact]
    public void Compiling_twice_gives_the_same_bytes()
    {
        _tiny.Compile();
        string second = _tiny.Folder["second"];
        CliRun.Of("compile", _tiny.Model, "-o", second, "--data", _tiny.Data, "--scale", "1/255");
        Assert.All(Artefacts, name => Assert.Equal(Bytes(_tiny.Out, name), Bytes(second, name)));
    }

    [Fact]
    public void The_calibration_file_stands_in_for_the_data()
    {
        _tiny.Compile();
        string second = _tiny.Folder["second"];
        var run = CliRun.Of("compile", _tiny.Model, "-o", second, "--calibration", Path.Combine(_tiny.Out, "model.calibration.json"));
        Assert.Equal(0, run.Exit);
        Assert.All(["symbol", "params", "model.calibration.json", "model.io.json", "bounds.json", "model.cml"],
            name => Assert.Equal(Bytes(_tiny.Out, name), Bytes(second, name)));
    }

    [Fact]
    public void Calibrate_writes_the_file_that_compile_writes()
    {
        _tiny.Compile();
        string file = _tiny.Folder["x.calibration.json"];
        Assert.Equal(0, CliRun.Of("calibrate", _tiny.Model, "--data", _tiny.Data, "--scale", "1/255", "-o", file).Exit);
        Assert.Equal(Bytes(_tiny.Out, "model.calibration.json"), File.ReadAllBytes(file));
    }

    [Fact]
    public void The_text_beside_params_reads_back_as_the_same_model()
    {
        _tiny.Compile();
        string[] strip = ["--strip", "names,scales"];
        Assert.Equal(
            CliRun.Of(["print", _tiny.Out, .. strip]).Output, CliRun.Of(["print", Path.Combine(_tiny.Out, "model.cml"), .. strip]).Output);
    }

    [Fact]
    public void Stopping_after_a_pass_writes_the_text_alone()
    {
        Assert.Equal(0, _tiny.Compile("--stop-after", "canonicalize").Exit);
        Assert.Equal(["model.cml", "model.manifest.json", "run.json"],
            Directory.GetFiles(_tiny.Out).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Contains("nn.conv2d", File.ReadAllText(Path.Combine(_tiny.Out, "model.cml")));
    }

    [Fact]
    public void Stopping_early_leaves_nothing_of_an_earlier_model_but_what_may_be_edited()
    {
        _tiny.Compile();
        File.WriteAllText(Path.Combine(_tiny.Out, "mine.txt"), "");
        Assert.Equal(0, _tiny.Compile("--stop-after", "canonicalize").Exit);
        Assert.Equal(["mine.txt", "model.calibration.json", "model.cml", "model.manifest.json", "model.scheme.json", "run.json"],
            Directory.GetFiles(_tiny.Out).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Test_data_stand_in_for_calibration_data_in_the_noise_report()
    {
        _tiny.Compile();
        string calibration = Path.Combine(_tiny.Out, "model.calibration.json");
        Assert.Equal(0,
            CliRun.Of("compile", _tiny.Model, "-o", _tiny.Out, "--calibration", calibration, "--test", _tiny.Data, "--labels", _tiny.Labels)
            .Exit);
        using var report = JsonDocument.Parse(Bytes(_tiny.Out, "report.json"));
        Assert.Contains("fc", report.RootElement.GetProperty("noise").EnumerateArray().Select(n => n.GetProperty("name").GetString()));
    }

    [Fact]
    public void Scale_and_preprocessing_are_kept_for_running()
    {
        _tiny.Compile("--mean", "0.5", "--input-precision", "7");
        var io = ModelIo.Read(Path.Combine(_tiny.Out, "model.io.json"));
        Assert.Equal(("data", 7), (io.Inputs[0].Name, io.Inputs[0].Precision));
        Assert.Equal("--scale 1/255 --mean 0.5", io.Preprocessing.ToString());
    }

    [Fact]
    public void Compiling_what_was_compiled_changes_nothing()
    {
        _tiny.Compile();
        string second = _tiny.Folder["second"];
        Assert.Equal(0, CliRun.Of("compile", _tiny.Out, "-o", second).Exit);
        Assert.All(["symbol", "params", "model.io.json"], name => Assert.Equal(Bytes(_tiny.Out, name), Bytes(second, name)));
    }

    [Fact]
    public void Labels_belong_to_the_test_data_alone()
    {
        string one = _tiny.WriteNpy("one.npy", Tensor.Create(Shape.Of(1, 4, 4), new byte[16])),
        labels = _tiny.Folder.Write("one.txt", "2\n");
        Assert.Equal(0, _tiny.Compile("--test", one, "--labels", labels).Exit);
    }

    [Fact]
    public void Json_report_compares_float_and_integer_on_test_data()
    {
        var run = _tiny.Compile("--test", _tiny.Data, "--labels", _tiny.Labels, "--json", "--quiet");
        var accuracy = JsonDocument.Parse(run.Output).RootElement.GetProperty("accuracy");
        Assert.Equal(
            ["float", "integer"], accuracy.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("level").GetString()));
        Assert.InRange(accuracy.GetProperty("agreement").GetDouble(), 0.8, 1);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Test_data_gives_the_predictions_that_running_the_written_files_gives()
    {
        string predictions = _tiny.Compile("--test", _tiny.Data, "--labels", _tiny.Labels).Output;
        Assert.Equal(CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--labels", _tiny.Labels).Output, predictions);
        Assert.Equal("sample,label,class,top5", predictions.Split('\n')[0]);
        Assert.Equal(1 + 6, predictions.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Random_data_compiles_under_a_loud_warning()
    {
        var run = CliRun.Of("compile", _tiny.Model, "-o", _tiny.Out, "--random-data", "4", "--quiet");
        Assert.Equal(0, run.Exit);
        Assert.StartsWith("warning CML0809: calibrating on RANDOM inputs", run.Error);
    }

    [Fact]
    public void Noise_of_named_values_is_reported()
    {
        var run = _tiny.Compile("--json");
        var noise = JsonDocument.Parse(run.Output).RootElement.GetProperty("noise").EnumerateArray().ToList();
        Assert.NotEmpty(noise);
        Assert.All(noise, node => Assert.InRange(node.GetProperty("cosine").GetDouble(), 0.99, 1));
    }
}
