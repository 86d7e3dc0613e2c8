using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tensors;
using CortexMl.Tests.Frontends.Onnx.Import;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Networks of several inputs and outputs: the CVM's single input holds all of them, a user gives and gets each by name.</summary>
public sealed class SeveralInputsTests : IDisposable
{
    private const int Samples = 12;

    private const string Text = """
        graph @two(%image: f32[1, 1, 4, 4], %extra: f32[1, 3]) -> f32[1, 2], f32[1, 2, 4] {
          @w: f32[2, 1, 3, 3] = random(1)
          @d: f32[2, 11] = random(2)
          %conv = nn.conv2d(%image, @w) {kernel = [3, 3]} : f32[1, 2, 2, 2]
          %flat = nn.flatten(%conv) : f32[1, 8]
          %joined = nn.concat(%flat, %extra) {axis = 1} : f32[1, 11]
          %scores = nn.dense(%joined, @d) : f32[1, 2]
          %planes = nn.reshape(%conv) {shape = [1, 2, 4]} : f32[1, 2, 4]
          return %scores, %planes
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Integers_follow_a_text_network_by_name() => FollowsFloats(_folder.Write("two.cml", Text), [1, 4, 4], 100);

    [Fact]
    public void Integers_follow_an_ONNX_network_by_name()
    {
        var model = OnnxText.Model(17, [1, 6], OnnxText.Node("Gemm", "x w", "scores", OnnxText.Int("transB", 1)),
            OnnxText.Node("Concat", "scores x2", "y", OnnxText.Int("axis", 1)))
            .With(OnnxText.Floats("w", [2, 6], 1, -1, 2, -2, 0.5f, 0.25f, -1, 1, -2, 2, -0.5f, 0.125f));
        model.Graph.Input.Add(OnnxText.Info("x2", [1, 3]));
        model.Graph.Output.Add(OnnxText.Info("scores", [1, 2]));
        FollowsFloats(_folder.Write("two.onnx", model.ToByteArray()), [6], 1, "x", "x2");
    }

    [Fact]
    public void Each_input_keeps_its_scale_and_each_output_its_shape()
    {
        Compile(_folder.Write("two.cml", Text), Data([1, 4, 4], 100));
        var io = ModelIo.Read(Path.Combine(_folder["out"], ModelIo.FileName));
        Assert.Equal(["image", "extra"], io.Inputs.Select(i => i.Name));
        Assert.Equal([1, 1, 4, 4], io.Inputs[0].Shape);
        Assert.InRange(io.Inputs[0].Scale / io.Inputs[1].Scale, 50, 200);
        Assert.Equal(["scores", "planes"], io.Outputs.Select(o => o.Name));
        Assert.Equal([1, 2, 4], io.Outputs[1].Shape);
    }

    [Fact]
    public void The_runtime_accepts_outputs_of_different_numbers_of_rows()
    {
        Compile(_folder.Write("two.cml", Text), Data([1, 4, 4], 100));
        Assert.Equal(0, CliRun.Of("check", _folder["out"], "--strict").Exit);
        Assert.Equal(0, CliRun.Of("verify", _folder["out"], "--random", "2").Exit);
    }

    [Fact]
    public void A_single_number_is_an_input_like_others()
    {
        string model = _folder.Write("scaled.cml", """
            graph @scaled(%x: f32[1, 3], %factor: f32[]) -> f32[1, 3] {
              %y = nn.mul(%x, %factor)
              return %y
            }
            """);
        using (var file = File.Create(_folder["scaled.npz"]))
            NpzWriter.Write(file,
                [("x", (Tensor)Tensor.Create(Shape.Of(2, 3), new float[] { 1, -1, 0.5f, 0.25f, 1, -0.5f })),
                ("factor", Tensor.Vector(3f, -2f))]);
        Compile(model, _folder["scaled.npz"]);
        var found = Run(_folder["out"], _folder["scaled.npz"])["y"];
        double scale = ModelIo.Read(Path.Combine(_folder["out"], ModelIo.FileName)).Outputs[0].Scale;
        double[] expected = [3, -3, 1.5, -0.5, -2, 1];
        for (int i = 0; i < expected.Length; i++) Assert.InRange(found.GetDouble(i) / scale, expected[i] - 0.06, expected[i] + 0.06);
    }

    [Fact]
    public void Raw_inputs_by_name_are_the_packed_bytes()
    {
        Compile(_folder.Write("two.cml", Text), Data([1, 4, 4], 100));
        byte[] image = [.. Enumerable.Range(0, 16).Select(i => (byte)(i * 7))], extra = [1, 200, 3];
        string packed = _folder.Write("packed.bin", [.. image, .. extra]), first = _folder.Write("image.bin", image),
        second = _folder.Write("extra.bin", extra);
        var whole = CliRun.Of("run", _folder["out"], "--raw-input", packed);
        Assert.Equal((0, 4 * (2 + 8)), (whole.Exit, whole.Bytes.Length));
        Assert.Equal(
            whole.Bytes, CliRun.Of("run", _folder["out"], "--raw-input", $"extra={second}", "--raw-input", $"image={first}").Bytes);
    }

    [Fact]
    public void Raw_inputs_that_do_not_fit_are_all_named()
    {
        Compile(_folder.Write("two.cml", Text), Data([1, 4, 4], 100));
        var run = CliRun.Of("run", _folder["out"], "--raw-input", $"image={_folder.Write("short.bin", [1, 2])}", "--raw-input",
            $"other={_folder.Write("x.bin", [1])}");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0938: 'out' has no input 'other'", run.Error);
        Assert.Contains("error CML0938: input 'image' [1, 1, 4, 4] takes 16 bytes, 1 an element; 2 are given", run.Error);
        Assert.Contains("error CML0938: input 'extra' is missing", run.Error);
    }

    [Fact]
    public void Inputs_that_are_too_large_together_are_refused()
    {
        string model = _folder.Write("huge.cml", """
            graph @huge(%a: i8[1, 16777216] @ 1, %b: i8[1, 1] @ 1) -> i9[1, 1] @ 1 {
              %c = cvm.strided_slice(%a) {begin = [0, 0], end = [1, 1]} : i8[1, 1]
              %d = cvm.elemwise_add(%c, %b) : i9[1, 1] @ 1
              return %d
            }
            """);
        var run = CliRun.Of("compile", model, "-o", _folder["out"], "--quiet");
        Assert.Equal(2, run.Exit);
        Assert.StartsWith("error CML0605: 2 inputs have 16777217 elements together; the CVM's single input holds 16777216", run.Error);
    }

    private void FollowsFloats(string model, int[] image, float range, params string[] names)
    {
        string data = Data(image, range, names);
        Compile(model, data);
        Dictionary<string, Tensor> real = Run(model, data), integers = Run(_folder["out"], data);
        var io = ModelIo.Read(Path.Combine(_folder["out"], ModelIo.FileName));
        Assert.Equal(2, real.Count);
        foreach (var output in io.Outputs)
        {
            Tensor expected = real[output.Name], found = integers[output.Name];
            Assert.Equal(expected.Shape, found.Shape);
            double most = Enumerable.Range(0, expected.Length).Max(i => Math.Abs(expected.GetDouble(i)));
            for (int i = 0; i < expected.Length; i++)
                Assert.InRange(found.GetDouble(i) / output.Scale, expected.GetDouble(i) - 0.04 * most, expected.GetDouble(i) + 0.04 * most);
        }
    }

    private void Compile(string model, string data)
    {
        var run = CliRun.Of("compile", model, "-o", _folder["out"], "--data", data, "--quiet");
        Assert.True(run.Exit == 0, run.Error);
    }

    private Dictionary<string, Tensor> Run(string model, string data)
    {
        Assert.Equal(0, CliRun.Of("run", model, "--data", data, "-o", _folder["found.npz"], "--quiet").Exit);
        using var archive = new NpzReader(_folder["found.npz"]);
        return archive.Keys.ToDictionary(k => k, archive.Read, StringComparer.Ordinal);
    }

    /// <summary>Two arrays: the first within ±1, the second of another magnitude.</summary>
    private string Data(int[] image, float range, params string[] names)
    {
        var random = new Random(5);
        Tensor<float> Uniform(Shape shape, float most) =>
            Tensor.Create(shape, Enumerable.Range(0, (int)shape.Count).Select(_ => most * (2 * random.NextSingle() - 1)).ToArray());
        var arrays = new[] { Uniform(Shape.Of([Samples, .. image]), 1), Uniform(Shape.Of(Samples, 3), range) };
        using (var file = File.Create(_folder["data.npz"])) NpzWriter.Write(
            file, (names.Length > 0 ? names : ["image", "extra"]).Zip(arrays, (name, array) => (name, (Tensor)array)));
        return _folder["data.npz"];
    }
}
