using System.Text.Json;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>What eval tells class by class, and the samples that it saves where models differ.</summary>
public sealed class DifferencesTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public DifferencesTests() => Assert.Equal(0, _tiny.Compile("--input-precision", "2", "--output-precision", "2").Exit);

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Samples_of_which_models_name_different_classes_are_saved()
    {
        string folder = _tiny.Folder["differing"];
        var run = CliRun.Of(["eval", _tiny.Model, _tiny.Out, .. Data(), "--labels", _tiny.Labels, "--differences", folder, "--json"]);
        Assert.Equal(0, run.Exit);
        int differing = 6 - (int)Math.Round(6 * JsonDocument.Parse(run.Output).RootElement.GetProperty("agreement").GetDouble());
        string[] table = File.ReadAllLines(Path.Combine(folder, "differences.csv"));
        Assert.Equal("index,sample,label,float,integer", table[0]);
        Assert.InRange(differing, 1, 5);
        Assert.Equal(differing, table.Length - 1);
        Assert.All(table.Skip(1), line => Assert.NotEqual(line.Split(',')[3], line.Split(',')[4]));
        Assert.Equal(differing, Directory.GetFiles(folder, "*.png").Length);
        string samples = Path.Combine(folder, "samples.npy"), labels = Path.Combine(folder, "labels.txt");
        var again = CliRun.Of("eval", _tiny.Model, _tiny.Out, "--data", samples, "--labels", labels, "--scale", "1/255", "--json");
        var result = JsonDocument.Parse(again.Output).RootElement;
        Assert.Equal((differing, 0), (result.GetProperty("count").GetInt32(), result.GetProperty("agreement").GetDouble()));
    }

    [Fact]
    public void Classes_and_what_they_are_taken_for_are_told()
    {
        string[] words = ["eval", _tiny.Model, _tiny.Out, .. Data(), "--labels", _tiny.Labels];
        var result = JsonDocument.Parse(CliRun.Of([.. words, "--json"]).Output).RootElement;
        var classes = result.GetProperty("classes").EnumerateArray().ToList();
        Assert.Equal([(0, 2), (1, 2), (2, 2)], classes.Select(c => (c.GetProperty("class").GetInt32(), c.GetProperty("samples")
            .GetInt32())));
        var confusion = result.GetProperty("confusion").EnumerateArray().ToList();
        for (int model = 0; model < 2; model++)
        {
            double top1 = result.GetProperty("results")[model].GetProperty("top1").GetDouble();
            int wrong = confusion.Sum(c => c.GetProperty("samples")[model].GetInt32());
            Assert.Equal(6 - (int)Math.Round(6 * top1), wrong);
        }
        Assert.Contains("taken for", CliRun.Of(words).Error);
    }

    [Fact]
    public void Differences_need_several_models_that_name_classes()
    {
        foreach (string[] models in (string[][])[[_tiny.Model], [_tiny.Model, _tiny.Out, "--metric", "db"]])
        {
            var run = CliRun.Of(["eval", .. models, .. Data(), "--differences", _tiny.Folder["x"]]);
            Assert.Equal(2, run.Exit);
            Assert.Contains("error CML0940: --differences is about classes that several models name", run.Error);
            Assert.False(Directory.Exists(_tiny.Folder["x"]));
        }
    }

    [Fact]
    public void Several_images_run_in_one_call()
    {
        string Image(string name) =>
            _tiny.Folder.Write(name, [.. "P5 4 4 255 "u8, .. Enumerable.Range(0, 16).Select(i => (byte)(i * name[0]))]);
        string[] images = [Image("a.pgm"), Image("b.pgm"), Image("c.pgm")];
        Assert.Equal(4, CliRun.Of(["run", _tiny.Out, .. images]).Output.TrimEnd('\n').Split('\n').Length);
        string[] lines = CliRun.Of("run", _tiny.Out, images[2], _tiny.Folder["?.pgm"]).Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["c.pgm", "a.pgm", "b.pgm", "c.pgm"], lines.Skip(1).Select(l => l.Split(',')[0]));
        Assert.Contains("one of them says what is run", CliRun.Of("run", _tiny.Out, images[0], "--data", images[1]).Error);
        Assert.Contains("is no image: several files are images", CliRun.Of("run", _tiny.Out, images[0], _tiny.Labels).Error);
    }

    [Fact]
    public void Progress_is_told_in_lines_where_it_is_asked_for()
    {
        string[] words = ["eval", _tiny.Model, .. Data(), "--labels", _tiny.Labels];
        Assert.DoesNotContain("100 %", CliRun.Of(words).Error.Split("╭")[0]);
        string told = CliRun.Of([.. words, "--progress", "plain"]).Error;
        Assert.Contains("run tiny: 100 % (6 of 6)\n", told);
        Assert.Contains("error CML0940: --progress 'loud': ", CliRun.Of([.. words, "--progress", "loud"]).Error);
    }

    [Fact]
    public void Calibrate_says_what_it_found_and_what_to_do_next()
    {
        string file = _tiny.Folder["c.json"];
        string told = CliRun.Of(["calibrate", _tiny.Model, .. Data(), "-o", file]).Error;
        Assert.Contains("thresholds by mse on data.npy", told);
        Assert.EndsWith($"next: cortexml compile {_tiny.Model} -o out --calibration {file}\n", told);
    }

    private string[] Data() => ["--data", _tiny.Data, "--scale", "1/255"];
}
