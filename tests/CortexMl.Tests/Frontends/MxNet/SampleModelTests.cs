using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>Networks that others trained and exported with various versions of MXNet.</summary>
public class SampleModelTests
{
    private static ImportOptions Input(params int[] dims) =>
        new() { InputShapes = new Dictionary<string, Shape> { ["data"] = Shape.Of(dims) } };

    [SkippableTheory]
    [InlineData("mnist-gluon/mnist-symbol.json", new[] { 1, 1, 28, 28 }, 10, 11)]
    [InlineData("lenet-weberlo/lenet-symbol.json", new[] { 1, 1, 28, 28 }, 10, 10)]
    [InlineData("mnist-lenet/mnist-lenet-0-symbol.json", new[] { 1, 1, 28, 28 }, 10, 11)]
    [InlineData("fashion-mnist-gluon/fashion-mnist-symbol.json", new[] { 1, 1, 28, 28 }, 10, 8)]
    [InlineData("cifar_resnet20_v1/cifar_resnet20_v1-symbol.json", new[] { 1, 3, 32, 32 }, 10, 72)]
    [InlineData("cifar_resnet20_v2/cifar_resnet20_v2-symbol.json", new[] { 1, 3, 32, 32 }, 10, 72)]
    [InlineData("mlnet-tiny/model-symbol.json", new[] { 1, 4 }, 1, 5)]
    public void Trained_models_import_and_verify(string symbol, int[] input, int classes, int operations)
    {
        string path = Samples.Path(symbol);
        var notes = new DiagnosticBag();
        var graph = MxNetImporter.Import(path, ModelFiles.ParamsBeside(path), Input(input), notes);
        Verifier.Check(graph).ThrowIfErrors();
        Assert.Equal(Shape.Of(1, classes), Assert.Single(graph.Outputs).Type.Shape);
        Assert.Equal("data", Assert.Single(graph.Inputs).Name);
        Assert.Equal(operations, graph.Operations.Count(o => o.Constant is null));
        Assert.Empty(notes.Items);
    }

    [Theory]
    [InlineData("dapp", 2)]
    [InlineData("lenet", 2)]
    [InlineData("mlp", 2)]
    public void Models_of_this_repository_import_and_verify(string name, int rank)
    {
        string folder = Repository.Path("golden", "models", $"mnist-{name}"), path = Directory.GetFiles(folder, "*-symbol.json").Single();
        var graph = MxNetImporter.Import(path, ModelFiles.ParamsBeside(path), Input(1, 1, 28, 28));
        Verifier.Check(graph).ThrowIfErrors();
        Assert.Equal(rank, Assert.Single(graph.Outputs).Type.Shape.Rank);
    }

    [SkippableFact]
    public void Input_shape_follows_from_the_first_dense_layer()
    {
        string path = Samples.Path("mlnet-tiny/model-symbol.json");
        Assert.Equal(Shape.Of(1, 4), MxNetImporter.Import(path, ModelFiles.ParamsBeside(path)).Inputs[0].Type.Shape);
    }

    [SkippableFact]
    public void A_print_of_an_imported_model_names_the_parameter_file()
    {
        string path = Samples.Path("mlnet-tiny/model-symbol.json");
        string text = TextPrinter.Print(MxNetImporter.Import(path, ModelFiles.ParamsBeside(path)));
        Assert.Contains("""@hybridsequential0_dense0_weight: f32[9, 4] = file("model-0004.params", "hybridsequential0_dense0_weight")""", text);
        Assert.Contains(
            "%hybridsequential0_dense0_fwd = nn.dense(%data, @hybridsequential0_dense0_weight, @hybridsequential0_dense0_bias) : f32[1, 9]",
            text);
    }

