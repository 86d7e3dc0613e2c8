using System.Text.Json;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>A folder is compiled once more from its network and data: the same bytes, or the first thing that differs.</summary>
public sealed class ReproduceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model, _data, _out;

    public ReproduceTests()
    {
        (_model, _data, _out) = (_folder["net.cml"], _folder["data.npy"], _folder["out"]);
        File.WriteAllText(_model, Network("0.5"));
        NpyWriter.Write(_data, Tensor.Create(Shape.Of(4, 1, 3), [.. Enumerable.Range(0, 12).Select(i => (byte)(20 * i))]));
        string[] options = ["--data", _data, "--scale", "1/255", "--samples", "3", "--input-precision", "7"];
        Assert.Equal(0, CliRun.Of(["compile", _model, "-o", _out, .. options]).Exit);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_folder_tells_passes_preparation_and_samples()
    {
        var run = Reproduce();
        Assert.True(run.Exit == 0, run.Output + run.Error);
        string[] files = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.All(files, line => Assert.EndsWith(": the same bytes", line, StringComparison.Ordinal));
        Assert.Contains("symbol: the same bytes", files);
        Assert.Contains("model.calibration.json: the same bytes", files);
    }

    [Fact]
    public void The_stored_preparation_is_told_and_can_be_left_out()
    {
        Assert.Contains("note CML0810: preparation: --scale 1/255, stored with the model\n", Reproduce().Error, StringComparison.Ordinal);
        var run = Reproduce("--no-stored-prep");
        Assert.Equal(1, run.Exit);
        Assert.Contains("model.calibration.json: value 'x' has threshold ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_samples_is_seen_in_the_thresholds()
    {
        var run = Reproduce("--samples", "2", "--json");
        Assert.Equal(1, run.Exit);
        var files = JsonDocument.Parse(run.Output).RootElement.GetProperty("files").EnumerateArray().ToArray();
        var file = Array.Find(files, f => f.GetProperty("name").GetString() == "model.calibration.json");
        Assert.StartsWith("value 'x' has threshold ", file.GetProperty("difference").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_weights_are_told_with_the_element()
    {
        File.WriteAllText(_model, Network("0.25"));
        var run = Reproduce();
        Assert.Equal(1, run.Exit);
        Assert.Matches("params: element 1 of parameter '[^']+' is -?\\d+, compiled again -?\\d+", run.Output);
    }

    [Fact]
    public void A_folder_that_does_not_tell_how_it_was_compiled_is_refused()
    {
        var run = CliRun.Of("reproduce", Repository.Path("golden", "cvm"), "--model", _model, "--data", _data);
        Assert.Equal(2, run.Exit);
        File.Delete(Path.Combine(_out, "report.json"));
        File.Delete(Path.Combine(_out, "model.manifest.json"));
        run = Reproduce();
        Assert.Equal(2, run.Exit);
        Assert.Contains("the folder does not say how it was compiled", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "the file cannot be read: ")]
    [InlineData("{\"pipeline\": 3}", "it does not tell the pipeline")]
    [InlineData("[]", "it does not tell the pipeline")]
    public void A_report_that_does_not_tell_the_pipeline_is_refused(string report, string message)
    {
        File.WriteAllText(Path.Combine(_out, "report.json"), report);
        var run = Reproduce("--accept-edited");
        Assert.Equal(2, run.Exit);
        Assert.Contains($"error CML0925: {message}", run.Error, StringComparison.Ordinal);
    }

    private CliRun Reproduce(params string[] more) => CliRun.Of(["reproduce", _out, "--model", _model, "--data", _data, .. more]);

    private static string Network(string weight) => $$"""
        graph @net(%x: f32[1, 3]) {
          @w: f32[2, 3] = [1, {{weight}}, 0.75, -1, 0.125, 0.5]
          @b: f32[2] = [0.5, -0.25]
          %y = nn.dense(%x, @w, @b)
          return %y
        }
        """;
}
