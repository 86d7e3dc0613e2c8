using CortexMl.Diagnostics;
using CortexMl.Engines.Float;
using CortexMl.Engines.Interpreter;
using CortexMl.Evaluating;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Peers;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Frontends.Onnx;

/// <summary>Integer networks written as ONNX to compare speed with: run by ONNX Runtime they say nearly the same.</summary>
public sealed class PeerTests
{
    private const string Convolution =
        "%r = cvm.conv2d(%x, @w, @b) {channels = 4, kernel_size = [3, 3], padding = [1, 1]}\n%m = cvm.broadcast_mul(%r, @m)\n%o = cvm.cvm_right_shift(%m) {precision = 8, shift_bit = 15}";

    /// <summary>A body over %x: i8[1, 4, 6, 6], %y: i8[1, 4, 6, 6] and %t, which is %x after relu.</summary>
    public static TheoryData<string> Bodies =>
    [
Convolution,
        "%r = cvm.conv2d(%t, @v, @b) {channels = 4, groups = 4, kernel_size = [3, 3], strides = [2, 2]}\n%s = cvm.relu(%r)\n%o = cvm.cvm_right_shift(%s) {precision = 8, shift_bit = 9}",
        "%f = cvm.flatten(%t)\n%r = cvm.dense(%f, @d) {units = 3, use_bias = false}\n%o = cvm.cvm_right_shift(%r) {precision = 8, shift_bit = 11}",
        "%a = cvm.elemwise_add(%x, %y)\n%s = cvm.relu(%a)\n%o = cvm.cvm_right_shift(%s) {precision = 8, shift_bit = 1}",
        "%h = cvm.cvm_right_shift(%x) {precision = 8, shift_bit = 2}\n%a = cvm.broadcast_add(%y, %h)\n%o = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 1}",
        "%a = cvm.elemwise_sub(%x, %y)\n%o = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 1}",
        "%a = cvm.broadcast_mul(%x, %y)\n%o = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 7}",
        "%a = cvm.sum(%x) {axis = [2, 3]}\n%o = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 5}",
        "%a = cvm.sum(%t) {axis = [2, 3], keepdims = true}\n%o = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 5}",
        "%a = cvm.sum(%x) {axis = [1]}\n%o = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 2}",
        "%o = cvm.max(%x) {axis = [1, 3]}",
        "%a = cvm.max_pool2d(%x) {ceil_mode = true, pool_size = [3, 2], strides = [2, 3], padding = [1, 1]}\n%o = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 1}",
        "%u = cvm.upsampling(%x) {scale = 2}\n%o = cvm.cvm_left_shift(%u) {precision = 8, shift_bit = 2}",
        "%a = cvm.concatenate(%x, %t) {axis = 1}\n%b = cvm.transpose(%a) {axes = [0, 2, 3, 1]}\n%o = cvm.strided_slice(%b) {begin = [0, 5, 0, 7], end = [1, -7, 6, 2], stride = [1, -1, 2, -2]}",
        "%q = cvm.reshape(%x) {shape = [4, 36]}\n%e = cvm.expand_dims(%q) {axis = 1}\n%s = cvm.squeeze(%e)\n%o = cvm.slice_like(%s, @like)",
        "%n = cvm.negative(%x)\n%a = cvm.abs(%n)\n%b = cvm.broadcast_max(%a, %y)\n%o = cvm.clip(%b) {a_min = -3, a_max = 90}",
        "%o = cvm.cvm_lut(%x, @table) {in_dim = 9}",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void In_float_a_network_says_the_same_up_to_rounding(string body) => Compare(body, PeerKind.Float, tolerance: 1);

    [Theory]
    [MemberData(nameof(Bodies))]
    public void In_8_bits_a_network_says_the_same_up_to_two_steps(string body) => Compare(body, PeerKind.Int8, tolerance: 2);

    [Fact]
    public void The_same_network_gives_the_same_bytes() => Assert.Equal(
        PeerExporter.Export(Graph(Convolution), PeerKind.Int8).Bytes, PeerExporter.Export(Graph(Convolution), PeerKind.Int8).Bytes);

    [Fact]
    public void Operators_without_a_counterpart_are_named_together()
    {
        var graph = Graph("%c = cvm.cvm_precision(%x)\n%o = cvm.where(%c, %y, %t)");
        var error = Assert.Throws<DiagnosticException>(() => PeerExporter.Export(graph, PeerKind.Int8));
        Assert.Equal(["cvm.cvm_precision has no counterpart in ONNX (1 operation)", "cvm.where has no counterpart in ONNX (1 operation)"],
            error.Diagnostics.Select(d => d.Message));
        Assert.All(error.Diagnostics, d => Assert.Equal(OnnxCodes.NoPeer, d.Code));
    }

    /// <summary>Of 300 digits at most 3 may differ: the peer rounds ties to even and clamps at other limits.</summary>
    [Theory]
    [InlineData(PeerKind.Int8)]
    [InlineData(PeerKind.Float)]
    public void Peers_of_a_trained_network_read_the_same_digits(PeerKind kind)
    {
        const int Images = 300, Allowed = 3;
        string folder = Repository.Path("golden", "models", "mnist-dapp");
        using var compiled = new TemporaryFolder();
        Assert.Equal(0,
            CliRun.Of("compile", folder, "-o", compiled["out"], "--quiet", "--data", Path.Combine(folder, "calibration.npy"), "--samples",
            "64", "--scale", "1/255").Exit);
        var model = ModelLoader.Load(compiled["out"]);
        var images = ((Tensor<byte>)NpyReader.Read(Path.Combine(folder, "test-images.npy"))).Data;
        using var engine = Runners.Prepare(model, new RunOptions());
        using var peer = Session(model.Graph, kind);
        int different = 0;
        for (int i = 0; i < Images; i++)
        {
            var pixels =
                Tensor.Create(Shape.Of(1, 1, 28, 28), images[(i * 784)..((i + 1) * 784)].Select(p => p * (float)(1.0 / 255)).ToArray());
            var port = model.Io!.Inputs[0];
            var input = InputQuantizer.Quantize(pixels, port.Scale, 8, port.Centering);
            if (Ranking.Top1(engine.Run([input])[0]) != Ranking.Top1(peer.Run([input.ToFloat()])[0])) different++;
        }
        Assert.InRange(different, 0, Allowed);
    }

    private static void Compare(string body, PeerKind kind, double tolerance)
    {
        var graph = Graph(body);
        var inputs = RandomInputs.Of(graph, seed: 3);
        using var interpreter = new InterpreterEngine().Prepare(graph);
        using var peer = Session(graph, kind);
        var (expected, found) = (interpreter.Run(inputs)[0], peer.Run([.. inputs.Select(i => i.ToFloat())])[0]);
        Assert.Equal(expected.Shape, found.Shape);
        for (int i = 0; i < found.Length; i++)
            Assert.True(Math.Abs(expected.Data[i] - Math.Clamp(found.Data[i], -127, 127)) <= tolerance,
                $"element {i}: {found.Data[i]} instead of {expected.Data[i]}");
    }

    private static FloatSession Session(Graph graph, PeerKind kind)
    {
        var peer = PeerExporter.Export(graph, kind);
        return new FloatSession(peer.Bytes, peer.Inputs, peer.Outputs, FloatOptions.Peer(threads: 1));
    }

    // Weights of 7 bits: without an instruction for sums of four products ONNX Runtime adds two in 16 bits, which 8 bits may overflow.
    private static Graph Graph(string body) => TextParser.ParseOne($$"""
        graph @g(%x: i8[1, 4, 6, 6], %y: i8[1, 4, 6, 6]) {
          @w: i7[4, 4, 3, 3] = random(3)
          @v: i7[4, 1, 3, 3] = random(4)
          @d: i7[3, 144] = random(5)
          @b: i12[4] = [1, -2, 3, -2047]
          @m: i6[4, 1, 1] = [1, 9, 17, 31]
          @like: i2[2, 10] = random(6)
          @table: i8[9] = [5, -8, 100, 3, 0, 7, -127, 1, 60]
          %t = cvm.relu(%x)
        {{body}}
          return %o
        }
        """);
}
