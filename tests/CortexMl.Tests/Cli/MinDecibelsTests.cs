using System.Text.Json;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Layers of 15 bits, chosen by what 8 bits cost at the outputs.</summary>
public sealed class MinDecibelsTests : IDisposable
{
    // The second layer takes differences of large numbers: their rounding is all that is left.
    private const string Network = """
        graph @net(%data: f32[1, 4, 8, 8]) {
          @a: f32[8, 4, 1, 1] = random(1)
          @c: f32[8] = [4, 4, 4, 4, 4, 4, 4, 4]
          @w: f32[4, 8, 1, 1] = [1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1]
          @v: f32[4, 4, 1, 1] = random(3)
          %x = nn.conv2d(%data, @a, @c) {kernel = [1, 1]}
          %r = nn.relu(%x)
          %y = nn.conv2d(%r, @w) {kernel = [1, 1]}
          %z = nn.conv2d(%y, @v) {kernel = [1, 1]}
          return %z
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_target_is_reached_and_its_price_told()
    {
        var (plain, _) = Compile("plain");
        var (good, told) = Compile("good", "--min-db", "40");
        Assert.True(plain.Decibels < 38, $"{plain.Decibels}");
        Assert.InRange(good.Decibels, 40, 60);
        Assert.InRange(good.Gas, plain.Gas + 1, 3 * plain.Gas);
        Assert.Matches(@"note CML0537: \d layers? sees? 15 bits, for \d+\.\d % more gas: the noisiest output is expected at \d+\.\d dB",
            told);
        Assert.DoesNotContain("CML0970", told, StringComparison.Ordinal);
    }

    // What is expected leaves out the input and the last rounding: a search that believes it would end below.
    [Theory]
    [InlineData(39)]
    [InlineData(41)]
    [InlineData(43)]
    public void A_target_that_can_be_reached_is(int target)
    {
        var (found, told) = Compile($"target{target}", "--min-db", $"{target}");
        Assert.InRange(found.Decibels, target, 70);
        Assert.DoesNotContain("CML0970", told, StringComparison.Ordinal);
    }

    // The first attempt ends at 42.1 dB.
    [Fact]
    public void Strictly_what_is_reached_in_the_end_is_no_error()
    {
        var run = Strictly(43);
        Assert.True(run.Exit == 0, run.Error);
        Assert.DoesNotContain("CML0970", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Strictly_what_cannot_be_reached_is_an_error()
    {
        var run = Strictly(80);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0970: output 'z', ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1 + 1, run.Error.Split("CML0970: output 'z', ").Length);
        Assert.False(File.Exists(_folder["out/symbol"]));
    }

    [Fact]
    public void What_cannot_be_reached_is_told()
    {
        var (best, told) = Compile("best", "--min-db", "80");
        Assert.InRange(best.Decibels, 40, 79);
        Assert.Contains("warning CML0970: output 'z', ", told, StringComparison.Ordinal);
        Assert.Contains(" dB (cosine 1.00), does not reach the 80 dB of --min-db", told, StringComparison.Ordinal);
    }

    [Fact]
    public void The_gas_is_a_bound()
    {
        var (plain, _) = Compile("plain", "--gas-budget", "1");
        var (some, _) = Compile("some", "--min-db", "80", "--gas-budget", "1.5");
        Assert.InRange(some.Gas, plain.Gas + 1, 1.6 * plain.Gas);
        Assert.True(some.Decibels > plain.Decibels);
    }

    [Fact]
    public void The_calibration_file_alone_gives_the_same_files()
    {
        Compile("data", "--min-db", "34");
        var run = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["file"], "--calibration", _folder["data/model.calibration.json"],
            "--passes", JsonDocument.Parse(File.ReadAllText(_folder["data/report.json"])).RootElement.GetProperty("pipeline").GetString()!);
        Assert.Equal(0, run.Exit);
        foreach (string name in new[] { "symbol", "params", "model.calibration.json" })
            Assert.Equal(File.ReadAllBytes(_folder[$"data/{name}"]), File.ReadAllBytes(_folder[$"file/{name}"]));
    }

    [Theory]
    [InlineData("--min-db", "90", "--min-db 90")]
    [InlineData("--gas-budget", "0.5", "--gas-budget 0.5")]
    public void Numbers_out_of_range_are_refused(string option, string value, string told)
    {
        var run = Run("out", option, value);
        Assert.Equal(2, run.Exit);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_that_does_not_choose_has_no_use_for_a_target()
    {
        var run = Run("out", "--min-db", "40", "--passes", "check-forms,calibrate,quantize");
        Assert.Equal(2, run.Exit);
        Assert.Contains(
            "error CML0935: --min-db has no effect: the pipeline has no pass choose-widths", run.Error, StringComparison.Ordinal);
    }

    // Together they leave 33.1 dB.
    [Fact]
    public void What_8_bits_reach_everywhere_is_enough()
    {
        var (_, told) = Compile("out", "--min-db", "32");
        Assert.DoesNotContain("CML0537", told, StringComparison.Ordinal);
        Assert.Contains("enough: 8 bits everywhere leave 33.1 dB", File.ReadAllText(_folder["out/model.scheme.json"]));
    }

    [Fact]
    public void That_nothing_can_be_chosen_is_not_told_as_a_choice()
    {
        string model = _folder.Write("dear.cml", """
            graph @dear(%data: f32[1, 4]) {
              @a: f32[8, 4] = random(1)
              @w: f32[4, 8] = random(2)
              %x = nn.dense(%data, @a)
              %y = nn.dense(%x, @w)
              return %y
            }
            """);
        var run = CliRun.Of(
            "compile", model, "-o", _folder["out"], "--random-data", "8", "--min-db", "80", "--gas-budget", "1");
        Assert.True(run.Exit == 0, run.Error);
        Assert.DoesNotContain("CML0537", run.Error, StringComparison.Ordinal);
        Assert.Contains("8 bits of its data leave 4", File.ReadAllText(_folder["out/model.scheme.json"]));
    }

    [Fact]
    public void Of_weights_that_are_computed_nothing_is_chosen_and_quantize_refuses_them()
    {
        string model = _folder.Write("computed.cml", """
            graph @computed(%x: f32[1, 2, 4, 4], %y: f32[3, 2, 3, 3]) -> f32[1, 3, 2, 2] {
              @a: f32[2, 2, 1, 1] = random(1)
              %w = nn.relu(%y)
              %c = nn.conv2d(%x, @a) {kernel = [1, 1]}
              %z = nn.conv2d(%c, %w) {kernel = [3, 3]}
              return %z
            }
            """);
        var run = CliRun.Of("compile", model, "-o", _folder["out"], "--random-data", "8", "--min-db", "60", "--passes",
            "default,-check-forms");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0531: nn.conv2d: weights and bias must be constants (once: %z)", run.Error, StringComparison.Ordinal);
    }

    private ((double Decibels, double Gas) Result, string Told) Compile(string to, params string[] more)
    {
        var run = Run(to, more);
        Assert.True(run.Exit == 0, run.Error);
        var report = JsonDocument.Parse(File.ReadAllText(_folder[$"{to}/report.json"])).RootElement;
        double decibels = report.GetProperty("noise").EnumerateArray()
            .Where(n => n.TryGetProperty("output", out var name) && name.ValueKind == JsonValueKind.String)
            .Min(n => n.GetProperty("noiseRatio").GetDouble());
        return ((decibels, report.GetProperty("gas").GetInt64()), run.Error);
    }

    private CliRun Strictly(int target)
    {
        var random = new Random(1);
        NpyWriter.Write(_folder["data.npy"], Tensor.Create(
            Shape.Of(16, 4, 8, 8), [.. Enumerable.Range(0, 16 * 256).Select(_ => 2 * random.NextSingle() - 1)]));
        return CliRun.Of("compile", _folder.Write("net.cml", Network), "-o", _folder["out"], "--data", _folder["data.npy"],
            "--min-db", $"{target}", "--strict");
    }

    private CliRun Run(string to, params string[] more)
    {
        string model = _folder.Write("net.cml", Network);
        return CliRun.Of(["compile", model, "-o", _folder[to], "--random-data", "8", .. more]);
    }
}
