using System.Text.Json;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Nothing of several outputs is left out, and no step of the network done or left, without a word.</summary>
public sealed class SeveralOutputsTests : IDisposable
{
    private readonly TinyModel _two = new("""
        graph @two(%data: f32[1, 1, 4, 4]) {
          @d: f32[3, 16] = random(11)
          %flat = nn.flatten(%data)
          %scores = nn.dense(%flat, @d)
          %probabilities = nn.softmax(%scores)
          return %probabilities, %flat
        }
        """);

    public SeveralOutputsTests() => Assert.Equal(0, _two.Compile("--quiet").Exit);

    public void Dispose() => _two.Dispose();

    [Theory]
    [InlineData("scores.npy")]
    [InlineData("scores")]
    public void One_array_is_refused_with_the_remedy(string file)
    {
        string path = _two.Folder[file];
        var run = CliRun.Of("run", _two.Out, "--data", _two.Data, "-o", path, "--quiet");
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Equal($"""
            error CML0945: '{path}' takes one array, 'out' has 2 outputs: probabilities, flat
              help: pass -o FILE.npz, which holds each under its name

            """, run.Error);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Standard_output_takes_one_array_too()
    {
        var run = CliRun.Of("run", _two.Model, "--data", _two.Data, "-o", "-", "--quiet");
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.StartsWith("error CML0945: standard output takes one array, 'tiny' has 2 outputs: probabilities, flat\n", run.Error);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("eval")]
    public void Classes_say_which_output_they_are_of(string command) => Assert.Contains(
        "note CML0945: classes are those of 'probabilities', the first of 2 outputs of 'out'\n",
        CliRun.Of(command, _two.Out, "--data", _two.Data, "--labels", _two.Labels).Error);

    [Fact]
    public void Compiling_with_test_data_says_it_too() => Assert.Contains(
        "note CML0945: classes are those of 'probabilities', the first of 2 outputs of 'tiny'\n",
        _two.Compile("--test", _two.Data, "--labels", _two.Labels).Error);

    [Theory]
    [InlineData("-1e9", "warning CML0948: output 'p' holds logits in steps of 954: softmax of them is not what the network returns\n")]
    [InlineData("-100", "")]
    public void Logits_too_coarse_for_their_softmax_are_warned_about(string mask, string warning)
    {
        string body = $"  @m: f32[4] = [0, 0, 0, {mask}]\n  %s = nn.add(%x, @m)\n  %p = nn.softmax(%s)\n  return %p\n";
        string model = _two.Folder.Write("mask.cml", $"graph @mask(%x: f32[1, 4]) {{\n{body}}}\n");
        string data = _two.WriteNpy("mask.npy", Tensor.Create(Shape.Of(2, 4), new float[] { 1, -2, 3, 0.5f, 0, 2, -1, -3 }));
        var run = CliRun.Of("compile", model, "-o", _two.Folder["mask"], "--data", data, "--quiet");
        var found = run.Error.Split('\n').Where(line => line.Contains("CML0948", StringComparison.Ordinal)).Select(line => line + "\n");
        Assert.Equal((0, warning), (run.Exit, string.Concat(found)));
    }

    [Fact]
    public void A_step_that_is_done_in_float_is_told_and_so_is_one_that_is_left()
    {
        string file = _two.Folder["all.npz"];
        const string Note = "note CML0946: output 'probabilities' is ", Step = "softmax along axis 1 of [1, 3]";
        string[] run = ["run", _two.Out, "--data", _two.Data, "-o", file];
        Assert.Contains($"{Note}what the network returns: {Step}, in float, of the model's logits\n", CliRun.Of(run).Error);
        Assert.Contains($"{Note}left as logits: {Step} would make it what the network returns\n", CliRun.Of([.. run, "--raw"]).Error);
        using var raw = new NpzReader(file);
        Assert.All(raw.Keys, key => Assert.IsType<Tensor<int>>(raw.Read(key)));
    }

    [Fact]
    public void Predictions_as_JSON_hold_the_probabilities_of_the_network()
    {
        var expected = Predictions(_two.Model, "--scale", "1/255");
        var found = Predictions(_two.Out);
        Assert.Equal(expected.Count, found.Count);
        foreach (var (real, integer) in expected.Zip(found))
        {
            Assert.Equal("probabilities", integer.GetProperty("output").GetString());
            double[] scores = [.. integer.GetProperty("scores").EnumerateArray().Select(s => s.GetDouble())];
            Assert.Equal(1, scores.Sum(), 5);
            Assert.Equal(real.GetProperty("scores")[0].GetDouble(), scores[0], 0.05);
        }
        Assert.True(Predictions(_two.Out, "--raw")[0].GetProperty("scores")[0].GetDouble() > 100);
    }

    [Fact]
    public void Options_that_would_do_nothing_are_refused()
    {
        string input = _two.Folder.Write("in.bin", new byte[16]);
        var run = CliRun.Of("run", _two.Out, "--raw-input", input, "-o", _two.Folder["x.npz"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("--raw-input gives bytes: --output and --json do not go with it", run.Error);
        run = CliRun.Of("run", _two.Out, "--data", _two.Data, "--raw-output", _two.Folder["x.bin"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("--raw-output goes with --raw-input alone", run.Error);
        run = CliRun.Of("run", _two.Out, "--data", _two.Data, "-o", "-", "--json");
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains("standard output takes the arrays of -o or the JSON of --json, not both", run.Error);
    }

    [Fact]
    public void An_output_without_elements_is_refused_by_its_name()
    {
        string model = _two.Folder.Write("empty.cml", "graph @empty(%x: f32[1, 2]) {\n  @none: f32[1, 0] = []\n  return %x, @none\n}\n");
        var run = CliRun.Of("compile", model, "-o", _two.Folder["none"], "--random-data", "2", "--quiet");
        Assert.Equal(2, run.Exit);
        Assert.StartsWith("error CML0947: output 'none' [1, 0] has no elements: no model of the CVM can have that\n", run.Error);
    }

    [Fact]
    public void A_step_that_is_written_down_wrongly_is_an_error()
    {
        const string text = """
            graph @g(%x: f32[1, 5]) attributes {output.0.axis = 1, output.0.last = "softmax", output.0.shape = [1, 6]} {
              return %x
            }
            """;
        var run = CliRun.Of("print", _two.Folder.Write("wrong.cml", text));
        Assert.Equal(2, run.Exit);
        Assert.StartsWith("error CML0308: attributes output.0.* do not say what is left to do to output 0 [1, 5]\n", run.Error);
    }

    [Fact]
    public void Arrays_in_a_file_and_predictions_as_JSON_go_together()
    {
        string file = _two.Folder["both.npz"];
        var run = CliRun.Of("run", _two.Out, "--data", _two.Data, "-o", file, "--json", "--quiet");
        Assert.Equal(6, JsonDocument.Parse(run.Output).RootElement.GetProperty("samples").GetArrayLength());
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void The_noise_of_every_output_is_reported_by_the_networks_name()
    {
        using var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(_two.Out, "report.json")));
        var noise = report.RootElement.GetProperty("noise").EnumerateArray().Where(n => n.TryGetProperty("output", out _)).ToList();
        Assert.Equal(["flat", "probabilities"], noise.Select(n => n.GetProperty("output").GetString()).Order(StringComparer.Ordinal));
        Assert.All(noise, n => Assert.True(n.GetProperty("noiseRatio").GetDouble() > 30));
    }

    [Fact]
    public void The_chain_side_decodes_to_what_the_network_returns()
    {
        string model = _two.Folder.Write("one.cml", "graph @one(%x: f32[1, 2]) {\n  %p = nn.softmax(%x)\n  return %p\n}\n");
        Assert.Equal(0, CliRun.Of("compile", model, "-o", _two.Folder["one"], "--random-data", "4", "--quiet").Exit);
        var call = CliRun.Of("chain", "simulate", _two.Folder["one"], "--words", "0x" + "7f00".PadRight(64, '0'), "--json");
        var output = JsonDocument.Parse(call.Output).RootElement.GetProperty("outputs")[0];
        double[] own = [.. output.GetProperty("own").EnumerateArray().Select(p => p.GetDouble())];
        Assert.InRange(own[0], 0.78, 0.83);
        Assert.Equal(1, own.Sum(), 6);
        Assert.Contains("the network's own output is about the softmax along axis 1 of [1, 2] of score / ",
            CliRun.Of("chain", "contract", _two.Folder["one"], "--name", "One").Output);
    }

    /// <summary>Over an image the largest logit need not be where the largest probability is.</summary>
    [Fact]
    public void Classes_are_ranked_by_what_the_network_returns()
    {
        const string Text = "graph @map(%x: f32[1, 2, 1, 2]) {\n  %p = nn.softmax(%x) {axis = 1}\n  return %p\n}\n";
        string model = _two.Folder.Write("map.cml", Text);
        string data = _two.WriteNpy("map.npy", Tensor.Create(Shape.Of(2, 2, 1, 2), new float[] { 9, 2, 8.9f, -2, -3, 5, 3, 4.9f }));
        Assert.Equal(0, CliRun.Of("compile", model, "-o", _two.Folder["map"], "--data", data, "--quiet").Exit);
        Assert.Equal("sample,label,class,top5\nsample 0 of map.npy,,1,1 0 2 3\nsample 1 of map.npy,,2,2 1 3 0\n",
            CliRun.Of("run", _two.Folder["map"], "--data", data, "--quiet").Output);
        Assert.Equal(1, JsonDocument.Parse(CliRun.Of("eval", model, _two.Folder["map"], "--data", data, "--json", "--quiet").Output)
            .RootElement.GetProperty("agreement").GetDouble());
    }

    private static List<JsonElement> Predictions(string model, params string[] options)
    {
        string data = Path.Combine(Path.GetDirectoryName(model)!, "data.npy");
        var run = CliRun.Of(["run", model, "--data", data, "--json", "--quiet", .. options]);
        Assert.True(run.Exit == 0, run.Error);
        return [.. JsonDocument.Parse(run.Output).RootElement.GetProperty("samples").EnumerateArray()];
    }
}
