using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;
using CortexMl.Tests.Frontends.Onnx.Import;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>A compiled model's outputs bear the names and shapes of the network's file and come out as what the network returns.</summary>
public sealed class OutputSignatureTests : IDisposable
{
    private const int Samples = 6;

    // Each kind twice: what the CVM does not return as the network does.
    private const string Odd = """
        graph @odd(%x: f32[1, 2, 3, 3]) {
          @k: f32[4] = [1, -2, 3, 0.5]
          @same: f32[4] = [1, -2, 3, 0.5]
          @"y": f32[1, 2] = [0.25, 4]
          %y = nn.relu(%x)
          %"" = nn.identity(%y)
          %"../up" = nn.neg(%y)
          %channels = nn.softmax(%x) {axis = 1}
          %twice = nn.mul(%channels, %channels)
          %rows = nn.reshape(%channels) {shape = [6, 3]}
          return %y, %x, @k, @same, %y, %"", %"../up", %channels, %rows, %twice, @"y"
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Odd_outputs_of_a_text() => Follows(_folder.Write("odd.cml", Odd), [2, 3, 3],
        ["y", "x", "k", "same", "y.1", "output5", "../up", "channels", "rows", "twice", "y.2"],
        ["y", "x", "k", "same", "y.1", "output5", "..%2Fup", "channels", "rows", "twice", "y.2"]);

    [Fact]
    public void Odd_outputs_of_an_ONNX_model()
    {
        var model = OnnxText.Model(17, [1, 2, 3, 3],
            OnnxText.Node("Softmax", "x", "y", OnnxText.Int("axis", 1)), OnnxText.Node("Identity", "x", "copy"),
            OnnxText.Node("Identity", "k", "constant/again:0"),
            OnnxText.Node("Transpose", "y", "last", OnnxText.Ints("perm", 0, 2, 3, 1)), OnnxText.Node("Log", "y", "logarithms"));
        model.With(OnnxText.Floats("k", [2], 1, -2));
        string[] names = ["y", "x", "copy", "k", "constant/again:0", "last", "logarithms"];
        model.Graph.Output.Add(names.Skip(1).Select(name => OnnxText.Info(name, [])));
        Follows(_folder.Write("odd.onnx", model.ToByteArray()), [2, 3, 3], names, names);
    }

    [Fact]
    public void Odd_outputs_of_an_MXNet_symbol()
    {
        string model = _folder.Write("odd-symbol.json", """
            {"nodes": [
              {"op": "null", "name": "data", "inputs": []},
              {"op": "SoftmaxActivation", "name": "prob", "attrs": {"mode": "channel"}, "inputs": [[0, 0, 0]]},
              {"op": "Dropout", "name": "drop", "inputs": [[0, 0, 0]]},
              {"op": "SliceChannel", "name": "split", "attrs": {"num_outputs": "2"}, "inputs": [[0, 0, 0]]},
              {"op": "SoftmaxActivation", "name": "whole", "inputs": [[0, 0, 0]]}],
             "arg_nodes": [0], "heads": [[1, 0, 0], [0, 0, 0], [2, 0, 0], [3, 0, 0], [3, 1, 0], [4, 0, 0], [1, 0, 0]]}
            """);
        string[] names = ["prob", "data", "drop", "split", "split.1", "whole", "prob.1"];
        Follows(model, [2, 3, 3], names, names, "--input", "data=1,2,3,3");
    }

    /// <summary>As face detectors of three steps have it: probabilities over the channels of an image, beside others, and alone.</summary>
    [Theory]
    [InlineData("[1, 2, 3, 3]", "%p = nn.softmax(%x) {axis = 1}\n %o = nn.relu(%x)\n return %o, %p", "o", "p")]
    [InlineData("[1, 2, 1, 1]", "%o = nn.flatten(%x)\n %p = nn.softmax(%o)\n return %p, %o", "p", "o")]
    [InlineData("[1, 2, 1, 1]", "%o = nn.flatten(%x)\n %p = nn.softmax(%o)\n return %p", "p")]
    public void Probabilities_are_left_to_float_in_all_networks_alike(string shape, string body, params string[] names)
    {
        int[] sample = [.. shape.Trim('[', ']').Split(',').Skip(1).Select(int.Parse)];
        Follows(_folder.Write("net.cml", $"graph @net(%x: f32{shape}) {{\n {body}\n}}\n"), sample, names, names);
        var port = ModelIo.Read(Path.Combine(_folder["out"], ModelIo.FileName)).Outputs.Single(o => o.Name == "p");
        Assert.Equal(("logits", "softmax", 1), (port.Is, port.LastStep!.Op, port.LastStep.Axis));
        Run(_folder["out"], "raw.npz", "--raw");
        using var raw = new NpzReader(_folder["raw.npz"]);
        Assert.IsType<Tensor<int>>(raw.Read("p"));
    }

    [Fact]
    public void Outputs_of_the_same_name_are_told_apart()
    {
        var model = OnnxText.Model(17, [1, 2], OnnxText.Node("Relu", "x", "y"));
        model.Graph.Output.Add(OnnxText.Info("y", []));
        Assert.Equal(["y", "y.1"], OutputSignature.Names(model.Import()));
        string symbol = _folder.Write("same-symbol.json", """
            {"nodes": [
              {"op": "null", "name": "data", "inputs": []},
              {"op": "relu", "name": "a", "inputs": [[0, 0, 0]]},
              {"op": "relu", "name": "", "inputs": [[1, 0, 0]]},
              {"op": "Dropout", "name": "a", "inputs": [[2, 0, 0]]}],
             "arg_nodes": [0], "heads": [[1, 0, 0], [2, 0, 0], [3, 0, 0]]}
            """);
        string[] names = ["a", "output1", "a.1"];
        Follows(symbol, [2, 3], names, names, "--input", "data=1,2,3");
    }

    [Fact]
    public void An_output_of_no_name_in_an_ONNX_model_is_refused()
    {
        var model = OnnxText.Model(17, [1, 2], OnnxText.Node("Relu", "x", "y"));
        model.Graph.Output.Add(OnnxText.Info("", []));
        var error = Assert.Throws<DiagnosticException>(() => model.Import());
        Assert.StartsWith("output '' is defined by nothing", error.Diagnostics[0].Message);
    }

    [Fact]
    public void A_model_that_is_written_as_ONNX_keeps_the_names()
    {
        var model = OnnxText.Model(17, [1, 2], OnnxText.Node("Identity", "x", "y"), OnnxText.Node("Dropout", "x", "z"));
        model.Graph.Output.Add(OnnxText.Info("z", []));
        Assert.Equal(["y", "z"], OnnxExporter.Export(model.Import()).Outputs);
    }

    [Fact]
    public void Names_and_last_steps_go_through_the_text()
    {
        string model = _folder.Write("odd.cml", Odd);
        Data([2, 3, 3]);
        string[] data = ["--data", _folder["data.npy"], "--quiet"];
        Assert.Equal(0, CliRun.Of(["compile", model, "-o", _folder["half"], "--stop-after", "quantize", .. data]).Exit);
        Assert.Equal(0, CliRun.Of("compile", Path.Combine(_folder["half"], "model.cml"), "-o", _folder["whole"], "--quiet").Exit);
        Assert.Equal(0, CliRun.Of(["compile", model, "-o", _folder["out"], .. data]).Exit);
        Assert.Equal(Outputs("out"), Outputs("whole"));

        string Outputs(string folder)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder[folder], ModelIo.FileName)));
            return json.RootElement.GetProperty("outputs").GetRawText();
        }
    }

    [SkippableTheory]
    [InlineData("two_out_softmax", "probabilities", "other")]
    [InlineData("out_is_input", "c", "x")]
    [InlineData("const_output", "c", "k")]
    [InlineData("identity_model", "y")]
    public void Cases_from_the_field(string name, params string[] names)
    {
        string model = SharedData.Folder("field", name);
        File.Copy(Path.Combine(model, "data.npy"), _folder["data.npy"]);
        Follows(model, null, names, names);
    }

    /// <summary>Compiles, and compares names, shapes and numbers of all outputs with those of the float network.</summary>
    private void Follows(string model, int[]? sample, string[] names, string[] keys, params string[] options)
    {
        if (sample is not null) Data(sample);
        var compiled = CliRun.Of(["compile", model, "-o", _folder["out"], "--data", _folder["data.npy"], "--quiet", .. options]);
        Assert.True(compiled.Exit == 0, compiled.Error);
        Assert.Equal(0, CliRun.Of("check", _folder["out"], "--strict").Exit);
        var io = ModelIo.Read(Path.Combine(_folder["out"], ModelIo.FileName));
        Assert.Equal(names, io.Outputs.Select(o => o.Name));
        Run(model, "float.npz", options);
        Run(_folder["out"], "integer.npz");
        using NpzReader real = new(_folder["float.npz"]), integer = new(_folder["integer.npz"]);
        Assert.Equal(keys, real.Keys);
        Assert.Equal(keys, integer.Keys);
        foreach (var (key, port) in keys.Zip(io.Outputs))
        {
            Tensor expected = real.Read(key), found = integer.Read(key);
            Assert.Equal((key, expected.Shape), (key, found.Shape));
            Assert.Equal((key, port.LastStep is not null), (key, found is Tensor<float>));
            double scale = found is Tensor<float> ? 1 : port.Scale;
            double[] reals = [.. Enumerable.Range(0, expected.Length).Select(i => found.GetDouble(i) / scale)];
            double near = 0.02 * Enumerable.Range(0, expected.Length).Max(i => Math.Abs(expected.GetDouble(i)));
            for (int i = 0; i < reals.Length; i++) Assert.InRange(reals[i], expected.GetDouble(i) - near, expected.GetDouble(i) + near);
        }
    }

    private void Run(string model, string output, params string[] options)
    {
        var run = CliRun.Of(["run", model, "--data", _folder["data.npy"], "-o", _folder[output], "--quiet", .. options]);
        Assert.True(run.Exit == 0, run.Error);
    }

    private void Data(int[] sample)
    {
        var random = new Random(3);
        var shape = Shape.Of([Samples, .. sample]);
        float[] numbers = [.. Enumerable.Range(0, (int)shape.Count).Select(_ => 4 * random.NextSingle() - 2)];
        NpyWriter.Write(_folder["data.npy"], Tensor.Create(shape, numbers));
    }
}
