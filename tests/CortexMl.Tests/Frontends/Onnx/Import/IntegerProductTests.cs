using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Products of integers, and networks that quantize by the range of the data at hand.</summary>
public class IntegerProductTests
{
    private const int Float = 1;

    private static readonly Tensor<float> s_bytes = Tensor.Create(Shape.Of(2, 3), [0f, 7, 255, 12, 100, 3]);

    [Theory]
    [InlineData("x w")]
    [InlineData("x w xz")]
    [InlineData("x w xz wz")]
    [InlineData("x w xz each")]
    public void A_product_of_integers(string inputs)
    {
        var model = OfBytes([2, 3], Node("MatMulInteger", inputs, "i"), Node("Cast", "i", "y", Int("to", Float))).With(
            Raw("w", DataType.Int8, [3, 2], [1, 255, 3, 4, 128, 6]), Raw("xz", DataType.Uint8, [], [5]), Raw("wz", DataType.Int8, [], [2]),
            Raw("each", DataType.Int8, [2], [2, 255]));
        Agrees(model, s_bytes);
    }

    [Theory]
    [InlineData("x w")]
    [InlineData("x w xz")]
    public void A_convolution_of_integers(string inputs)
    {
        var product = Node("ConvInteger", inputs, "i", Ints("pads", 1, 0, 0, 1));
        var model = OfBytes([1, 1, 2, 3], product, Node("Cast", "i", "y", Int("to", Float))).With(
            Raw("w", DataType.Uint8, [1, 1, 2, 2], [1, 2, 3, 4]), Raw("xz", DataType.Uint8, [], [5]));
        Agrees(model, Tensor.Create(Shape.Of(1, 1, 2, 3), s_bytes.Data));
    }

    [Fact]
    public void What_is_quantized_by_the_data_at_hand_stands_for_the_data()
    {
        var model = Model(13, [2, 3],
            Node("DynamicQuantizeLinear", "x", "q s z"), Node("MatMulInteger", "q w z wz", "i"), Node("Cast", "i", "f", Int("to", Float)),
            Node("Mul", "s ws", "scale"), Node("Mul", "f scale", "y")).With(
            Raw("w", DataType.Int8, [3, 1], [1, 255, 3]), Raw("wz", DataType.Int8, [], [1]), Floats("ws", [1], 0.5f));
        var notes = new DiagnosticBag();
        var graph = model.Import(notes: notes);
        using var session = CortexMl.Float.FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        // (1 - 1, -1 - 1, 3 - 1) · 0.5
        Assert.Equal([1f, -2], session.Run([Tensor.Create(Shape.Of(2, 3), [0.25f, 2, 3, -1, 4, 2])])[0].Data);
        Assert.Contains(notes.Items, d => d.Message.Contains("left as it is, for the compiler to quantize", StringComparison.Ordinal));
    }

    [Fact]
    public void Integers_of_such_a_range_as_an_output_are_refused()
    {
        var model = Model(13, [2, 3], Node("DynamicQuantizeLinear", "x", "y s z"));
        Assert.Contains("its integers are an output of the network",
            Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics[0].Message, StringComparison.Ordinal);
    }

    private static ModelProto OfBytes(long[] shape, params NodeProto[] nodes)
    {
        var model = Model(13, shape, [Node("Cast", "real", "x", Int("to", (int)DataType.Uint8)), .. nodes]);
        model.Graph.Input.Clear();
        model.Graph.Input.Add(Info("real", shape));
        return model;
    }

    private static void Agrees(ModelProto model, Tensor<float> data)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Original.Agrees(folder["model.onnx"], graph, [data]);
    }
}
