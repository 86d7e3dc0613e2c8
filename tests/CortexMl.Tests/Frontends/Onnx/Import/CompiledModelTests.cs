using System.Globalization;
using System.Text.Json;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>ONNX networks compiled with default options: the integers predict what the float network predicts.</summary>
public class CompiledModelTests
{
    private static readonly string[] Byte = ["--scale", "1/255"], Normal = [.. Byte, "--mean", "0.1307", "--std", "0.3081"];

    private static readonly string[] Cifar = [.. Byte, "--mean", "0.4914,0.4822,0.4465", "--std", "0.247,0.2435,0.2616"];

    [SkippableTheory]
    [InlineData("mnist-8/mnist-8.onnx", "raw")]
    [InlineData("mnist-8/mnist-rn.onnx", "raw")]
    [InlineData("mnist-8/opt-mnist-wonnx.onnx", "raw")]
    [InlineData("mnist-12/mnist-12.onnx", "raw")]
    [InlineData("mnist-burn/mnist.onnx", "normal")]
    [InlineData("mnist-deepeverest/mnist.onnx", "normal")]
    [InlineData("mnist-lept/mnist.onnx", "normal")]
    [InlineData("mnist-k210/mnist_cnn.onnx", "normal")]
    [InlineData("vnncomp/mnist-net_256x2.onnx", "byte")]
    [InlineData("vnncomp/ffnnSIGMOID__Point_6x200.onnx", "byte")]
    [InlineData("vnncomp/verivital_Convnet_avgpool.onnx", "byte")]
    [InlineData("vnncomp/verivital_Convnet_maxpool.onnx", "byte")]
    public void Digit_networks_agree(string model, string preparation)
    {
        string[] prep = preparation switch { "normal" => Normal, "byte" => Byte, _ => [] };
        string mnist = SharedData.Folder("mnist");
        var found = Compare(SampleModelTests.At(model), Path.Combine(mnist, "train-images-idx3-ubyte.gz"),
            Path.Combine(mnist, "t10k-images-idx3-ubyte.gz"), 500,
            [.. prep], ["--labels", Path.Combine(mnist, "t10k-labels-idx1-ubyte.gz")]);
        Assert.InRange(found.Agreement, 0.99, 1);
        Assert.InRange(found.Integer, found.Float - 0.006, 1);
        Assert.InRange(found.Integer, 0.94, 1);
    }

    [SkippableTheory]
    [InlineData("cifar10-resnet20/resnet20.onnx", 0.88)]
    [InlineData("vnncomp/cifar10_resnet_2b.onnx", 0.65)]
    public void Cifar_networks_agree(string model, double least)
    {
        string cifar = SharedData.Folder("cifar10");
        var found = Compare(
            SampleModelTests.At(model), Path.Combine(cifar, "train_2000.bin.gz"), Path.Combine(cifar, "test_2000.bin.gz"), 500, Cifar, []);
        Assert.InRange(found.Agreement, 0.98, 1);
        Assert.InRange(found.Integer, Math.Max(least, found.Float - 0.012), 1);
    }

    [Theory]
    [InlineData("mnist-dapp")]
    [InlineData("mnist-lenet")]
    [InlineData("mnist-mlp")]
    public void Twins_of_MXNet_models_agree(string name)
    {
        string folder = Repository.Path("golden", "models", name);
        var found = Compare(
            Path.Combine(folder, $"{name}.onnx"), Path.Combine(folder, "calibration.npy"), Path.Combine(folder, "test-images.npy"), 500,
            Byte, ["--labels", Path.Combine(folder, "test-labels.npy")]);
        Assert.InRange(found.Agreement, 0.99, 1);
        Assert.InRange(found.Integer, 0.97, 1);
    }

    private static (double Agreement, double Float, double Integer) Compare(
        string model, string calibration, string test, int images, string[] prep, string[] labels)
    {
        using var folder = new TemporaryFolder();
        var compiled = CliRun.Of(["compile", model, "-o", folder["out"], "--quiet", "--data", calibration, "--samples", "64", .. prep]);
        Assert.True(compiled.Exit == 0, compiled.Error);
        var run = CliRun.Of(
            ["eval", model, folder["out"], "--data", test, .. labels, "--limit", images.ToString(CultureInfo.InvariantCulture),
            .. prep, "--json"]);
        Assert.True(run.Exit == 0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        double Top1(int model) => json.RootElement.GetProperty("results")[model].GetProperty("top1").GetDouble();
        return (json.RootElement.GetProperty("agreement").GetDouble(), Top1(0), Top1(1));
    }
}
