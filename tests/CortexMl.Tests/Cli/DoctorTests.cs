using System.Text.Json;
using CortexMl.Evaluating;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>A network that names the third of an image's brightness: it is right on 0..1 alone.</summary>
public sealed class DoctorTests : IDisposable
{
    // scores of x in 0..1: 0, 6x - 2, 12x - 6  ⇒  class 0 below 1/3, 1 between, 2 above 2/3
    private const string Thirds = """
        graph @thirds(%data: f32[1, 1, 2, 2]) -> f32[1, 3] {
          @w: f32[3, 4] = [0, 0, 0, 0, 1.5, 1.5, 1.5, 1.5, 3, 3, 3, 3]
          @b: f32[3] = [0, -2, -6]
          %flat = nn.flatten(%data) : f32[1, 4]
          %fc = nn.dense(%flat, @w, @b) : f32[1, 3]
          return %fc
        }

        """;

    private readonly TinyModel _tiny = new(Thirds);
    private readonly string _data;

    public DoctorTests()
    {
        var images = new byte[60 * 4];
        for (int i = 0; i < images.Length; i++) images[i] = (byte)(Label(i / 4) * 85 + 20 + i / 4 % 40);
        _data = _tiny.WriteNpy("thirds.npy", Tensor.Create(Shape.Of(60, 2, 2), images));
    }

    public void Dispose() => _tiny.Dispose();

    private static int Label(int sample) => sample % 3;

    private string Labels(Func<int, int> label) =>
        _tiny.Folder.Write("l.txt", string.Join('\n', Enumerable.Range(0, 60).Select(i => label(Label(i)))));

    private JsonElement Doctor(string labels, params string[] options) =>
        JsonDocument.Parse(CliRun.Of(["doctor", _tiny.Model, "--data", _data, "--labels", labels, "--json", .. options]).Output)
            .RootElement;

