using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Engines.Float;
using CortexMl.Float;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Tensors;
using CortexMl.Tests.Frontends.MxNet;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

/// <summary>Networks that others trained, from their MXNet files through the exporter and ONNX Runtime.</summary>
public class RealNetworkTests
{
    private static readonly Preprocessing Cifar =
        new() { Scale = 1 / 255.0, Mean = [0.4914, 0.4822, 0.4465], Std = [0.2023, 0.1994, 0.2010] };

    [SkippableTheory]
    [InlineData("cifar_resnet20_v1", 1809)]
    [InlineData("cifar_resnet20_v2", 1807)]
    public void Float_network_classifies_as_many_images_as_its_authors_say(string name, int expected)
    {
        var graph = Import(name);
        using var session = new FloatEvaluator(FloatOptions.Evaluation).Prepare(graph, graph.Outputs);
        int correct = Images(graph, "test_2000.bin.gz", 2000).Read().Count(s => ArgMax(session.Run(s.Inputs)[0].Data) == s.Label);
        Assert.InRange(correct, expected - 1, expected + 1);
    }

    [SkippableFact]
    public void Calibration_of_a_prepared_network_is_repeated_from_its_file()
    {
        Graph measured = Import("cifar_resnet20_v1"), read = Import("cifar_resnet20_v1");
        var services = Compile(
            measured, new PassServices { Samples = Images(measured, "train_2000.bin.gz", 4), FloatEvaluator = FloatEvaluator.Calibration });
        var given = new PassServices();
        given.Given.Set(new GivenCalibration("resnet.calibration.json", services.Results.Get<CalibrationFile>()!));
        Compile(read, given);
        var values = CortexMl.Passes.Calibrate.Measurement.Values(measured);
        Assert.All(values, v => Assert.True(v.Type.Threshold > 0));
        Assert.Equal(values.Select(v => v.Type), CortexMl.Passes.Calibrate.Measurement.Values(read).Select(v => v.Type));
    }

    private static PassServices Compile(Graph graph, PassServices services)
    {
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse(DefaultPipeline.Prepare + ",calibrate"), services);
        return services;
    }

    private static Graph Import(string name)
    {
        string folder = Samples.Path(name);
        return MxNetImporter.Import(
            Path.Combine(folder, $"{name}-symbol.json"), Path.Combine(folder, $"{name}-0000.params"),
            ImportOptions.Default with { InputShapes = new Dictionary<string, Shape> { ["data"] = Shape.Of(1, 3, 32, 32) } });
    }

    private static SampleSource Images(Graph graph, string file, int count) =>
        SampleSource.Open(
            new DataOptions(Samples.Path(Path.Combine("..", "cifar10", file))) { Preprocessing = Cifar, Limit = count },
            [.. graph.Inputs.Select(i => (i.Name!, i.Type.Shape))]);

    private static int ArgMax(float[] scores) => Array.IndexOf(scores, scores.Max());
}
