using System.Text.Json;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary><c>--metric</c> of eval and compile: values, labels, and what is wrong with them.</summary>
public sealed class MetricCommandTests : IDisposable
{
    private const string Maps = """
        graph @maps(%data: f32[1, 1, 4, 4]) {
          @w: f32[2, 1, 1, 1] = [1, -1]
          @b: f32[2] = [-0.5, 0.5]
          %y = nn.conv2d(%data, @w, @b) {kernel = [1, 1]}
          return %y
        }
        """;

    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Theory]
    [InlineData("top5", 1.0)]
    [InlineData("agreement", 1.0)]
    public void Beside_classes(string metric, double expected)
    {
        var json = Compiled(metric, "--labels", _tiny.Labels);
        Assert.Equal(expected, Last(json).GetProperty("value").GetDouble());
        Assert.Equal(JsonValueKind.Number, json.GetProperty("results")[0].GetProperty("top1").ValueKind);
    }

    [Theory]
    [InlineData("db", "dB", 25)]
    [InlineData("cosine", "", 0.99)]
    [InlineData("mae", "", 0)]
    public void Against_the_float_network(string metric, string unit, double least)
    {
        var json = Compiled(metric);
        Assert.Equal(unit, json.GetProperty("metric").GetProperty("unit").GetString());
        Assert.Equal("the float network", json.GetProperty("metric").GetProperty("against").GetString());
        Assert.InRange(Last(json).GetProperty("value").GetDouble(), least, 100);
        Assert.False(json.GetProperty("results")[0].TryGetProperty("top1", out _));
    }

    [Fact]
    public void A_compilation_reports_it()
    {
        var run = _tiny.Compile("--test", _tiny.Data, "--labels", _tiny.Labels, "--metric", "agreement");
        Assert.Equal(0, run.Exit);
        Assert.Matches("│ integer agreement +│ 100.00 % ", run.Error);
        var report = JsonDocument.Parse(File.ReadAllText(_tiny.Folder["out/report.json"])).RootElement;
        Assert.Equal("agreement", report.GetProperty("accuracy").GetProperty("metric").GetProperty("name").GetString());
    }

    [Fact]
    public void Identities_may_be_any_numbers()
    {
        string labels = _tiny.Folder.Write("who.txt", "70\n71\n72\n70\n71\n72\n");
        var json = Compiled("verification", "--labels", labels);
        Assert.InRange(Last(json).GetProperty("value").GetDouble(), 0.5, 1);
        Assert.Equal("equal error", Last(json).GetProperty("figures")[0].GetProperty("name").GetString());
        Assert.Equal("labels", json.GetProperty("metric").GetProperty("against").GetString());
    }

    [Theory]
    [InlineData("1,2,3\n1,2,3\n1 2 3\n1;2;3\n1\t2\t3\n1,2,3\n")]
    [InlineData("age,height,weight\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n")]
    public void Numbers_in_text(string text)
    {
        var json = Compiled("mae", "--labels", _tiny.Folder.Write("numbers.csv", text));
        Assert.InRange(Last(json).GetProperty("value").GetDouble(), 0.5, 5);
        Assert.InRange(json.GetProperty("metric").GetProperty("drop").GetDouble(), -0.1, 0.1);
    }

    [Fact]
    public void Numbers_as_an_array()
    {
        string labels = _tiny.WriteNpy("numbers.npy", Tensor.Create(Shape.Of(6, 1, 3), new double[18]));
        Assert.InRange(Last(Compiled("mae", "--labels", labels)).GetProperty("value").GetDouble(), 0.01, 5);
    }

    // The first class where a pixel is above 127.
    [Fact]
    public void Maps_of_arrays_and_of_images()
    {
        using var maps = new TinyModel(Maps);
        byte[] pixels = ((Tensor<byte>)NpyReader.Read(maps.Data)).Data;
        byte[] classes = [.. pixels.Select(p => (byte)(p > 127 ? 0 : 1))];
        string array = maps.WriteNpy("maps.npy", Tensor.Create(Shape.Of(6, 4, 4), classes));
        for (int i = 0; i < 6; i++)
            maps.Folder.Write($"maps/{i}.pgm", [.. "P5 4 4 255\n"u8, .. classes.AsSpan(i * 16, 16)]);
        foreach (string labels in new[] { array, maps.Folder["maps"] })
        {
            var run = CliRun.Of(
                "eval", maps.Model, "--data", maps.Data, "--scale", "1/255", "--metric", "miou", "--labels", labels, "--json");
            Assert.True(run.Exit == 0, run.Error);
            Assert.Equal(1, Last(JsonDocument.Parse(run.Output).RootElement).GetProperty("value").GetDouble());
        }
    }

    [Fact]
    public void A_table_has_its_figures()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        var run = CliRun.Of("eval", _tiny.Model, _tiny.Out, "--data", _tiny.Data, "--scale", "1/255", "--metric", "cosine");
        Assert.Matches("│ model +│ level +│ engine +│ cosine +│ worst +│", run.Error);
        Assert.Matches(@"cosine against the float network, drop \d", run.Error);
        Assert.DoesNotContain("top-1", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("top5", null, "CML0975: the metric top5 needs the class of every sample")]
    [InlineData("verification", null, "CML0975: the metric verification needs the identity of every sample")]
    [InlineData("verification", "0\n1\n2\n3\n4\n5\n", "CML0975: there is no pair of samples with the same label")]
    [InlineData("mae", "1,2,3\n1,2,3\n", "CML0975: there are 6 samples, but only 2 labels")]
    [InlineData("mae", "1,2\n1,2\n1,2\n1,2\n1,2\n1,2\n", "CML0975: label 0 is [2], output 'fc' of 'tiny' wants [1, 3]")]
    [InlineData("mae", "1,2,3\n1,x,3\n", "CML0975: 'x' is no number")]
    [InlineData("miou", "0\n", "CML0976: the metric miou does not fit 'tiny', whose first output 'fc' is [1, 3]")]
    [InlineData("boxes", null, "CML0976: how the outputs of 'tiny' are boxes is not known: [1, 3]")]
    [InlineData("tops", null, "CML0940: --metric 'tops': agreement, boxes, cosine, db, mae, miou, top1, top5 or verification is needed")]
    public void What_does_not_fit_is_told(string metric, string? labels, string told)
    {
        string[] more = labels is null ? [] : ["--labels", _tiny.Folder.Write("l.txt", labels)];
        var run = CliRun.Of(["eval", _tiny.Model, "--data", _tiny.Data, "--scale", "1/255", "--metric", metric, .. more]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "CML0975: label 0 is [3, 3], output 'y' of 'tiny' wants [4, 4]")]
    [InlineData(4, "CML0975: label 0 holds 2 at pixel 15, but 'tiny' has 2 classes (0 to 1)")]
    public void Maps_that_do_not_fit_are_told(int size, string told)
    {
        using var maps = new TinyModel(Maps);
        byte[] classes = new byte[6 * size * size];
        classes[size * size - 1] = 2;
        string labels = maps.WriteNpy("maps.npy", Tensor.Create(Shape.Of(6, size, size), classes));
        var run = CliRun.Of("eval", maps.Model, "--data", maps.Data, "--metric", "miou", "--labels", labels);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Coloured_maps_are_refused()
    {
        using var maps = new TinyModel(Maps);
        for (int i = 0; i < 6; i++)
            maps.Folder.Write($"maps/{i}.ppm", [.. "P6 4 4 255\n"u8, .. Enumerable.Range(0, 48).Select(k => (byte)k)]);
        var run = CliRun.Of("eval", maps.Model, "--data", maps.Data, "--metric", "miou", "--labels", maps.Folder["maps"]);
        Assert.Contains("CML0975: the image has colours", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Integers_alone_have_nothing_to_compare_with()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        var run = CliRun.Of("eval", _tiny.Out, "--data", _tiny.Data, "--metric", "db");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0976: the metric db compares with the float network: there is none", run.Error, StringComparison.Ordinal);
        Assert.Contains("help: pass it too: cortexml eval net.onnx out", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_nobody_looks_at_are_told()
    {
        var run = CliRun.Of("eval", _tiny.Model, "--data", _tiny.Data, "--metric", "db", "--labels", _tiny.Labels);
        Assert.Contains("warning CML0975: --labels: the metric db compares with the float network", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_needs_a_test()
    {
        var run = _tiny.Compile("--metric", "db");
        Assert.Equal(2, run.Exit);
        Assert.Contains("--metric is measured on --test", run.Error, StringComparison.Ordinal);
    }

    private JsonElement Compiled(string metric, params string[] more)
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        var run = CliRun.Of(
            ["eval", _tiny.Model, _tiny.Out, "--data", _tiny.Data, "--scale", "1/255", "--metric", metric, "--json", .. more]);
        Assert.True(run.Exit == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static JsonElement Last(JsonElement evaluation) =>
        evaluation.GetProperty("metric").GetProperty("results").EnumerateArray().Last();
}
