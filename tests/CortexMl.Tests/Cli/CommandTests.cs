using System.Text.Json;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cli;

public sealed class CommandTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public CommandTests() => Assert.Equal(0, _tiny.Compile("--quiet").Exit);

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Run_prints_one_line_a_sample_and_the_accuracy()
    {
        var run = CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--labels", _tiny.Labels);
        string[] lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal("sample,label,class,top5", lines[0]);
        Assert.Equal(7, lines.Length);
        Assert.StartsWith("sample 0 of data.npy,0,", lines[1]);
        Assert.Contains("6 samples on cpu, top-1", run.Error);
    }

    [Theory]
    [InlineData("kernel ", "--kernels")]
    [InlineData(".target sm_80", "--format", "ptx")]
    public void Print_lists_the_kernels_of_a_compiled_model(string expected, params string[] options)
    {
        var run = CliRun.Of(["print", _tiny.Out, .. options]);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_writes_outputs_as_npy_to_a_file_or_to_standard_output()
    {
        var run = CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "-o", "-");
        var outputs = NpyReader.Read(run.Bytes, "stdout");
        Assert.Equal((Shape.Of(6, 3), DType.I32), (outputs.Shape, outputs.DType));
        CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "-o", _tiny.Folder["y.npy"]);
        Assert.Equal(run.Bytes, File.ReadAllBytes(_tiny.Folder["y.npy"]));
    }

    [Fact]
    public void Raw_bytes_and_real_data_give_the_same_outputs()
    {
        var image = ((Tensor<byte>)NpyReader.Read(_tiny.Data)).Data[..16];
        var port = ModelIo.Read(Path.Combine(_tiny.Out, "model.io.json")).Inputs[0];
        double Centred(byte x) => port.Centering!.Of(x * (float)(1.0 / 255), 0);
        byte[] raw = [.. image.Select(x => (byte)Math.Clamp(Math.Floor(Centred(x) * port.Scale + 0.5), -127, 127))];
        string input = _tiny.Folder.Write("in.bin", raw), output = _tiny.Folder["out.bin"];
        Assert.Equal(0, CliRun.Of("run", _tiny.Out, "--raw-input", input, "--raw-output", output).Exit);
        var expected =
            (Tensor<int>)NpyReader.Read(CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--limit", "1", "-o", "-").Bytes, "stdout");
        Assert.Equal(expected.Bytes.ToArray(), File.ReadAllBytes(output));
    }

    [Fact]
    public void Raw_input_of_the_wrong_length_fails_the_inference() =>
        Assert.Equal(1, CliRun.Of("run", _tiny.Out, "--raw-input", _tiny.Folder.Write("in.bin", "short")).Exit);

    [Fact]
    public void Eval_gives_figures_for_each_model_and_their_agreement()
    {
        var run = CliRun.Of("eval", _tiny.Model, _tiny.Out, "--data", _tiny.Data, "--labels", _tiny.Labels, "--scale", "1/255", "--json");
        var json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(6, json.GetProperty("count").GetInt32());
        Assert.Equal(["tiny float onnxruntime", "out integer cpu"],
            json.GetProperty("results").EnumerateArray()
                .Select(r => $"{r.GetProperty("model")} {r.GetProperty("level")} {r.GetProperty("engine")}"));
        Assert.True(json.GetProperty("results")[0].TryGetProperty("top1", out _));
        Assert.InRange(json.GetProperty("agreement").GetDouble(), 0.8, 1);
    }

    [Fact]
    public void A_float_model_beside_a_compiled_one_gets_its_preprocessing()
    {
        var told = CliRun.Of("eval", _tiny.Model, _tiny.Out, "--data", _tiny.Data, "--no-stored-prep", "--scale", "1/255", "--json");
        var stored = CliRun.Of("eval", _tiny.Model, _tiny.Out, "--data", _tiny.Data, "--json");
        Assert.Equal(told.Output, stored.Output);
        Assert.Contains("note CML0810: preparation: --scale 1/255, stored with the model\n", stored.Error);
    }

    [Fact]
    public void Threads_do_not_change_the_outputs()
    {
        byte[] Outputs(string threads) => CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "-o", "-", "--threads", threads).Bytes;
        Assert.Equal(Outputs("1"), Outputs("3"));
    }

    [Fact]
    public void Check_accepts_what_compile_wrote()
    {
        var json = JsonDocument.Parse(CliRun.Of("check", _tiny.Out, "--json", "--strict").Output).RootElement;
        Assert.Equal(
            [
                "format", "status", "stage", "gas", "storage", "inputLength", "outputLength", "inputTypeSize", "outputTypeSize", "portable",
                "findings",
            ],
            json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("ok", "ok", true, 16L),
            (json.GetProperty("status").GetString()!, json.GetProperty("stage").GetString()!, json.GetProperty("portable").GetBoolean(),
            json.GetProperty("inputLength").GetInt64()));
    }

    [Fact]
    public void Check_takes_two_files_and_rejects_with_exit_1()
    {
        File.WriteAllText(Path.Combine(_tiny.Out, "symbol"), "{}");
        var run = CliRun.Of("check", Path.Combine(_tiny.Out, "symbol"), Path.Combine(_tiny.Out, "params"), "--json", "--accept-edited");
        Assert.Equal(1, run.Exit);
        Assert.Equal("load", JsonDocument.Parse(run.Output).RootElement.GetProperty("stage").GetString());
    }

    [Fact]
    public void Check_of_files_that_are_not_there_is_exit_2() => Assert.Equal(2, CliRun.Of("check", _tiny.Folder["nowhere"]).Exit);

    [Fact]
    public void Opt_reads_standard_input_and_writes_standard_output()
    {
        const string Text = "graph @g(%x: f32[1, 2]) -> f32[1, 2] {\n  %0 = nn.relu(%x)\n  %1 = nn.relu(%0)\n  return %1\n}\n";
        var run = CliRun.With(Text, "opt", "-", "--passes=canonicalize", "--timing", "--dump-ir", "change");
        Assert.Equal("graph @g(%x: f32[1, 2]) -> f32[1, 2] {\n  %0 = nn.relu(%x) : f32[1, 2]\n  return %0\n}\n", run.Output);
        Assert.Contains("// after canonicalize\n", run.Error);
        Assert.Contains(" 1 rewrite   canonicalize\n", run.Error);
    }

    [Fact]
    public void Print_exports_onnx() => Assert.True(CliRun.Of("print", _tiny.Model, "--format", "onnx").Bytes.Length > 200);

    [Fact]
    public void Ops_and_passes_say_everything_about_one()
    {
        Assert.Contains("channels", CliRun.Of("ops", "cvm.conv2d").Output);
        Assert.Contains("Convolution", CliRun.Of("ops", "--frontend", "mxnet").Output);
        Assert.Contains("weights=per-channel", CliRun.Of("passes", "quantize").Output);
        Assert.Contains("default pipeline: ", CliRun.Of("passes").Output);
        Assert.Equal(2, CliRun.Of("ops", "nn.frobnicate").Exit);
    }

    [Fact]
    public void Test_counts_and_fails_with_a_difference()
    {
        string file =
            _tiny.Folder.Write("x.cml", "//! opt --passes=canonicalize\ngraph @g(%x: f32[1]) -> f32[1] {\n  return %x\n}\n//=\nwrong\n");
        var run = CliRun.Of("test", file);
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped\n"), (run.Exit, run.Output));
        Assert.Contains("--bless", run.Error);
        Assert.Equal("1 passed, 0 failed, 0 skipped\n", CliRun.Of("test", file, "--bless").Output);
        Assert.Equal("1 passed, 0 failed, 0 skipped\n", CliRun.Of("test", file).Output);
    }

    [Fact]
    public void Help_teaches_by_example() =>
        Assert.Contains("cortexml check out/symbol out/params --json", CliRun.Of("check", "--help").Output);
}
