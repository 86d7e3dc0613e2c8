using System.Text.Json;
using CortexMl.Passes;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Lookup tables whose steps cost the outputs more than layers do.</summary>
public sealed class TableBitsTests : IDisposable
{
    // A sine of six turns on each side: 1,023 steps are coarse.
    private const string Network = """
        graph @net(%data: f32[1, 8, 24, 24]) {
          @turns: f32[1] = [40]
          @w: f32[32, 8, 3, 3] = random(1)
          %x = nn.mul(%data, @turns)
          %s = nn.sin(%x)
          %y = nn.conv2d(%s, @w) {kernel = [3, 3]}
          return %y
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void They_get_as_many_bits_as_the_target_takes()
    {
        var (usual, _) = Compile("usual", "--min-db", "30");
        var (finer, told) = Compile("finer", "--min-db", "36");
        var (finest, _) = Compile("finest", "--min-db", "50");
        Assert.Equal((10, 12, 14), (usual.Bits, finer.Bits, finest.Bits));
        Assert.True(usual.Decibels + 6 < finer.Decibels && finer.Decibels + 6 < finest.Decibels, $"{usual}, {finer}, {finest}");
        Assert.Contains("lookup tables have indices of 12 bits, for ", told, StringComparison.Ordinal);
    }

    [Fact]
    public void The_calibration_file_and_the_scheme_give_the_same_files()
    {
        Compile("data", "--min-db", "36");
        Compile("file", "--min-db", "36", "--calibration", _folder["data/model.calibration.json"]);
        Compile("scheme", "--scheme", _folder["data/model.scheme.json"]);
        foreach (string name in new[] { "symbol", "params" })
            foreach (string other in new[] { "file", "scheme" })
                Assert.Equal(File.ReadAllBytes(_folder[$"data/{name}"]), File.ReadAllBytes(_folder[$"{other}/{name}"]));
    }

    [Theory]
    [InlineData("quantize{table=11}", 11)]
    [InlineData("choose-widths{min-db=36,gas=16,tables=false}", 10)]
    public void Bits_that_were_given_stay(string step, int bits)
    {
        string name = step.Split('{')[0];
        var (given, _) = Compile("given", "--passes", DefaultPipeline.Text.Replace($",{name},", $",{step},", StringComparison.Ordinal));
        Assert.Equal(bits, given.Bits);
    }

    private ((int Bits, double Decibels) Result, string Told) Compile(string to, params string[] more)
    {
        string model = _folder.Write("net.cml", Network);
        string[] data = more.Contains("--calibration") ? [] : ["--random-data", "24"];
        var run = CliRun.Of(["compile", model, "-o", _folder[to], "--input-precision", "16", .. data, .. more]);
        Assert.True(run.Exit == 0, run.Error);
        var settings = JsonDocument.Parse(File.ReadAllText(_folder[$"{to}/model.scheme.json"])).RootElement.GetProperty("settings");
        var noise = JsonDocument.Parse(File.ReadAllText(_folder[$"{to}/report.json"])).RootElement.GetProperty("noise");
        double decibels = noise.EnumerateArray()
            .Where(n => n.TryGetProperty("output", out var name) && name.ValueKind == JsonValueKind.String)
            .Select(n => n.GetProperty("noiseRatio").GetDouble()).DefaultIfEmpty(0).Min();
        return ((settings.GetProperty("table").GetInt32(), decibels), run.Error);
    }
}
