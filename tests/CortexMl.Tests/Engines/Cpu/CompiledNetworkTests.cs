using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu;

/// <summary>
/// Networks that the compiler made: every instruction set at hand, with one thread and two, gives the interpreter's numbers at every
/// group's end.
/// </summary>
public sealed class CompiledNetworkTests
{
    [Theory]
    [InlineData("mnist-dapp")]
    [InlineData("mnist-lenet")]
    [InlineData("mnist-mlp")]
    public void Digit_networks_are_identical_on_all_paths(string name)
    {
        string folder = Repository.Path("golden", "models", name);
        Verify(Path.Combine(folder, $"{name}.onnx"), Path.Combine(folder, "calibration.npy"), []);
    }

    [SkippableFact]
    public void Residual_network_is_identical_on_all_paths() => Verify(
        Path.Combine(SharedData.Folder("onnx", "cifar10-resnet20"), "resnet20.onnx"),
        Path.Combine(SharedData.Folder("cifar10"), "train_2000.bin.gz"),
        ["--mean", "0.4914,0.4822,0.4465", "--std", "0.247,0.2435,0.2616"]);

    private static void Verify(string model, string data, string[] preparation)
    {
        using var folder = new TemporaryFolder();
        var compiled = CliRun.Of(
            ["compile", model, "-o", folder["out"], "--quiet", "--data", data, "--samples", "16", "--scale", "1/255", .. preparation]);
        Assert.True(compiled.Exit == 0, compiled.Error);
        var verified = CliRun.Of(["verify", folder["out"], "--random", "2", "--engines", "interpreter,cpu"]);
        Assert.True(verified.Exit == 0, verified.Output + verified.Error);
    }
}
