using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx;
using CortexMl.Loading;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Splitting;

/// <summary>Networks that are compiled up to values that somebody names; what comes behind them stays in float.</summary>
public sealed class SplitTests : IDisposable
{
    /// <summary>Two layers, of which the head returns the results; behind them a sum and a quotient that no CVM has.</summary>
    private const string TwoHeads = """
        graph @boxes(%image: f32[1, 4]) {
          @w: f32[3, 4] = [1, 0, 0, 0,  0, 1, 0, 0,  0, 0, 1, 1]
          %shared = nn.relu(%image)
          %scores = nn.dense(%shared, @w)
          %offsets = nn.tanh(%shared)
          %part = nn.slice(%offsets) {begin = [0, 0], end = [1, 3], strides = [1, 1]}
          %sum = nn.add(%scores, %part)
          %exp = nn.exp(%sum)
          return %exp, %scores
        }
        """;

    private static readonly float[] s_images = [0.5f, -1, 0.25f, 1, 1, 0.75f, -0.5f, 0, 0.125f, 1, 1, 1];

    private readonly TemporaryFolder _folder = new();

    public SplitTests()
    {
        _folder.Write("net.cml", TwoHeads);
        NpyWriter.Write(_folder["x.npy"], Tensor.Create(Shape.Of(3, 4), s_images));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_and_eval_go_on_from_the_integers_in_float()
    {
        string told = Compile("--split-at", "offsets", "--split-at", "scores");
        Assert.Contains("note CML0979: the compiled model returns offsets, scores; tail.onnx goes on from there in float", told,
            StringComparison.Ordinal);
        Assert.Equal(["offsets", "scores"], ModelIo.Read(_folder["out/model.io.json"]).Outputs.Select(o => o.Name));
        float[] found = Reals("out"), expected = Reals("net.cml");
        for (int i = 0; i < expected.Length; i++) Assert.InRange(found[i], expected[i] - 0.05, expected[i] + 0.05);
        Assert.InRange(MeasuredNoise.Of(_folder["net.cml"], _folder["out"], "--data", _folder["x.npy"]).Decibels, 30, 80);
    }

    /// <summary>Of a float model beside it, that is.</summary>
    [Fact]
    public void What_is_said_of_inputs_is_not_about_the_tail()
    {
        Compile("--split-at", "offsets", "--split-at", "scores");
        CliRun.Of("print", _folder["net.cml"], "--format", "onnx", "-o", _folder["net.onnx"]);
        var run = CliRun.Of(
            "eval", _folder["net.onnx"], _folder["out"], "--data", _folder["x.npy"], "--input", "image=1,4", "--metric", "db", "--json");
        Assert.True(run.Exit == 0, run.Error);
    }

    [Fact]
    public void The_tail_is_a_network_of_its_own()
    {
        Compile("--split-at", "offsets", "--split-at", "scores");
        var tail = OnnxImporter.Import(_folder["out/tail.onnx"]);
        Assert.Equal(["scores", "offsets"], tail.Inputs.Select(i => i.Name));
        // What it returns as it came: an ONNX graph has one value of a name.
        Assert.Equal(["exp", "scores.1"], ModelPort.OutputsOf(tail).Select(o => o.Name));
    }

    [Fact]
    public void Raw_are_the_numbers_of_the_compiled_model()
    {
        Compile("--split-at", "offsets", "--split-at", "scores");
        var run = CliRun.Of("run", _folder["out"], "--data", _folder["x.npy"], "-o", _folder["raw.npz"], "--raw", "--quiet");
        Assert.True(run.Exit == 0, run.Error);
        using var archive = new NpzReader(_folder["raw.npz"]);
        Assert.IsType<Tensor<int>>(archive.Read("offsets"));
    }

    [Fact]
    public void Compiling_without_a_cut_leaves_no_tail_behind()
    {
        Compile("--split-at", "offsets", "--split-at", "scores");
        Compile();
        Assert.False(File.Exists(_folder["out/tail.onnx"]));
        Assert.Null(ModelLoader.Load(_folder["out"]).Tail);
    }

    [Fact]
    public void A_folder_tells_where_it_was_cut()
    {
        Compile("--split-at", "offsets", "--split-at", "scores");
        var run = CliRun.Of("reproduce", _folder["out"], "--model", _folder["net.cml"], "--data", _folder["x.npy"]);
        Assert.True(run.Exit == 0, run.Error + run.Output);
        Assert.Contains("tail.onnx", run.Output, StringComparison.Ordinal);
        File.Delete(_folder["out/symbol"]);
        var again = CliRun.Of("compile", _folder["out/run.json"], "--quiet");
        Assert.True(again.Exit == 0, again.Error);
        Assert.NotNull(ModelLoader.Load(_folder["out"]).Tail);
    }

    [Fact]
    public void A_tail_of_another_model_is_refused()
    {
        Compile("--split-at", "offsets", "--split-at", "scores");
        _folder.Write("other.cml", "graph @o(%x: f32[1, 2]) {\n  %y = nn.exp(%x)\n  return %y\n}\n");
        CliRun.Of("print", _folder["other.cml"], "--format", "onnx", "-o", _folder["out/tail.onnx"]);
        var refused = Assert.Throws<DiagnosticException>(() => ModelLoader.Load(_folder["out"], new ModelOptions { AcceptsEdited = true }));
        Assert.Equal("tail.onnx takes other values than the model beside it returns", Assert.Single(refused.Diagnostics).Message);
    }

    [Theory]
    [InlineData("score", "--split-at: 'net' has no value 'score'")]
    [InlineData("image", "--split-at: 'net' has no value 'image'")]
    [InlineData("exp,scores", "--split-at: nothing comes behind what is named")]
    [InlineData("scores", "--split-at: another way leads from input 'image' past what is named, by shared, offsets, part, sum, exp")]
    [InlineData("shared,offsets,offsets", "--split-at: 'offsets' is named 2 times")]
    [InlineData("offsets,part,scores", "--split-at: nothing that comes behind the others needs 'offsets'")]
    public void What_does_not_cut_the_network_in_two_is_told(string names, string message)
    {
        var model = ModelLoader.Load(_folder["net.cml"]);
        var options = new CompileOptions { RandomSamples = 4, SplitAt = names.Split(',') };
        var refused = Assert.Throws<DiagnosticException>(() => Compiler.Compile(model, options));
        var first = refused.Diagnostics[0];
        Assert.Equal((LibraryCodes.Split, message), (first.Code, first.Message));
    }

    [Fact]
    public void Streams_and_operations_in_float_do_not_go_with_a_cut()
    {
        var streamed = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["no"], "--data", _folder["x.npy"], "--stream",
            "--state", "exp=image", "--split-at", "offsets", "--split-at", "scores");
        Assert.Equal(2, streamed.Exit);
        Assert.StartsWith("error CML0988: 'net' is split", streamed.Error, StringComparison.Ordinal);
        var restored = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["no"], "--data", _folder["x.npy"], "--restore", "offsets",
            "--split-at", "offsets", "--split-at", "scores");
        Assert.Equal(2, restored.Exit);
        Assert.StartsWith("error CML0982: --split-at is about a model to upload", restored.Error, StringComparison.Ordinal);
    }

    private string Compile(params string[] options)
    {
        var run = CliRun.Of(["compile", _folder["net.cml"], "-o", _folder["out"], "--data", _folder["x.npy"], .. options]);
        Assert.True(run.Exit == 0, run.Error);
        return run.Error;
    }

    /// <summary>What the network returns first.</summary>
    private float[] Reals(string model)
    {
        var run = CliRun.Of("run", _folder[model], "--data", _folder["x.npy"], "-o", _folder["y.npz"], "--quiet");
        Assert.True(run.Exit == 0, run.Error);
        using var archive = new NpzReader(_folder["y.npz"]);
        return ((Tensor<float>)archive.Read("exp")).Data;
    }
}
