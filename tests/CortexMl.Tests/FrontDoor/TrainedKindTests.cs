using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Evaluating.Metrics;
using CortexMl.Loading;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

/// <summary>Trained networks of the kinds that people bring: their integers, made without any option, beside the float network.</summary>
public sealed class TrainedKindTests
{
    private static readonly Preprocessing s_pixels = new() { Scale = 1 / 255.0 };

    [Theory]
    [InlineData("mnist-lstm")]
    [InlineData("mnist-bilstm")]
    [InlineData("mnist-encoder")]
    public void A_classifier_of_digits_names_the_same_classes(string name)
    {
        string data = Repository.Path("golden", "models", "mnist-mlp", "calibration.npy");
        string test = Repository.Path("golden", "models", "mnist-mlp", "test-images.npy");
        Assert.InRange(Agreement(name, data, test, s_pixels), 0.99, 1);
    }

    [Fact]
    public void A_classifier_of_words_names_the_same_topics()
    {
        string folder = Repository.Path("golden", "models", "words");
        Assert.InRange(
            Agreement("words", Path.Combine(folder, "data.npy"), Path.Combine(folder, "test.npy"), Preprocessing.None), 0.99, 1);
    }

    [Fact]
    public void An_image_is_cleaned_alike()
    {
        string folder = Repository.Path("golden", "models", "mnist-unet");
        Assert.InRange(
            Measured("mnist-unet", "db", Path.Combine(folder, "data.npy"), Path.Combine(folder, "test.npy"), s_pixels, 8), 30, 100);
    }

    private static double Agreement(string name, string data, string test, Preprocessing preprocessing) =>
        Measured(name, "agreement", data, test, preprocessing, 100);

    private static double Measured(string name, string metric, string data, string test, Preprocessing preprocessing, int limit)
    {
        var report = Compiler.Compile(ModelLoader.Load(Repository.Path("golden", "models", name, $"{name}.onnx")), new CompileOptions
        {
            Data = new DataOptions(data) { Limit = 16 },
            Test = new DataOptions(test) { Limit = limit },
            Preprocessing = preprocessing,
            Metric = MetricTable.Given(metric),
        }).Report!;
        return report.Accuracy!.Metric!.Results[^1].Value!.Value;
    }
}
