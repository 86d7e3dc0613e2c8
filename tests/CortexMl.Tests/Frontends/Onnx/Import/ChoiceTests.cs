using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>What sorts, jumps, multiplies out or leaves a remainder: numbers as ONNX Runtime's on the file.</summary>
public class ChoiceTests
{
    private static Graph Agrees(ModelProto model, params float[] numbers)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Tensor<float>[] data = numbers.Length > 0 ? [Tensor.Create(graph.Inputs[0].Type.Shape, numbers)] : Original.Signed(graph, 7);
        Original.Agrees(folder.Write("model.onnx", model.ToByteArray()), graph, data);
        return graph;
    }

    private static AttributeProto Number(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    private static ModelProto TopK(long[] shape, long k, params AttributeProto[] attributes) =>
        Model(13, shape, Node("TopK", "x k", "v i", attributes), Node("Cast", "i", "f", Int("to", 1)), Node("Add", "v f", "y"))
            .With(Longs("k", k));

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void The_largest_and_their_places(long axis, long largest) =>
        Agrees(TopK([3, 3, 4], 2, Int("axis", axis), Int("largest", largest)));

    [Fact]
    public void Of_equal_ones_the_first_leads() => Agrees(TopK([1, 6], 4), 2, 5, 2, 5, 5, 1);

    [Theory]
    [InlineData(5, "k is 5")]
    [InlineData(0, "k is 0")]
    public void More_than_there_are_is_refused(long k, string message)
    {
        var error = Assert.Throws<DiagnosticException>(() => TopK([1, 4], k).Import());
        Assert.StartsWith($"TopK 'v i': {message}", error.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_pairs_are_refused()
    {
        var error = Assert.Throws<DiagnosticException>(() => TopK([3, 4096], 1).Import());
        Assert.Contains("each is compared with each", error.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13, 1)]
    [InlineData(13, -1)]
    [InlineData(11, 1)]
    public void Hardmax(int opset, long axis) =>
        Agrees(Model(opset, [2, 3, 2], Node("Hardmax", "x", "y", Int("axis", axis))), 1, 5, 5, 5, 2, 0, -1, -1, -3, -1, -2, -7);

    [Theory]
    [InlineData("ThresholdedRelu", "alpha", 0.5f)]
    [InlineData("Shrink", "lambd", 0.5f)]
    public void Jumps(string op, string attribute, float value) =>
        Agrees(Model(10, [6], Node(op, "x", "y", Number(attribute, value))), -1, -0.5f, -0.25f, 0.25f, 0.5f, 2);

    [Fact]
    public void A_bias_beyond_the_jump() =>
        Agrees(Model(10, [6], Node("Shrink", "x", "y", Number("lambd", 0.5f), Number("bias", 0.25f))), -1, -0.5f, -0.25f, 0.25f, 0.5f, 2);

    [Theory]
    [InlineData(new long[] { 1 }, 1)]
    [InlineData(new long[] { 0, 2 }, 0)]
    public void Products(long[] axes, long keep) =>
        Agrees(Model(13, [2, 3, 5], Node("ReduceProd", "x", "y", Ints("axes", axes), Int("keepdims", keep))));

    [Fact]
    public void A_long_product_is_refused()
    {
        var error = Assert.Throws<DiagnosticException>(() => Model(13, [2, 17], Node("ReduceProd", "x", "y", Ints("axes", 1))).Import());
        Assert.StartsWith("ReduceProd 'y': a product of 17 numbers", error.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Remainders_of_reals_have_the_sign_of_what_is_divided() =>
        Agrees(Model(13, [6], Node("Mod", "x b", "y", Int("fmod", 1))).With(Floats("b", [1], 2)), -4.5f, -1, 0, 1.5f, 3, 4);

    // Integers: a remainder of the divisor's sign, a quotient toward zero, a sum.
    [Theory]
    [InlineData("Mod")]
    [InlineData("Div")]
    [InlineData("Add")]
    public void Whole_numbers(string op)
    {
        var model = Model(13, [6], Node("Cast", "x", "a", Int("to", (int)DataType.Int64)), Node(op, "a b", "c"),
            Node("Cast", "c", "y", Int("to", 1))).With(Longs("b", 3));
        Agrees(model, -7, -3, -1, 0, 2, 8);
    }

    [Theory]
    [InlineData("Tan")]
    [InlineData("Sinh")]
    [InlineData("Cosh")]
    public void Of_sines_and_exponentials(string op) => Agrees(Model(9, [12], Node(op, "x", "y")));
}
