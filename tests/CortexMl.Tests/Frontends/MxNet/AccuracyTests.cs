using System.Collections.Immutable;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Engines.Float;
using CortexMl.Float;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>
/// An imported network computes what it was trained for: only then are strides, paddings, defaults and parameters where they belong.
/// </summary>
public class AccuracyTests
{
    private const int Images = 400;

    private static readonly ImmutableArray<double> CifarMean = [0.4914, 0.4822, 0.4465], CifarStd = [0.2023, 0.1994, 0.2010];

    [SkippableTheory]
    [InlineData("mnist-lenet/mnist-lenet-0-symbol.json", 0.97)]
    [InlineData("mnist-gluon/mnist-symbol.json", 0.97)]
    [InlineData("lenet-weberlo/lenet-symbol.json", 0.9)]
    public void Mnist_networks_keep_their_accuracy(string symbol, double least) =>
        Assert.InRange(Top1(symbol, Idx("mnist", Preprocessing.None with { Scale = 1.0 / 255 })), least, 1);

    [SkippableFact]
    public void The_fashion_network_keeps_its_accuracy() =>
        Assert.InRange(Top1("fashion-mnist-gluon/fashion-mnist-symbol.json",
            Idx("fashion-mnist", Preprocessing.None with { Scale = 1.0 / 255, Mean = [0.1307], Std = [0.3081] })), 0.87, 1);

    [SkippableTheory]
    [InlineData("cifar_resnet20_v1/cifar_resnet20_v1-symbol.json")]
    [InlineData("cifar_resnet20_v2/cifar_resnet20_v2-symbol.json")]
    public void Residual_networks_keep_their_accuracy(string symbol)
    {
        var preprocessing = Preprocessing.None with { Scale = 1.0 / 255, Mean = CifarMean, Std = CifarStd };
        var data = new DataOptions(Data("cifar10", "test_2000.bin.gz")) { Limit = Images, Preprocessing = preprocessing };
        Assert.InRange(Top1(symbol, data), 0.85, 1);
    }

    [SkippableFact]
    public void The_same_network_as_MXNet_and_as_ONNX_gives_the_same_numbers()
    {
        string path = Samples.Path("mlnet-tiny/model-symbol.json");
        var graph = MxNetImporter.Import(path, ModelFiles.ParamsBeside(path));
        using var imported = new FloatEvaluator(FloatOptions.Calibration).Prepare(graph, graph.Outputs);
        byte[] onnx = File.ReadAllBytes(Samples.Path("mlnet-tiny/model.onnx"));
        using var twin = new FloatSession(onnx, ["data"], ["hybridsequential0_dense2_fwd"], FloatOptions.Calibration);
        var random = new Random(1);
        for (int i = 0; i < 20; i++)
        {
            Tensor<float>[] input =
                [Tensor.Create(Shape.Of(1, 4), Enumerable.Range(0, 4).Select(_ => random.NextSingle() * 4 - 2).ToArray())];
            Assert.Equal(twin.Run(input)[0].Data[0], imported.Run(input)[0].Data[0], 1e-5f);
        }
    }

    private static DataOptions Idx(string folder, Preprocessing preprocessing) => new(Data(folder, "t10k-images-idx3-ubyte.gz"))
    {
        Labels = Data(folder, "t10k-labels-idx1-ubyte.gz"),
        Limit = Images,
        Preprocessing = preprocessing,
    };

    private static string Data(string folder, string file)
    {
        string path = Repository.Path("..", "shared", "data", folder, file);
        Skip.IfNot(File.Exists(path), $"../shared/data/{folder}/{file} is not there");
        return path;
    }

    private static double Top1(string symbol, DataOptions data)
    {
        string path = Samples.Path(symbol);
        var shape = symbol.StartsWith("cifar", StringComparison.Ordinal) ? Shape.Of(1, 3, 32, 32) : Shape.Of(1, 1, 28, 28);
        var graph = MxNetImporter.Import(path, ModelFiles.ParamsBeside(path),
            new ImportOptions { InputShapes = new Dictionary<string, Shape> { ["data"] = shape } });
        using var session = new FloatEvaluator(FloatOptions.Calibration).Prepare(graph, graph.Outputs);
        int right = 0, count = 0;
        foreach (var sample in SampleSource.Open(data, [.. graph.Inputs.Select(i => (i.Name!, i.Type.Shape))]).Read())
        {
            float[] scores = session.Run(sample.Inputs)[0].Data;
            if (Array.IndexOf(scores, scores.Max()) == sample.Label) right++;
            count++;
        }
        return (double)right / count;
    }
}
