using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Real numbers become integers toward zero; what is whole already costs nothing. Bounds and statistics that the network itself
/// computes.</summary>
public class CastTests
{
    private const int Float = 1, Int64 = 7, Int32 = 6;

    private static Graph Agrees(ModelProto model, params float[] numbers)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Tensor<float>[] data = numbers.Length > 0 ? [Tensor.Create(graph.Inputs[0].Type.Shape, numbers)] : Original.Signed(graph, 7);
        Original.Agrees(folder.Write("model.onnx", model.ToByteArray()), graph, data);
        return graph;
    }

    private static OpSpec[] Rows(Graph graph) => [.. graph.Operations.Where(o => o.Constant is null).Select(o => o.Spec)];

    [Theory]
    [InlineData(Int64)]
    [InlineData(Int32)]
    public void Toward_zero(int type)
    {
        var graph = Agrees(Model(13, [6], Node("Cast", "x", "i", Int("to", type)), Node("Cast", "i", "y", Int("to", Float))),
            -2.5f, -1, -0.25f, 0.75f, 2, 3.999f);
        Assert.Equal(2, Rows(graph).Count(row => row == NnUnary.Floor));
    }

    [Theory]
    [InlineData("Relu")]
    [InlineData("Sigmoid")]
    public void What_is_never_below_zero_takes_one_floor(string op)
    {
        var graph = Agrees(Model(13, [2, 2], Node(op, "x", "p"), Node("Reshape", "p s", "r"), Node("Cast", "r", "i", Int("to", Int64)),
            Node("Cast", "i", "y", Int("to", Float))).With(Longs("s", 4)), -1.5f, 1.5f, 20, 2.5f);
        Assert.Equal(3, Rows(graph).Count(row => row != NnUnary.Identity));
    }

    // round(x) · 2 - floor(x), larger of it and 3: whole by what makes it.
    [Fact]
    public void Whole_numbers_stay_as_they_are()
    {
        var graph = Agrees(Model(13, [4], Node("Round", "x", "a"), Node("Floor", "x", "b"), Node("Mul", "a two", "c"),
            Node("Sub", "c b", "d"), Node("Max", "d three", "e"), Node("Cast", "e", "i", Int("to", Int64)),
            Node("Cast", "i", "y", Int("to", Float))).With(Floats("two", [1], 2), Floats("three", [1], 3)), -1.5f, 1.5f, 20, 2.5f);
        Assert.DoesNotContain(NnBinary.Sub, Rows(graph)[5..]);
        Assert.Equal(1, Rows(graph).Count(row => row == NnUnary.Floor));
    }

    [Theory]
    [InlineData("Mul")]
    [InlineData("Add")]
    public void With_what_is_not_whole_they_are_none(string op)
    {
        var graph = Agrees(Model(13, [4], Node("Round", "x", "a"), Node(op, "a half", "b"), Node("Cast", "b", "i", Int("to", Int64)),
            Node("Cast", "i", "y", Int("to", Float))).With(Floats("half", [1], 0.5f)), -1.5f, 1.5f, 20, 3.5f);
        Assert.Equal(2, Rows(graph).Count(row => row == NnUnary.Floor));
    }

    [Fact]
    public void Integers_of_the_input_come_back_through_reals()
    {
        var model = Model(13, [4], Node("Cast", "x", "f", Int("to", Float)), Node("Cast", "f", "i", Int("to", Int64)),
            Node("Cast", "i", "g", Int("to", Float)), Node("Neg", "g", "y"));
        model.Graph.Input[0] = Info("x", [4], TensorProto.Types.DataType.Int32);
        Assert.DoesNotContain(NnUnary.Floor, Rows(model.Import()));
    }

    [Theory]
    [InlineData("x low high", new[] { "nn.reduce_max", "nn.reduce_mean", "nn.max", "nn.min" })]
    [InlineData("x low", new[] { "nn.reduce_mean", "nn.max" })]
    public void Bounds_that_come_with_the_data(string inputs, string[] rows)
    {
        var model = Model(13, [2, 3], Node("ReduceMax", "x", "high", Int("keepdims", 0)),
            Node("ReduceMean", "x", "low", Int("keepdims", 0)), Node("Clip", inputs, "y"));
        Assert.Equal(rows, Rows(Agrees(model)).Select(row => row.Name));
    }

    [Fact]
    public void A_bound_above_that_comes_with_the_data()
    {
        var clip = Node("Clip", "x", "y");
        clip.Input.Add(["", "high"]);
        var model = Model(13, [2, 3], Node("ReduceMean", "x", "high", Int("keepdims", 0)), clip);
        Assert.Equal([NnReduce.Mean, NnBinary.Min], Rows(Agrees(model)));
    }

    // (x - mean) / √(variance + ε) · scale + bias, as tf2onnx writes layer normalisation.
    [Fact]
    public void Batch_normalisation_by_statistics_of_the_data()
    {
        var model = Model(13, [1, 2, 6, 1], Node("ReduceMean", "x", "m", Ints("axes", 0, 2, 3)), Node("Sub", "x m", "d"),
            Node("ReduceSumSquare", "d", "s", Ints("axes", 0, 2, 3), Int("keepdims", 0)), Node("Squeeze", "m axes", "mean"),
            Node("Div", "s six", "variance"), Node("BatchNormalization", "x scale bias mean variance", "y"))
            .With(Longs("axes", 0, 2, 3), Floats("six", [], 6), Floats("scale", [2], 2, 3), Floats("bias", [2], -1, 1));
        Assert.DoesNotContain(NnConv.BatchNorm, Rows(Agrees(model)));
    }
}
