using CortexMl.Golden;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Frontends.MxNet;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>Whole networks and the kernels of golden/kernels, as PTX.</summary>
public sealed class PtxNetworkTests
{
    private static readonly string[] s_golden =
        [.. new DirectoryInfo(Repository.Path("golden", "kernels")).GetFiles("*.cml").Select(f => f.Name).Order(StringComparer.Ordinal)];

    public static TheoryData<string> GoldenKernels => [.. s_golden];

    [Theory]
    [MemberData(nameof(GoldenKernels))]
    public void Kernels_of_golden_give_the_interpreters_numbers(string file)
    {
        var graphs = Graphs(file);
        Assert.NotEmpty(graphs);
        foreach (var graph in graphs)
            for (int seed = 0; seed < 3; seed++) PtxAgreement.Check(graph, Agreement.RandomInputs(graph, seed));
    }

    /// <summary>Architectures before and behind, and blocks as small and as large as a driver may choose; 96 leaves threads over.</summary>
    [Theory]
    [InlineData(75, 256), InlineData(90, 256), InlineData(80, 32), InlineData(80, 96), InlineData(90, 1024)]
    public void Other_architectures_and_blocks_give_the_interpreters_numbers(int architecture, int threads)
    {
        foreach (var graph in s_golden.SelectMany(Graphs))
            PtxAgreement.Check(graph, Agreement.RandomInputs(graph, threads), architecture, threads);
    }

    [Theory]
    [InlineData("mnist-dapp")]
    [InlineData("mnist-lenet")]
    [InlineData("mnist-mlp")]
    public void Digit_networks_give_the_interpreters_numbers(string name)
    {
        string model = Repository.Path("golden", "models", name);
        Check(["compile", model, "--data", Path.Combine(model, "calibration.npy"), "--samples", "16", "--scale", "1/255"]);
    }

    [SkippableFact]
    public void Residual_network_gives_the_interpreters_numbers() => Check([
        "compile", Samples.Path("cifar_resnet20_v1"), "--input", "data=1,3,32,32", "--samples", "4",
        "--data", Samples.Path(Path.Combine("..", "cifar10", "train_2000.bin.gz")),
        "--scale", "1/255", "--mean", "0.4914,0.4822,0.4465", "--std", "0.2023,0.1994,0.2010"]);

    private static IReadOnlyList<Graph> Graphs(string file) =>
        [.. GoldenFile.Read(Repository.Path("golden", "kernels", file)).Cases.Select(c => TextParser.ParseOne(c.Input))];

    private static void Check(string[] compile)
    {
        using var folder = new TemporaryFolder();
        var compiled = CliRun.Of([.. compile, "-o", folder["out"], "--quiet"]);
        Assert.True(compiled.Exit == 0, compiled.Error);
        var graph = ModelLoader.Load(folder["out"]).Graph;
        PtxAgreement.Check(graph, Agreement.RandomInputs(graph, seed: 1));
    }
}
