using System.Globalization;
using System.Text.Json;
using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Loading;
using CortexMl.Numerics;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary><c>compile --target-drop</c>: the fewest choices with which the metric does not drop by more.</summary>
public sealed class TargetDropTests : IDisposable
{
    // Differences of large numbers: their rounding decides which class is the largest.
    private const string Network = """
        graph @net(%data: f32[1, 4, 2, 2]) {
          @a: f32[8, 4, 1, 1] = random(1)
          @c: f32[8] = [9, 9, 9, 9, 9, 9, 9, 9]
          @w: f32[4, 8, 1, 1] = [1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1]
          @v: f32[6, 16] = random(3)
          %x = nn.conv2d(%data, @a, @c) {kernel = [1, 1]}
          %r = nn.relu(%x)
          %y = nn.conv2d(%r, @w) {kernel = [1, 1]}
          %f = nn.flatten(%y)
          %z = nn.dense(%f, @v)
          return %z
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public TargetDropTests()
    {
        _folder.Write("net.cml", Network);
        Write("data.npy", 32, 1);
        Write("test.npy", 400, 2);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_drop_of_all_points_needs_nothing()
    {
        var report = Compile("any", "100");
        Assert.Empty(Search(report).GetProperty("choices").EnumerateArray());
        Assert.Single(Search(report).GetProperty("tried").EnumerateArray());
        Assert.Contains("choices=0", report.GetProperty("pipeline").GetString(), StringComparison.Ordinal);
        // No layer is told to see more than 8 bits.
        Assert.DoesNotContain("CML0537", Run("again", "100").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_drop_needs_the_fewest_choices_that_reach_it()
    {
        var all = Compile("any", "100");
        double before = Search(all).GetProperty("drop").GetDouble();
        Assert.True(before > 1, $"{before}");
        var some = Compile("some", "1");
        Assert.True(Search(some).GetProperty("isReached").GetBoolean());
        Assert.InRange(Search(some).GetProperty("drop").GetDouble(), 0, 1);
        int taken = Search(some).GetProperty("choices").GetArrayLength();
        Assert.True(taken > 0);
        var tried = Search(some).GetProperty("tried").EnumerateArray().ToDictionary(
            t => t.GetProperty("choices").GetInt32(), t => t.GetProperty("drop").GetDouble());
        Assert.True(tried.Count <= 6, $"{tried.Count}");
        // One less was measured, and is not enough.
        Assert.True(tried[taken - 1] > 1);
        Assert.Equal(before, tried[0]);
        Assert.True(some.GetProperty("gas").GetInt64() > all.GetProperty("gas").GetInt64());
    }

    [Fact]
    public void What_is_not_reached_is_told_and_costs_no_more_than_helps()
    {
        var run = Run("out", "0", "--gas-budget", "1");
        Assert.Equal(0, run.Exit);
        Assert.Matches(@"warning CML0977: agreement drops by [\d.]+ points on 400 test samples, more than the 0 points of --target-drop",
            run.Error);
        Assert.Contains("--target-drop; as many bits as the gas budget allows do not change that", run.Error, StringComparison.Ordinal);
        Assert.Matches("│ integer agreement +│", run.Error);
    }

    [Fact]
    public void Warnings_in_front_of_an_error_are_told()
    {
        var run = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["out"], "--random-data", "4", "--test", _folder["test.npy"],
            "--target-drop", "1", "--metric", "agreement", "--passes", "default,-lower-cvm");
        Assert.Equal(2, run.Exit);
        Assert.Contains("calibrating on RANDOM inputs", run.Error, StringComparison.Ordinal);
        Assert.Contains("error CML0904: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_of_the_samples_that_chose_are_no_test()
    {
        var other = Run("other", "100");
        Assert.Contains("note CML0978: bits were chosen by what these 400 samples say: their figures are no independent test", other.Error,
            StringComparison.Ordinal);
        var same = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["same"], "--data", _folder["test.npy"],
            "--test", _folder["test.npy"], "--target-drop", "100", "--metric", "agreement");
        Assert.Contains("what these 400 samples say, which also calibrated it: their figures", same.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Decibels_may_be_wanted_too()
    {
        var both = Compile("both", "100", "--min-db", "45");
        double least = both.GetProperty("noise").EnumerateArray()
            .Where(n => n.TryGetProperty("output", out var name) && name.ValueKind == JsonValueKind.String)
            .Min(n => n.GetProperty("noiseRatio").GetDouble());
        Assert.InRange(least, 45, 80);
        Assert.NotEmpty(Search(both).GetProperty("choices").EnumerateArray());
    }

    [Fact]
    public void The_table_tells_what_each_choice_bought()
    {
        string told = Run("some", "1").Error;
        Assert.Matches("│ choices +│ drop +│ noisiest output +│ gas +│ bytes +│", told);
        Assert.Matches("│ layer +│ sees +│ more gas +│ then expected +│", told);
    }

    [Fact]
    public void The_calibration_file_alone_gives_the_same_files_and_so_does_reproduce()
    {
        var report = Compile("data", "1");
        var run = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["file"], "--calibration", _folder["data/model.calibration.json"],
            "--passes", report.GetProperty("pipeline").GetString()!);
        Assert.Equal(0, run.Exit);
        foreach (string name in new[] { "symbol", "params", "model.calibration.json" })
            Assert.Equal(File.ReadAllBytes(_folder[$"data/{name}"]), File.ReadAllBytes(_folder[$"file/{name}"]));
        var again = CliRun.Of("reproduce", _folder["data"], "--model", _folder["net.cml"], "--data", _folder["data.npy"]);
        Assert.True(again.Exit == 0, again.Output + again.Error);
        Compile("twice", "1");
        Assert.Equal(File.ReadAllBytes(_folder["data/report.json"]), File.ReadAllBytes(_folder["twice/report.json"]));
    }

    [Fact]
    public void Strictly_a_target_that_is_not_reached_is_an_error()
    {
        var run = Run("out", "0", "--gas-budget", "1", "--strict");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0977: agreement drops by ", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out/symbol"]));
    }

    [Fact]
    public void Strictly_attempts_that_fall_short_are_no_errors()
    {
        var run = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["out"], "--data", _folder["data.npy"],
            "--test", _folder["test.npy"], "--target-drop", "100", "--metric", "cosine", "--min-db", "45", "--strict");
        Assert.True(run.Exit == 0, run.Error);
        Assert.DoesNotContain("CML0970", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(20.0, null)]
    [InlineData(null, 100.0)]
    public void Strictly_what_was_told_before_is_an_error_too(double? decibels, double? drop)
    {
        var told = new DiagnosticBag();
        told.Warning("CML0000", "told while the network was read");
        var options = new CompileOptions
        {
            Data = new DataOptions(_folder["data.npy"]), Test = new DataOptions(_folder["test.npy"]), Metric = MetricTable.Of("cosine"),
            MinDecibels = decibels, TargetDrop = drop, IsStrict = true,
        };
        var refused = Assert.Throws<DiagnosticException>(() => Compiler.Compile(ModelLoader.Load(_folder["net.cml"]), options, told));
        Assert.Contains(refused.Diagnostics, d => d is { Code: "CML0000", Severity: Severity.Error });
    }

    [Theory]
    [InlineData("101", "agreement", "--target-drop 101: ")]
    [InlineData("-1", "agreement", "--target-drop -1: a number from 0 is needed")]
    [InlineData("1", "db", "CML0976: decibels do not drop: the float network has no noise")]
    [InlineData("1", "top1", "CML0975: the metric top1 needs the class of every sample")]
    public void Mistakes_are_told(string drop, string metric, string told)
    {
        var run = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["out"], "--data", _folder["data.npy"],
            "--test", _folder["test.npy"], "--target-drop", drop, "--metric", metric);
        Assert.Equal(2, run.Exit);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_drop_is_measured_on_a_test()
    {
        var run = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["out"], "--data", _folder["data.npy"], "--target-drop", "1");
        Assert.Equal(2, run.Exit);
        Assert.Contains("--target-drop is measured on --test", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_that_does_not_choose_has_no_use_for_it()
    {
        var run = Run("out", "1", "--passes", "check-forms,calibrate,quantize");
        Assert.Contains("error CML0935: --target-drop has no effect: the pipeline has no pass choose-widths", run.Error,
            StringComparison.Ordinal);
    }

    private static JsonElement Search(JsonElement report) => report.GetProperty("search");

    private JsonElement Compile(string to, string drop, params string[] more)
    {
        var run = Run(to, drop, more);
        Assert.True(run.Exit == 0, run.Error);
        return JsonDocument.Parse(File.ReadAllText(_folder[$"{to}/report.json"])).RootElement;
    }

    private CliRun Run(string to, string drop, params string[] more) => CliRun.Of(["compile", _folder["net.cml"], "-o", _folder[to],
        "--data", _folder["data.npy"], "--test", _folder["test.npy"], "--target-drop", drop, "--metric", "agreement", .. more]);

    private void Write(string name, int count, int seed)
    {
        var random = new SplitMix64(seed);
        var numbers = new float[count * 16];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = (float)(2 * random.NextUnit() - 1);
        NpyWriter.Write(_folder[name], Tensor.Create(Shape.Of(count, 4, 2, 2), numbers));
    }
}