    [Theory]
    [InlineData("")]
    [InlineData("--scale 1/255 --mean 0.5 --std 0.5")]
    [InlineData("--scale 1/255 --invert")]
    [InlineData("--scale 1/65025")]
    public void A_wrong_preparation_is_told_with_the_right_options(string options)
    {
        var report = Doctor(Labels(l => l), options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("--scale 1/255", report.GetProperty("best").GetProperty("options").GetString());
        Assert.Equal(1, report.GetProperty("best").GetProperty("top1").GetDouble());
        Assert.True(report.GetProperty("given").GetProperty("top1").GetDouble() < 0.7);
        Assert.Contains("pass --scale 1/255", report.GetProperty("verdict").GetString());
    }

    [Fact]
    public void The_right_preparation_is_told_to_fit()
    {
        var report = Doctor(Labels(l => l), "--scale", "1/255");
        Assert.Equal("what was given fits: 100.0 %; nothing that was tried is better for sure", report.GetProperty("verdict").GetString());
    }

    [Fact]
    public void Permuted_classes_are_told_with_their_order()
    {
        var best = Doctor(Labels(l => l == 0 ? 0 : 3 - l), "--scale", "1/255").GetProperty("best");
        Assert.Equal("classes in another order: 1 is 2, 2 is 1", best.GetProperty("labels").GetString());
    }

    [Fact]
    public void Eval_of_a_network_whose_classes_are_numbered_otherwise_points_at_the_doctor()
    {
        var run = CliRun.Of("eval", _tiny.Model, "--data", _data, "--labels", Labels(l => l == 0 ? 0 : 3 - l), "--scale", "1/255");
        Assert.Contains(
            "warning CML0949: the float network 'tiny' names the right class of 33.3 % of 60 samples; it would be 100.0 % if", run.Error);
        Assert.Contains("cortexml doctor", run.Error);
        Assert.DoesNotContain(
            "CML0949", CliRun.Of("eval", _tiny.Model, "--data", _data, "--labels", Labels(l => l), "--scale", "1/255").Error);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(6)]
    public void Of_classes_that_take_turns_all_are_tried(int limit)
    {
        var report = Doctor(Labels(l => l), "--scale", "1/65025", "--limit", $"{limit}");
        Assert.Equal(limit, report.GetProperty("samples").GetInt32());
        Assert.Equal("--scale 1/255", report.GetProperty("best").GetProperty("options").GetString());
        Assert.False(report.GetProperty("best").TryGetProperty("labels", out _));
    }

    [Fact]
    public void One_class_for_everything_is_no_reading_of_labels()
    {
        var pairs = Enumerable.Range(0, 60).Select(i => (Label: i < 45 ? 1 : 2, Said: 0)).ToList();
        Assert.Equal(0.75, LabelMatching.LargestShare(pairs));
        // 45 of 60 have class 1, all are black: what always says 0 is right by a shift of the labels.
        string black = _tiny.WriteNpy("black.npy", Tensor.Zeros<byte>(Shape.Of(60, 2, 2)));
        string labels = _tiny.Folder.Write("l.txt", string.Concat(pairs.Select(p => $"{p.Label}\n")));
        var run = CliRun.Of("doctor", _tiny.Model, "--data", black, "--labels", labels, "--scale", "1/255", "--json");
        var findings = JsonDocument.Parse(run.Output).RootElement.GetProperty("findings").EnumerateArray();
        Assert.All(findings, f => Assert.False(f.TryGetProperty("labels", out _)));
    }

    [Fact]
    public void Of_preparations_that_are_as_good_the_nearest_to_the_given_one_wins()
    {
        // The brighter of two pixels: any scale and mean will do, an inverted image will not.
        string model = _tiny.Folder.Write("brighter.cml", """
            graph @brighter(%data: f32[1, 1, 1, 2]) -> f32[1, 2] {
              @w: f32[2, 2] = [1, 0, 0, 1]
              %flat = nn.flatten(%data) : f32[1, 2]
              %fc = nn.dense(%flat, @w) : f32[1, 2]
              return %fc
            }

            """);
        byte[] pixels = [.. Enumerable.Range(0, 60).SelectMany(i => i % 2 == 0 ? new byte[] { 250, (byte)i } : [(byte)i, 200])];
        string data = _tiny.WriteNpy("pairs.npy", Tensor.Create(Shape.Of(60, 1, 2), pixels));
        string labels = _tiny.Folder.Write("l.txt", string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 2}\n")));
        var run = CliRun.Of("doctor", model, "--data", data, "--labels", labels, "--invert", "--scale", "1/255", "--json");
        var report = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("--scale 1/255", report.GetProperty("best").GetProperty("options").GetString());
        Assert.StartsWith(
            "as given, inverted fits best: 100.0 % where what was given finds 0.0 %; pass --scale 1/255 (hardly told apart from it: ",
            report.GetProperty("verdict").GetString());
    }

    [Fact]
    public void Samples_of_one_class_tell_nothing()
    {
        var run = CliRun.Of("doctor", _tiny.Model, "--data", _data, "--labels", Labels(_ => 1));
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0927: all 60 samples have the label 1: whatever always says that seems right", run.Error);
    }

    [Fact]
    public void Labels_that_rank_the_names_of_the_class_list_are_told()
    {
        // dark, mid, bright = 0, 1, 2; in the alphabet bright, dark, mid = 0, 1, 2
        string list = _tiny.Folder.Write("names.txt", "dark\nmid\nbright\n");
        var best = Doctor(Labels(l => (l + 1) % 3), "--scale", "1/255", "--classes", list).GetProperty("best");
        Assert.Equal("labels are ranks of the names of 'names.txt' in the alphabet", best.GetProperty("labels").GetString());
    }

    [Fact]
    public void Labels_are_needed()
    {
        var run = CliRun.Of("doctor", _tiny.Model, "--data", _data);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0927: there are no labels to compare with", run.Error);
    }

    [Fact]
    public void Three_standard_errors_above_chance_are_guessing() => Assert.Equal(0.19, AccuracyDoubts.Guessing(10, 100), 3);
}
