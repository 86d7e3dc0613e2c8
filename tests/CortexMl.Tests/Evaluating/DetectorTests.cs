using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Tests.Frontends.MxNet;
using CortexMl.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace CortexMl.Tests.Evaluating;

/// <summary>
/// Detectors of MXNet from their input to the boxes behind suppression, with seeded weights: what the integers find is what the float
/// network finds. Scores of such weights are close to each other, so that at the last of 100 places another box may stand.
/// </summary>
public sealed class DetectorTests(ITestOutputHelper output) : IDisposable
{
    private const int Places = 100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Yolo3_finds_the_boxes_of_the_float_network()
    {
        var (symbol, parameters) = DetectorFiles.Yolo(_folder, classes: 5);
        var (real, integer) = Run(symbol, parameters, Shape.Of(1, 3, 128, 128), new CompileOptions { RandomSamples = 4, MinDecibels = 60 });
        Agree(real, integer, 97);
    }

    [SkippableFact]
    public void Ssd_finds_the_boxes_of_the_float_network()
    {
        string symbol = Path.Combine(SharedData.Folder("mxnet", "symbols-only"), "djl-ssd_512_resnet50_v1-symbol.json");
        var (real, integer) = Run(symbol, _folder.Write("ssd.params", DetectorFiles.SsdAnchors()), Shape.Of(1, 3, 64, 64),
            new CompileOptions { RandomSamples = 2, Skip = ["choose-widths", "measure-layers"] });
        Agree(real, integer, 88);
    }

    // One output of rows (class, score, corners in shares of 64 pixels), all at one scale.
    [Fact]
    public void The_first_form_of_ssd_finds_the_boxes_of_the_float_network()
    {
        var (real, integer) = Run(DetectorFiles.Ssd(_folder, classes: 3), null, Shape.Of(1, 3, 64, 64),
            new CompileOptions { RandomSamples = 4, OutputPrecision = 20 });
        foreach (var (expected, found) in real.Results.Zip(integer.Results))
        {
            List<ScoredBox> wanted = Rows(real.Model, expected), left = Rows(integer.Model, found);
            int near = wanted.Count(box => left.FindIndex(b => IsNear(b, box)) is >= 0 and var at && Taken(left, at));
            output.WriteLine($"{near} of {wanted.Count} boxes are within a pixel, {left.Count} are left");
            Assert.InRange(wanted.Count, 20, 192);
            Assert.True(near >= 0.95 * wanted.Count, $"{near} of {wanted.Count} boxes are within a pixel");
            Assert.True(left.Count <= 0.05 * wanted.Count, $"{left.Count} boxes are invented");
        }

        static List<ScoredBox> Rows(Model model, SampleResult result) =>
        [
            .. LastSteps.OwnReals(model.Outputs[0], result.Outputs[0]).Chunk(6).Where(row => row[0] > -0.5)
                .Select((row, i) => new ScoredBox(
                    i, (int)Math.Round(row[0]), row[1], 64 * row[2], 64 * row[3], 64 * row[4], 64 * row[5])),
        ];
    }

    [Fact]
    public void What_a_detector_returns_is_told()
    {
        var (symbol, parameters) = DetectorFiles.Yolo(_folder, classes: 3);
        var (_, integer) = Run(symbol, parameters, Shape.Of(1, 3, 64, 64),
            new CompileOptions { RandomSamples = 1, Skip = ["choose-widths", "measure-layers"] });
        var model = integer.Model;
        Assert.Equal("detection", model.Io!.Postprocess);
        Assert.Equal("detection", model.Cvm!.Postprocess);
        Assert.Equal([Shape.Of(100, 1), Shape.Of(100, 1), Shape.Of(100, 4)], model.Graph.Outputs.Select(o => o.Type.Shape));
        // Numbers of classes are whole numbers on the chain, too.
        Assert.Equal(1, model.Outputs[0].Scale);
        Assert.All(integer.Results, r => Assert.All(((Tensor<int>)r.Outputs[0]).Data, id => Assert.InRange(id, -1, 2)));
    }

    private static (ModelRun Real, ModelRun Integer) Run(string symbol, string? parameters, Shape input, CompileOptions options)
    {
        var model = ModelLoader.Load(symbol, new ModelOptions
        {
            Params = parameters, RandomParamsSeed = 3, InputShapes = new Dictionary<string, Shape> { ["data"] = input },
        });
        var samples = new RandomSamples([input], 2, seed: 9);
        var compiled = Compiler.Compile(model, options).Model;
        return (Of(model), Of(compiled));

        ModelRun Of(Model which) => Batch.Run(which, samples, new RunOptions(), NoProgress.Instance);
    }

    /// <summary>Of the boxes on each sample at least so many are within a pixel of one of the same class.</summary>
    private void Agree(ModelRun real, ModelRun integer, int least)
    {
        foreach (var (expected, found) in real.Results.Zip(integer.Results))
        {
            List<ScoredBox> wanted = Boxes(real.Model, expected), left = Boxes(integer.Model, found);
            Assert.Equal(wanted.Count, left.Count);
            int near = wanted.Count(box => left.FindIndex(b => IsNear(b, box)) is >= 0 and var at && Taken(left, at));
            output.WriteLine($"{near} of {wanted.Count} boxes are within a pixel");
            Assert.Equal(Places, wanted.Count);
            Assert.True(near >= least, $"{near} of {wanted.Count} boxes are within a pixel, at least {least} should be");
        }
    }

    private static bool Taken(List<ScoredBox> boxes, int at)
    {
        boxes.RemoveAt(at);
        return true;
    }

    private static bool IsNear(ScoredBox a, ScoredBox b) => a.Class == b.Class && Math.Abs(a.Left - b.Left) <= 1
        && Math.Abs(a.Top - b.Top) <= 1 && Math.Abs(a.Right - b.Right) <= 1 && Math.Abs(a.Bottom - b.Bottom) <= 1;

    private static List<ScoredBox> Boxes(Model model, SampleResult result)
    {
        float[][] reals = [.. model.Outputs.Select((port, k) => LastSteps.OwnReals(port, result.Outputs[k]))];
        return [.. Enumerable.Range(0, Places).Where(i => reals[0][i] > -0.5).Select(i => new ScoredBox(
            i, (int)Math.Round(reals[0][i]), reals[1][i], reals[2][4 * i], reals[2][4 * i + 1], reals[2][4 * i + 2], reals[2][4 * i + 3]))];
    }
}
