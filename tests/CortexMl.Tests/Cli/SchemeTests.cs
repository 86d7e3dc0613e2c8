using System.Text.Json;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>The scheme file: what compile decided, taken back as it is or edited.</summary>
public sealed class SchemeTests : IDisposable
{
    // The second layer takes differences of large numbers, and the data of the depthwise layer is never below zero.
    private const string Network = """
        graph @net(%data: f32[1, 4, 8, 8]) {
          @a: f32[8, 4, 1, 1] = random(1)
          @c: f32[8] = [4, 4, 4, 4, 4, 4, 4, 0.5]
          @g: f32[8, 1, 3, 3] = random(5)
          @w: f32[4, 8, 1, 1] = [1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1]
          @v: f32[4, 256] = random(3)
          %x = nn.conv2d(%data, @a, @c) {kernel = [1, 1]}
          %r = nn.relu(%x)
          %y = nn.conv2d(%r, @w) {kernel = [1, 1]}
          %d = nn.conv2d(%r, @g) {groups = 8, kernel = [3, 3], padding = [1, 1]}
          %e = nn.conv2d(%d, @w) {kernel = [1, 1]}
          %t = nn.tanh(%y)
          %s = nn.add(%t, %e)
          %f = nn.flatten(%s)
          %z = nn.dense(%f, @v)
          return %z
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Networks => ["mnist-dapp", "mnist-lenet", "mnist-mlp"];

    [Theory]
    [InlineData]
    [InlineData("--min-db", "60")]
    [InlineData("--min-db", "45", "--gas-budget", "1.6")]
    [InlineData("--input-precision", "7", "--output-precision", "12")]
    [InlineData("--passes", "calibrate,quantize{activations=per-tensor,table=9},round-shift,lower-cvm,align-outputs,bound-check")]
    public void What_was_decided_gives_the_same_files_without_data(params string[] more)
    {
        Compile("first", ["--random-data", "8", .. more]);
        string[] passes = more is ["--passes", var given] ? ["--passes", "apply-scheme," + given] : [];
        Compile("second", ["--scheme", _folder["first/model.scheme.json"], .. passes]);
        foreach (string name in (string[])["symbol", "params", "model.scheme.json", "model.io.json", "bounds.json", "model.cml"])
            Assert.Equal(File.ReadAllText(_folder[$"first/{name}"]), File.ReadAllText(_folder[$"second/{name}"]));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Trained_networks_come_out_of_their_schemes_again(string network)
    {
        string model = Repository.Path("golden", "models", network);
        Run(["compile", model, "-o", _folder["first"], "--data", Path.Combine(model, "calibration.npy"), "--scale", "1/255"]);
        Run(["compile", model, "-o", _folder["second"], "--scheme", _folder["first/model.scheme.json"]]);
        foreach (string name in (string[])["symbol", "params", "model.scheme.json", "model.io.json"])
            Assert.Equal(File.ReadAllBytes(_folder[$"first/{name}"]), File.ReadAllBytes(_folder[$"second/{name}"]));
    }

    [Fact]
    public void A_threshold_that_auto_chose_is_told_by_the_method_that_it_is_of()
    {
        string model = Repository.Path("golden", "models", "mnist-mlp");
        Run(["compile", model, "-o", _folder["auto"], "--data", Path.Combine(model, "calibration.npy"), "--scale", "1/255",
            "--passes", "default,calibrate{method=auto}@instead"]);
        string[] cutOff = [.. Lines("auto", "values").Select(v => v.GetProperty("reason").GetString()!).Where(r => r.Contains("would be"))];
        Assert.NotEmpty(cutOff);
        Assert.All(cutOff, reason => Assert.Matches(@"^(mse|percentile|entropy) of [\d,]+ numbers; absmax would be [\d.]+", reason));
    }

    [Fact]
    public void Layers_that_need_it_have_15_bits_or_centred_data_and_say_why()
    {
        Compile("good", ["--random-data", "8", "--min-db", "60"]);
        var layers = Lines("good", "layers");
        Assert.Equal(["x", "y", "d", "e", "z"], layers.Select(l => l.GetProperty("layer").GetString()));
        Assert.Contains(layers, l => l.GetProperty("data").GetInt32() == 15 || l.GetProperty("centred").GetBoolean());
        Assert.All(layers, l => Assert.Matches(
            @"^8 bits of its data leave (\d+\.\d dB|no noise), of its weights (\d+\.\d dB|no noise)(; .* for \d+\.\d % more gas)?$",
            l.GetProperty("reason").GetString()));
    }

    [Fact]
    public void A_value_that_is_edited_to_7_bits_has_them_and_nothing_else_changes()
    {
        Compile("first", ["--random-data", "8"]);
        string edited = Edit("\"value\": \"d\"", "\"bits\": 8", "\"bits\": 7");
        Compile("second", ["--scheme", edited]);
        Assert.Contains("precision = 7", Text("second"), StringComparison.Ordinal);
        Assert.DoesNotContain("precision = 7", Text("first"), StringComparison.Ordinal);
        string[] before = Scheme("first"), after = Scheme("second");
        // What was found out about rounding the integers of the layer in front no longer holds.
        string[] changes = [.. before.Zip(after).Where(l => l.First != l.Second).Select(l => l.Second)];
        string changed = Assert.Single(changes, l => !l.Contains("\"layer\": \"d\"", StringComparison.Ordinal));
        Assert.Contains(changes, l => l.Contains("\"rounding\": \"nearest\"", StringComparison.Ordinal));
        Assert.Contains("\"value\": \"d\", ", changed, StringComparison.Ordinal);
        Assert.Contains("\"bits\": 7, ", changed, StringComparison.Ordinal);
        Assert.Contains("\"reason\": \"given\"", changed, StringComparison.Ordinal);
        // And it stays so when the new file is taken back.
        Compile("third", ["--scheme", _folder["second/model.scheme.json"]]);
        Assert.Equal(after, Scheme("third"));
        Assert.Equal(File.ReadAllBytes(_folder["second/params"]), File.ReadAllBytes(_folder["third/params"]));
    }

    [Theory]
    [InlineData("\"layer\": \"e\"", "\"data\": 8", "\"data\": 15", "bits = [15, 8]")]
    [InlineData("\"layer\": \"e\"", "\"weights\": 8", "\"weights\": 15", "bits = [8, 15]")]
    [InlineData("\"layer\": \"d\"", "\"centred\": false", "\"centred\": true", "centred = 1")]
    public void A_layer_that_is_edited_is_quantized_so(string line, string was, string now, string attribute)
    {
        Compile("first", ["--random-data", "8"]);
        string edited = Edit(line, was, now);
        Run(["compile", Model, "-o", _folder["float"], "--scheme", edited, "--stop-after", "choose-widths"]);
        Assert.Contains(attribute, Text("float"), StringComparison.Ordinal);
        Compile("second", ["--scheme", edited]);
        string changed = Assert.Single(Scheme("second"), l => l.Contains("\"reason\": \"given\"", StringComparison.Ordinal));
        Assert.Contains(now, changed, StringComparison.Ordinal);
        Compile("third", ["--scheme", _folder["second/model.scheme.json"]]);
        foreach (string name in (string[])["symbol", "params", "model.scheme.json"])
            Assert.Equal(File.ReadAllBytes(_folder[$"second/{name}"]), File.ReadAllBytes(_folder[$"third/{name}"]));
    }

    [Fact]
    public void A_few_lines_are_followed_and_the_rest_is_measured()
    {
        Compile("first", ["--random-data", "8"]);
        using var whole = JsonDocument.Parse(File.ReadAllText(_folder["first/model.scheme.json"]));
        string few = _folder.Write("few.json", $$"""
            {
              "format": 1, "model": "{{whole.RootElement.GetProperty("model").GetString()}}",
              "values": [{"value": "s", "within": 100}], // reaches far
              "layers": [{"layer": "e", "weights": 15}],
            }
            """);
        Compile("second", ["--random-data", "8", "--scheme", few]);
        var differing = Scheme("first").Zip(Scheme("second")).Where(l => l.First != l.Second).Select(l => l.Second).ToList();
        Assert.Contains(differing, l => l.Contains("\"value\": \"s\", \"within\": 100, ", StringComparison.Ordinal));
        Assert.Contains(differing, l => l.Contains("\"layer\": \"e\", \"data\": 8, \"weights\": 15, ", StringComparison.Ordinal));
        Assert.All(differing, l => Assert.Contains("\"reason\": \"given\"", l, StringComparison.Ordinal));
    }

    [Fact]
    public void The_search_for_a_target_leaves_decided_layers_alone()
    {
        Compile("first", ["--random-data", "8"]);
        using var whole = JsonDocument.Parse(File.ReadAllText(_folder["first/model.scheme.json"]));
        string few = _folder.Write("few.json", $$"""
            {
              "format": 1, "model": "{{whole.RootElement.GetProperty("model").GetString()}}",
              "layers": [{"layer": "y"}, {"layer": "d"}]
            }
            """);
        Compile("second", ["--random-data", "8", "--min-db", "70", "--scheme", few]);
        var layers = Lines("second", "layers").ToDictionary(l => l.GetProperty("layer").GetString()!, StringComparer.Ordinal);
        Assert.All((string[])["y", "d"], name =>
            Assert.Equal((8, 8), (layers[name].GetProperty("data").GetInt32(), layers[name].GetProperty("weights").GetInt32())));
        Assert.Equal(15, layers["z"].GetProperty("weights").GetInt32());
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        Compile("first", ["--random-data", "8"]);
        string scheme = _folder.Write("bad.json", """
            {
              "format": 1, "model": "sha256:1",
              "values": [{"value": "rr"}, {"value": "y", "within": 1, "channels": [1, 1]}, {"value": "r", "centred": true}],
              "layers": [{"layer": "r"}, {"layer": "zz", "data": 15}]
            }
            """);
        var run = CliRun.Of("compile", Model, "-o", _folder["second"], "--scheme", scheme, "--random-data", "8");
        Assert.Equal(2, run.Exit);
        foreach (string told in (string[])
            [
                "error CML0571: the scheme is for model sha256:1, this one is sha256:", "the scheme gives %y 2 channels, it has 4",
                "the scheme decides about value 'rr': the network has none", "the scheme centres %r, which is no input",
                "the scheme decides about layer 'r', which is no product of two values, and no convolution or dense layer with constant weights: the network has none",
                "the scheme decides about layer 'zz': the network has none",
            ])
            Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["second"]));
    }

    [Theory]
    [InlineData("\"value\": \"r\"", "\"bits\": 8", "\"bits\": 12", "error CML0572: value %r cannot have 12 bits: what reads it takes 8")]
    [InlineData("\"value\": \"x\"", "\"within\"", "\"bits\": 7, \"within\"",
        "error CML0572: value %x cannot have 7 bits: all that reads it hands it on")]
    [InlineData("\"layer\": \"z\"", "\"centred\": false", "\"centred\": true", "error CML0572: layer %z: its data cannot be centred")]
    public void What_nothing_can_hold_is_refused(string line, string was, string now, string told)
    {
        Compile("first", ["--random-data", "8"]);
        var run = CliRun.Of("compile", Model, "-o", _folder["second"], "--scheme", Edit(line, was, now));
        Assert.Equal(2, run.Exit);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scheme_that_lacks_thresholds_needs_data()
    {
        Compile("first", ["--random-data", "8"]);
        string text = string.Join('\n', Scheme("first").Where(l => !l.Contains("\"value\": \"s\"", StringComparison.Ordinal)));
        var run = CliRun.Of("compile", Model, "-o", _folder["second"], "--scheme", _folder.Write("lacking.json", text));
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0550: the scheme has no threshold for %s\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_person_decided_is_reproduced_too()
    {
        Compile("first", ["--random-data", "8"]);
        string data = _folder["data.npy"];
        NpyWriter.Write(data, Tensor.Create(Shape.Of(2, 4, 8, 8), [.. Enumerable.Range(0, 512).Select(i => MathF.Sin(i))]));
        Compile("second", ["--data", data, "--scheme", Edit("\"layer\": \"e\"", "\"data\": 8", "\"data\": 15")]);
        string given = string.Join('\n', Scheme("second").Where(l =>
            !l.Contains("\"mark\"", StringComparison.Ordinal) || l.Contains("\"given\"", StringComparison.Ordinal)));
        Compile("third", ["--data", data, "--scheme", _folder.Write("given.json", given)]);
        var run = CliRun.Of("reproduce", _folder["third"], "--model", Model, "--data", data);
        Assert.True(run.Exit == 0, run.Output + run.Error);
        Assert.Contains("model.scheme.json: the same bytes", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_that_takes_no_scheme_has_no_use_for_one()
    {
        Compile("first", ["--random-data", "8"]);
        var run = CliRun.Of("compile", Model, "-o", _folder["second"], "--scheme", _folder["first/model.scheme.json"], "--random-data", "8",
            "--passes", "calibrate,quantize,round-shift,lower-cvm,bound-check");
        Assert.Equal(2, run.Exit);
        Assert.Contains(
            "error CML0935: --scheme has no effect: the pipeline has no pass apply-scheme", run.Error, StringComparison.Ordinal);
    }

    private string Model => _folder.Write("net.cml", Network);

    private void Compile(string to, string[] more) => Run(["compile", Model, "-o", _folder[to], .. more]);

    private static void Run(string[] words)
    {
        var run = CliRun.Of(words);
        Assert.True(run.Exit == 0, run.Error);
    }

    private string Text(string folder) => File.ReadAllText(_folder[$"{folder}/model.cml"]);

    private string[] Scheme(string folder) => File.ReadAllLines(_folder[$"{folder}/model.scheme.json"]);

    private List<JsonElement> Lines(string folder, string list)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(_folder[$"{folder}/model.scheme.json"]));
        return [.. document.RootElement.GetProperty(list).EnumerateArray().Select(e => e.Clone())];
    }

    /// <summary>The first scheme with one word of one line changed.</summary>
    private string Edit(string line, string was, string now)
    {
        string[] lines = Scheme("first");
        int at = Array.FindIndex(lines, l => l.Contains(line, StringComparison.Ordinal));
        Assert.Contains(was, lines[at], StringComparison.Ordinal);
        lines[at] = lines[at].Replace(was, now, StringComparison.Ordinal);
        return _folder.Write("edited.json", string.Join('\n', lines));
    }
}
