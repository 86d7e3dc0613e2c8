using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Evaluating.Metrics;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Evaluating;

/// <summary>Metrics of networks that others trained, on pictures.</summary>
public sealed class SharedMetricTests
{
    private static readonly Preprocessing s_faces = new() { Mean = [127], Std = [128] };

    // The one network returns corners, the other what they are computed from.
    [SkippableFact]
    public void Offsets_from_anchors_are_the_corners_of_the_same_network()
    {
        string picture = Path.Combine(SharedData.Folder("images"), "faces_320x240.ppm"), folder = SharedData.Folder("onnx", "ultraface");
        var corners = Run(Path.Combine(folder, "version-RFB-320.onnx"));
        var offsets = Run(Path.Combine(folder, "version-RFB-320_without_postprocessing.onnx"));
        IReadOnlyList<Box> expected = Found(corners), found = Found(offsets);
        Assert.InRange(expected.Count, 40, 60);
        Assert.Equal(expected.Count, found.Count);
        Assert.Equal(expected.Count, BoxMatching.Kept(expected, found));
        Assert.All(expected.Zip(found), pair => Assert.InRange(pair.First.Overlap(pair.Second), 0.99, 1.01));

        ModelRun Run(string path)
        {
            var model = ModelLoader.Load(path);
            var samples = SampleSource.Open(new(picture) { Preprocessing = s_faces }, model.Inputs);
            return Batch.Run(model, samples, new RunOptions(), NoProgress.Instance);
        }

        static IReadOnlyList<Box> Found(ModelRun run)
        {
            var outputs = run.Results[0].Outputs.Select(o => o.ToFloat().Data).ToList();
            var shapes = run.Model.Outputs.Select(o => Shape.Of(o.Shape)).ToList();
            return BoxMatching.Best(BoxFormat.Fitting(new(run.Model.Name, run.Model.Inputs[0].Shape, shapes, outputs))(outputs, 0.5));
        }
    }

    [SkippableTheory]
    [InlineData("ultraface_slim", "boxes", 0.95)]
    public void Integers_keep_what_floats_find(string network, string metric, double least)
    {
        string picture = Path.Combine(SharedData.Folder("images"), "faces_320x240.ppm");
        var model = ModelLoader.Load(Path.Combine(SharedData.Folder("onnx-wild"), $"{network}.onnx"));
        var data = new DataOptions(picture) { Preprocessing = s_faces };
        var result = Compiler.Compile(model, new CompileOptions
        {
            Data = data, Preprocessing = s_faces, Test = data, Metric = MetricTable.Of(metric),
        });
        var report = result.Report!.Accuracy!.Metric!;
        Assert.InRange(report.Results[^1].Value!.Value, least, 1);
        Assert.InRange(report.Results[^1].Figures[0].Value!.Value, 40, 60);
        Assert.Equal(1, report.Results[0].Value);
    }
}