    [SkippableFact]
    public void Every_parameter_file_is_read()
    {
        foreach (string path in Samples.Files("*.params").Concat(Samples.Files("*.nd")).Concat(Samples.Files("*.v0")))
            Assert.NotEmpty(MxNetParamsReader.Read(path).Arrays);
        var v0 = MxNetParamsReader.Read(Samples.Path("legacy/legacy_ndarray.v0")).Arrays;
        Assert.Equal([6, 128], [v0.Count, v0[0].Tensor.Length]);
        Assert.Equal(Enumerable.Range(0, 128).Select(i => (double)i), Enumerable.Range(0, 128).Select(v0[0].Tensor.GetDouble));
        Assert.Equal(Shape.Of(3, 224, 224), MxNetParamsReader.Read(Samples.Path("legacy/mean_224.nd")).Find("mean_img")!.Shape);
        Assert.Equal(
            Shape.Of(256, 100), MxNetParamsReader.Read(Samples.Path("legacy/straight-dope-testnet.params")).Find("dense0_weight")!.Shape);
    }

    [SkippableFact]
    public void Every_symbol_is_read_as_a_JSON_library_reads_it()
    {
        foreach (string path in Samples.Files("*.json"))
        {
            var symbol = SymbolReader.Read(path);
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var nodes = json.RootElement.GetProperty("nodes");
            Assert.Equal(nodes.EnumerateArray().Select(n => n.GetProperty("name").GetString()), symbol.Nodes.Select(n => n.Name));
            Assert.Equal(nodes.EnumerateArray().SelectMany(n => n.GetProperty("inputs").EnumerateArray().Select(i => i[0].GetInt32())),
                symbol.Nodes.SelectMany(n => n.Inputs).Select(i => i.Node));
            Assert.Equal(json.RootElement.GetProperty("heads").EnumerateArray().Select(h => (h[0].GetInt32(), h[1].GetInt32())),
                symbol.Heads.Select(h => (h.Node, h.Output)));
        }
    }

    /// <summary>Networks without weights: random ones take their shapes from the operators.</summary>
    [SkippableTheory]
    [InlineData("symbols-only/cifar10_vgg16-symbol.json", new[] { 1, 3, 32, 32 }, 10)]
    [InlineData("symbols-only/djl-mlp-symbol.json", new[] { 1, 784 }, 10)]
    [InlineData("symbols-only/djl-resnet18_v1-symbol.json", new[] { 1, 3, 224, 224 }, 1000)]
    [InlineData("symbols-only/djl-squeezenet1.0-symbol.json", new[] { 1, 3, 224, 224 }, 1000)]
    [InlineData("symbols-only/mobilenet_v1-symbol.json", new[] { 1, 3, 224, 224 }, 1000)]
    [InlineData("symbols-only/resnet-18-legacy-symbol.json", new[] { 1, 3, 224, 224 }, 1000)]
    [InlineData("symbols-only/squeezenet_v1.1-symbol.json", new[] { 1, 3, 224, 224 }, 1000)]
    [InlineData("legacy/save_000800.json", new[] { 1, 784 }, 10)]
    public void Symbols_alone_import_with_random_parameters(string symbol, int[] input, int classes)
    {
        var options = Input(input) with { RandomParamsSeed = 7 };
        var graph = MxNetImporter.Import(Samples.Path(symbol), null, options);
        Verifier.Check(graph).ThrowIfErrors();
        Assert.Equal(Shape.Of(1, classes), Assert.Single(graph.Outputs).Type.Shape);
    }

    [SkippableFact]
    public void All_unsupported_operators_stand_in_one_message()
    {
        var error = Assert.Throws<DiagnosticException>(() => MxNetImporter.Import(Samples.Path("symbols-only/lstm_ptb-symbol.json"), null));
        var found = Assert.Single(error.Diagnostics);
        Assert.Equal(FrontendCodes.UnsupportedOperators, found.Code);
        Assert.Equal("1 operator is not supported:", found.Message);
        Assert.Equal(["  RNN: once, 'lstm_rnn': recurrent layers are not lowered; unroll them before export"], found.Details);
        Assert.Contains("cortexml ops --frontend mxnet", found.Hint);
    }
}
