using CortexMl.Conformance;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Interpreter;
using CortexMl.Frontends.Onnx;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Shapes;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace CortexMl.Tests.Web;

/// <summary>Every operator and whole networks as onnxruntime-web computes them, on the numbers of the interpreter.</summary>
public sealed class WebNetworkTests(ITestOutputHelper told)
{
    private const int Inputs = 100;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    [SkippableFact]
    public Task Every_vector_of_golden_agrees() => Agree(Repository.Path("golden", "cvm"), mostRefused: 0);

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public Task Every_vector_of_the_reference_agrees() => Agree(SharedData.Folder("cvm", "vectors"), mostRefused: 12);

    /// <summary>Convolutions; attention of a transformer; tables; recurrent steps; two outputs.</summary>
    [SkippableTheory]
    [InlineData("mnist-dapp", "mnist-mlp/calibration.npy")]
    [InlineData("mnist-lenet", "mnist-mlp/calibration.npy")]
    [InlineData("mnist-mlp", "mnist-mlp/calibration.npy")]
    [InlineData("mnist-encoder", "mnist-mlp/calibration.npy")]
    [InlineData("mnist-lstm", "mnist-mlp/calibration.npy")]
    [InlineData("mnist-bilstm", "mnist-mlp/calibration.npy")]
    [InlineData("mnist-unet", "mnist-unet/data.npy")]
    [InlineData("words", "words/data.npy")]
    public async Task A_sample_network_gives_the_interpreters_numbers(string name, string data)
    {
        using var folder = new TemporaryFolder();
        string[] scale = name == "words" ? [] : ["--scale", "1/255"];
        await AgreeAsync(Compiled(folder, Repository.Path("golden", "models", name, $"{name}.onnx"),
            ["--data", Repository.Path("golden", "models", data), .. scale]));
    }

    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData("cifar_resnet20_v1")]
    [InlineData("cifar_resnet20_v2")]
    public async Task A_residual_network_gives_the_interpreters_numbers(string name)
    {
        using var folder = new TemporaryFolder();
        string[] preparation = ["--scale", "1/255", "--mean", "0.4914,0.4822,0.4465", "--std", "0.2023,0.1994,0.2010"];
        await AgreeAsync(Compiled(folder, Path.Combine(SharedData.Folder("mxnet", name), $"{name}-symbol.json"),
            ["--data", Path.Combine(SharedData.Folder("cifar10"), "train_2000.bin.gz"), .. preparation]));
    }

    /// <summary>On images of its usual size, where the interpreter would take minutes.</summary>
    [SkippableFact]
    [Trait("Speed", "Slow")]
    public Task A_mobile_network_gives_the_numbers_of_the_engine_of_processors() =>
        AgreeAsync(SeededModel.Graph("mobilenet_v1", batch: 1, size: 224, seed: 1), "cpu");

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public Task Layers_of_a_transformer_give_the_interpreters_numbers() =>
        AgreeAsync(SeededModel.Graph("transformer_mlp", batch: 1, size: 0, seed: 1));

    /// <summary>The same on small images.</summary>
    [SkippableFact]
    public Task A_small_seeded_network_gives_the_interpreters_numbers() =>
        AgreeAsync(SeededModel.Graph("mobilenet_v1", batch: 1, size: 32, seed: 1));

    /// <summary>Operators and networks as generators draw them; at most a few have operations without an exact form.</summary>
    [SkippableFact]
    public async Task Any_graph_gives_the_interpreters_numbers()
    {
        const int Graphs = 60, MostRefused = 15;
        Gen<Graph>[] kinds = [OperatorGenerator.Graphs, LayerGenerator.Networks.Select(network => network.Graph)];
        using var page = await ExportedPage.OfDigitsAsync(patience: s_patience);
        int refused = 0;
        for (int i = 0; i < Graphs; i++)
        {
            var graph = kinds[i % kinds.Length].Generate(new PCG((uint)i, 2), null, out _);
            try
            {
                using var web = new WebEngine(page, graph);
                using var ours = new InterpreterEngine().Prepare(graph);
                var inputs = RandomInputs.Of(graph, i);
                foreach (var (expected, found) in ours.Run(inputs).Zip(web.Run(inputs))) Assert.Equal(expected.Data, found.Data);
            }
            catch (DiagnosticException error)
            {
                refused++;
                Assert.All(error.Diagnostics, refusal => Assert.Equal(OnnxCodes.NotExact, refusal.Code));
            }
        }
        Assert.InRange(refused, 0, MostRefused);
        Assert.Empty(page.Browser.Complaints);
    }

    private static Graph Compiled(TemporaryFolder folder, string model, string[] data)
    {
        ExportedPage.Runtime();
        var run = CliRun.Of(["compile", model, "-o", folder["out"], "--quiet", "--no-report", "--samples", "16", .. data]);
        Assert.True(run.Exit == 0, run.Error);
        return ModelLoader.Load(folder["out"]).Graph;
    }

    /// <param name="engine">Whose numbers are expected.</param>
    private async Task AgreeAsync(Graph graph, string engine = "interpreter")
    {
        using var page = await ExportedPage.OfDigitsAsync(patience: s_patience);
        using var web = new WebEngine(page, graph);
        using var choice = EngineChoice.Of(new Model(graph.Name, graph), new RunOptions { Engine = engine });
        using var ours = choice.Prepare(threads: 1);
        var took = new List<double>();
        for (int seed = 0; seed < Inputs; seed++)
        {
            var inputs = RandomInputs.Of(graph, seed);
            foreach (var (expected, found) in ours.Run(inputs).Zip(web.Run(inputs))) Assert.Equal(expected.Data, found.Data);
            took.Add(web.Milliseconds);
        }
        told.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{graph.Name}: {took.Count} inputs, median {took.Order().ElementAt(took.Count / 2):F1} ms each in the browser"));
        Assert.Empty(page.Browser.Complaints);
    }

    /// <summary>What has no exact form runs on the interpreter, as much as is known: products of more than 8 bits, boxes of 32.</summary>
    private async Task Agree(string vectors, int mostRefused)
    {
        using var page = await ExportedPage.OfDigitsAsync(patience: s_patience);
        var refused = new List<Diagnostic>();
        int opened = 0;
        var runner = new CaseRunner(InterpreterProfile.Definition, Prepare);
        var failures = Directory.GetDirectories(vectors).Order(StringComparer.Ordinal)
            .Select(folder => (Name: Path.GetFileName(folder), Lines: runner.Run(folder))).Where(c => c.Lines.Count > 0).ToList();
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(f => $"{f.Name}: {string.Join("; ", f.Lines)}")));
        Assert.All(refused, refusal => Assert.Equal(OnnxCodes.NotExact, refusal.Code));
        Assert.True(refused.Count <= mostRefused, $"{refused.Count} refusals: {string.Join("; ", refused.Select(r => r.Message))}");
        told.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{opened} graphs in the browser, {refused.Count} operations without an exact form"));
        Assert.True(opened > 100);
        Assert.True(page.Browser.Complaints.Count == 0, string.Join('\n', page.Browser.Complaints));

        IExecutable Prepare(Graph graph)
        {
            try
            {
                var web = new WebEngine(page, graph);
                opened++;
                return web;
            }
            catch (DiagnosticException error)
            {
                refused.AddRange(error.Diagnostics);
                return new InterpreterEngine().Prepare(graph);
            }
        }
    }
}
