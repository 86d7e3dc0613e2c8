using System.Text.Json;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Networks of others, given MNIST's bytes as they are; their authors document the preparation.</summary>
public sealed class DoctorSharedTests
{
    private const string MeanAndStd = "--scale 1/255 --mean 0.1307 --std 0.3081";

    [SkippableTheory]
    [InlineData("onnx/mnist-8/mnist-8.onnx", "", 0.97)]
    [InlineData("onnx/mnist-burn/mnist.onnx", MeanAndStd, 0.97)]
    [InlineData("onnx/mnist-k210/mnist_cnn.onnx", MeanAndStd, 0.93)]
    [InlineData("onnx/mnist-lept/mnist.onnx", MeanAndStd, 0.95)]
    [InlineData("mxnet/mnist-lenet", "", 0.97)]
    public void The_preparation_of_its_author_fits_best(string model, string options, double accuracy)
    {
        string digits = SharedData.Folder("mnist");
        string path = Path.Combine(SharedData.Folder(model.Split('/')[0]), Path.Combine(model.Split('/')[1..]));
        string images = Path.Combine(digits, "t10k-images-idx3-ubyte.gz"), labels = Path.Combine(digits, "t10k-labels-idx1-ubyte.gz");
        var run = CliRun.Of("doctor", path, "--data", images, "--labels", labels, "--json");
        Assert.Equal(0, run.Exit);
        var best = JsonDocument.Parse(run.Output).RootElement.GetProperty("best");
        Assert.Equal(options, best.GetProperty("options").GetString());
        Assert.True(best.GetProperty("top1").GetDouble() >= accuracy);
    }
}
