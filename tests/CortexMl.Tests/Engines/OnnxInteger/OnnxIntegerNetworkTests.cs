using CortexMl.Engines.OnnxInteger;
using CortexMl.Passes;
using CortexMl.Shapes;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using CortexMl.Verifying;
using Xunit;

namespace CortexMl.Tests.Engines.OnnxInteger;

/// <summary>Whole networks, every value of each: convolutions, tables, recurrent steps, attention, two outputs.</summary>
public sealed class OnnxIntegerNetworkTests
{
    [Theory]
    [InlineData("mnist-dapp", "mnist-mlp/calibration.npy", 100)]
    [InlineData("mnist-lenet", "mnist-mlp/calibration.npy", 100)]
    [InlineData("mnist-mlp", "mnist-mlp/calibration.npy", 100)]
    [InlineData("mnist-encoder", "mnist-mlp/calibration.npy", 100)]
    [InlineData("mnist-lstm", "mnist-mlp/calibration.npy", 20)]
    [InlineData("mnist-bilstm", "mnist-mlp/calibration.npy", 20)]
    [InlineData("mnist-unet", "mnist-unet/data.npy", 20)]
    public void A_sample_network_gives_the_interpreters_numbers(string name, string data, int inputs) =>
        Verify(Repository.Path("golden", "models", name, $"{name}.onnx"), Repository.Path("golden", "models", data), inputs,
            "--scale", "1/255");

    [Fact]
    public void A_classifier_of_words_gives_the_interpreters_numbers() =>
        Verify(Repository.Path("golden", "models", "words", "words.onnx"), Repository.Path("golden", "models", "words", "data.npy"), 100);

    [SkippableTheory]
    [InlineData("cifar_resnet20_v1")]
    [InlineData("cifar_resnet20_v2")]
    public void A_residual_network_gives_the_interpreters_numbers(string name) => Verify(
        Path.Combine(SharedData.Folder("mxnet", name), $"{name}-symbol.json"),
        Path.Combine(SharedData.Folder("cifar10"), "train_2000.bin.gz"), 10,
        "--scale", "1/255", "--mean", "0.4914,0.4822,0.4465", "--std", "0.2023,0.1994,0.2010");

    /// <summary>Convolutions of single channels, on a small image.</summary>
    [Fact]
    public void A_seeded_network_gives_the_interpreters_numbers()
    {
        var graph = SeededModel.Graph("mobilenet_v1", batch: 1, size: 64, seed: 1);
        var model = new Model(graph.Name, graph);
        var verified = EngineVerifier.Run(
            model, EngineVerifier.SeededInputs(model, 3), ["cpu", OnnxIntegerDescription.EngineName], NoProgress.Instance);
        Assert.True(verified.Agrees, string.Join('\n', verified.Engines.Select(e => e.Difference)));
    }

    private static void Verify(string model, string data, int inputs, params string[] preparation)
    {
        using var folder = new TemporaryFolder();
        var compiled = CliRun.Of(
            ["compile", model, "-o", folder["out"], "--quiet", "--data", data, "--samples", "16", .. preparation]);
        Assert.True(compiled.Exit == 0, compiled.Error);
        var verified = CliRun.Of(["verify", folder["out"], "--random", $"{inputs}", "--engines", "interpreter,onnx-integer"]);
        Assert.True(verified.Exit == 0, verified.Output + verified.Error);
    }
}
