using System.Text.Json;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Lines of a scheme about all values and layers that fit a pattern, and methods in place of thresholds.</summary>
public sealed class SchemePatternTests : IDisposable
{
    private const string Network = """
        graph @net(%data: f32[1, 4, 4, 4]) {
          @a: f32[4, 4, 1, 1] = random(1)
          @b: f32[4, 4, 1, 1] = random(2)
          @c: f32[4, 64] = random(3)
          %conv0 = nn.conv2d(%data, @a) {kernel = [1, 1]}
          %act0 = nn.relu(%conv0)
          %conv1 = nn.conv2d(%act0, @b) {kernel = [1, 1]}
          %act1 = nn.sigmoid(%conv1)
          %conv2 = nn.conv2d(%act1, @a) {kernel = [1, 1]}
          %act2 = nn.relu(%conv2)
          %f = nn.flatten(%act2)
          %out = nn.dense(%f, @c)
          return %out
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public SchemePatternTests()
    {
        var random = new Random(1);
        float[] data = [.. Enumerable.Range(0, 1024).Select(_ => random.NextSingle())];
        NpyWriter.Write(_folder["data.npy"], Tensor.Create(Shape.Of(16, 4, 4, 4), data));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pattern_decides_about_all_that_it_fits_and_the_reason_says_so()
    {
        Compile("out", """{"operator": "nn.relu", "bits": 7}, {"value": "conv?", "headroom": 1}, {"value": "out", "operator": "nn.*", "bits": 12}""");
        var lines = Values("out");
        Assert.Equal(9, lines.Count);
        Assert.Equal((7, "given by operator nn.relu"), (Bits(lines["act0"]), Reason(lines["act0"])));
        // What is only handed on has no bits of its own.
        Assert.False(lines["act2"].TryGetProperty("bits", out _));
        Assert.DoesNotContain("given", Reason(lines["act2"]), StringComparison.Ordinal);
        Assert.Equal((12, "given by operator nn.*, value out"), (Bits(lines["out"]), Reason(lines["out"])));
        Assert.Equal("given by value conv?", Reason(lines["conv1"]));
        Assert.All((string[])["data", "act1"], name => Assert.DoesNotContain("given", Reason(lines[name]), StringComparison.Ordinal));
    }

    [Fact]
    public void A_values_own_line_goes_first_and_a_later_pattern_before_an_earlier_one()
    {
        Compile("first", "");
        using var whole = JsonDocument.Parse(File.ReadAllText(_folder["first/model.scheme.json"]));
        Compile("out", """
            {"value": "act0", "bits": 5}, {"operator": "nn.relu", "bits": 7, "within": 4}, {"value": "act*", "bits": 6, "granularity": "per-tensor"}
            """, model: whole.RootElement.GetProperty("model").GetString());
        var lines = Values("out");
        Assert.Equal((5, 4, "given"), (Bits(lines["act0"]), Within(lines["act0"]), Reason(lines["act0"])));
        Assert.Equal((4, "given by operator nn.relu and value act*"), (Within(lines["act2"]), Reason(lines["act2"])));
        Assert.Equal((6, "given by value act*"), (Bits(lines["act1"]), Reason(lines["act1"])));
    }

    [Fact]
    public void Layers_have_patterns_too_beside_a_target()
    {
        Compile("out", "", """{"operator": "nn.conv2d", "weights": 15}, {"layer": "*2", "data": 15}""", more: ["--min-db", "60"]);
        using var scheme = JsonDocument.Parse(File.ReadAllText(_folder["out/model.scheme.json"]));
        var layers = scheme.RootElement.GetProperty("layers").EnumerateArray().ToDictionary(l => l.GetProperty("layer").GetString()!);
        Assert.Equal((8, 15, "given by operator nn.conv2d"), Form(layers["conv0"]));
        Assert.Equal((8, 15, "given by operator nn.conv2d"), Form(layers["conv1"]));
        Assert.Equal((15, 8, "given by layer *2"), Form(layers["conv2"]));
        Assert.DoesNotContain("given", Reason(layers["out"]), StringComparison.Ordinal);

        static (int, int, string) Form(JsonElement l) => (l.GetProperty("data").GetInt32(), l.GetProperty("weights").GetInt32(), Reason(l));
    }

    [Fact]
    public void What_patterns_decided_stands_in_the_new_file_and_is_reproduced()
    {
        Compile("out", """{"value": "act*", "bits": 7, "method": "percentile{percentile=90}"}""", more: ["--min-db", "40"]);
        var line = Values("out")["act0"];
        Assert.Equal("percentile{percentile=90}", line.GetProperty("method").GetString());
        Passes("compile", Model, "-o", _folder["again"], "--scheme", _folder["out/model.scheme.json"]);
        foreach (string name in (string[])["symbol", "params", "model.scheme.json"])
            Assert.Equal(File.ReadAllText(_folder[$"out/{name}"]), File.ReadAllText(_folder[$"again/{name}"]));
        Passes("reproduce", _folder["out"], "--model", Model, "--data", _folder["data.npy"]);
    }

    [Fact]
    public void A_method_chooses_the_threshold_of_its_values_alone()
    {
        Compile("usual", "");
        Compile("out", """{"value": "act0", "operator": "nn.relu", "method": "percentile{percentile=50}"}, {"value": "ou*", "method": "percentile"}""");
        var (usual, own) = (Values("usual"), Values("out"));
        Assert.True(Within(own["act0"]) < 0.75 * Within(usual["act0"]));
        // An output, too, where that is said.
        Assert.True(Within(own["out"]) <= Within(usual["out"]));
        Assert.Equal("percentile{percentile=99.99}", own["out"].GetProperty("method").GetString());
        Assert.All((string[])["data", "conv0", "act1", "act2"], name => Assert.Equal(Within(usual[name]), Within(own[name])));
    }

    [Fact]
    public void A_calibration_file_stands_for_data_only_where_it_has_the_method()
    {
        string scheme = Scheme("""{"operator": "nn.relu", "method": "entropy"}""");
        Compile("out", """{"operator": "nn.relu", "method": "entropy"}""");
        Passes("compile", Model, "-o", _folder["same"], "--scheme", scheme, "--calibration", _folder["out/model.calibration.json"]);
        Assert.Equal(Values("out").Select(v => v.Value.ToString()), Values("same").Select(v => v.Value.ToString()));
        Compile("usual", "");
        string other = _folder["usual/model.calibration.json"];
        var run = CliRun.Of("compile", Model, "-o", _folder["no"], "--scheme", scheme, "--calibration", other);
        Assert.Equal(2, run.Exit);
        foreach (string name in (string[])["act0", "act2"])
            Assert.Contains($"error CML0550: %{name} is to have its threshold by entropy; the calibration file has one by mse\n", run.Error,
                StringComparison.Ordinal);
        var none = CliRun.Of("compile", Model, "-o", _folder["no"], "--scheme", scheme);
        Assert.Contains("error CML0550: the scheme has no threshold for %data", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_with_patterns_is_told_at_once()
    {
        string scheme = Scheme("""
            {"operator": "nn.sigmoidd", "bits": 7}, {"value": "cnv1*", "bits": 7}, {"value": "act?", "bits": 7}, {"value": "*", "bits": 8},
            {"value": "data*", "method": "entropie"}, {"operator": "nn.relu", "value": "conv*", "within": 2}, {"operator": "nn.*", "centred": true}
            """, """{"layer": "act*", "data": 15}""");
        var run = CliRun.Of("compile", Model, "-o", _folder["out"], "--scheme", scheme, "--data", _folder["data.npy"]);
        Assert.Equal(2, run.Exit);
        foreach (string told in (string[])
            [
                "error CML0571: the scheme decides about operator nn.sigmoidd: the network has none\n",
                "did you mean 'nn.sigmoid'? it has nn.conv2d, nn.relu, nn.sigmoid, nn.reshape, nn.dense\n",
                "error CML0571: the scheme decides about value cnv1*: the network has none\n", "did you mean 'conv1'?\n",
                "error CML0571: the scheme's line decides nothing: other lines do of all that fits value act?\n",
                "error CML0571: 'method' of value data* is 'entropie': no calibration method is named 'entropie'; expected one of absmax",
                "error CML0571: the scheme decides about operator nn.relu, value conv*: the network has none\n",
                "error CML0571: the scheme centres %act0, which is no input\n",
                "error CML0571: the scheme decides about layer act*: the network has none\n",
            ])
            Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bits_of_what_is_all_handed_on_are_told()
    {
        string scheme = Scheme("""{"operator": "nn.reshape", "bits": 7}, {"value": "f", "operator": "*", "within": 3}""");
        var run = CliRun.Of("compile", Model, "-o", _folder["out"], "--scheme", scheme, "--data", _folder["data.npy"]);
        // A dense layer reads what is flattened; only of convolutions is nothing read.
        Assert.True(run.Exit == 0, run.Error);
        scheme = Scheme("""{"operator": "nn.conv2d", "value": "conv?", "bits": 7}, {"value": "conv0", "operator": "*", "bits": 7}""");
        run = CliRun.Of("compile", Model, "-o", _folder["out"], "--scheme", scheme, "--data", _folder["data.npy"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0572: the scheme's bits of operator *, value conv0: all that reads what it fits hands it on\n", run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Scales_of_channels_are_not_meant_for_what_no_layer_reads()
    {
        Compile("out", """{"value": "*", "granularity": "per-channel"}""");
        Assert.Equal("per-channel", Values("out")["act0"].GetProperty("granularity").GetString());
        Assert.False(Values("out")["out"].TryGetProperty("granularity", out _));
    }

    [Fact]
    public void A_target_does_not_widen_data_whose_bits_are_decided()
    {
        Compile("out", """{"value": "act*", "bits": 7}""", more: ["--min-db", "60", "--quiet"]);
        Assert.Equal((7, 7), (Bits(Values("out")["act0"]), Bits(Values("out")["act1"])));
    }

    [Fact]
    public void A_name_with_a_star_is_the_name_of_its_value()
    {
        string star = _folder.Write("star.cml", Network.Replace("%act0", "%\"act*\"", StringComparison.Ordinal));
        Passes("compile", star, "-o", _folder["first"], "--data", _folder["data.npy"]);
        Passes("compile", star, "-o", _folder["again"], "--scheme", _folder["first/model.scheme.json"]);
        Assert.Equal(File.ReadAllText(_folder["first/model.scheme.json"]), File.ReadAllText(_folder["again/model.scheme.json"]));
    }

    private string Model => _folder.Write("net.cml", Network);

    private string Scheme(string values, string layers = "", string? model = null) => _folder.Write("scheme.json",
        $$"""{"format": 1, {{(model is null ? "" : $"\"model\": \"{model}\", ")}}"values": [{{values}}], "layers": [{{layers}}]}""");

    private void Compile(string to, string values, string layers = "", string? model = null, params string[] more)
    {
        string[] scheme = values.Length + layers.Length > 0 ? ["--scheme", Scheme(values, layers, model)] : [];
        Passes(["compile", Model, "-o", _folder[to], "--data", _folder["data.npy"], .. scheme, .. more]);
    }

    private static void Passes(params string[] words)
    {
        var run = CliRun.Of(words);
        Assert.True(run.Exit == 0, run.Output + run.Error);
    }

    private Dictionary<string, JsonElement> Values(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(_folder[$"{folder}/model.scheme.json"]));
        return document.RootElement.GetProperty("values").EnumerateArray().Select(v => v.Clone())
            .ToDictionary(v => v.GetProperty("value").GetString()!, StringComparer.Ordinal);
    }

    private static int Bits(JsonElement line) => line.GetProperty("bits").GetInt32();

    private static double Within(JsonElement line) => line.GetProperty("within").GetDouble();

    private static string Reason(JsonElement line) => line.GetProperty("reason").GetString()!;
}
