using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Comparisons, logic and choices that depend on data, against ONNX Runtime on the file; many numbers are equal.</summary>
public class TruthTests
{
    private const int Float = 1, Truth = 9, Whole = 7;

    [Theory]
    [InlineData("Equal")]
    [InlineData("Less")]
    [InlineData("LessOrEqual")]
    [InlineData("Greater")]
    [InlineData("GreaterOrEqual")]
    public void Comparisons_of_values_and_with_constants(string op)
    {
        Agrees(Compared(Node(op, "x z", "t"), Node("Cast", "t", "y", Int("to", Float))));
        Agrees(Compared(Node(op, "x c", "t"), Node("Cast", "t", "y", Int("to", Float))));
        Agrees(Compared(Node(op, "c x", "t"), Node("Cast", "t", "y", Int("to", Float))));
    }

    [Theory]
    [InlineData("Equal")]
    [InlineData("Less")]
    [InlineData("LessOrEqual")]
    [InlineData("Greater")]
    [InlineData("GreaterOrEqual")]
    public void Comparisons_of_whole_numbers(string op)
    {
        NodeProto whole = Node("Cast", "x", "i", Int("to", Whole)), other = Node("Cast", "z", "j", Int("to", Whole)),
            answer = Node("Cast", "t", "y", Int("to", Float));
        Agrees(Compared(whole, other, Node(op, "i j", "t"), answer));
        Agrees(Compared(whole, Node(op, "i w", "t"), answer).With(Longs("w", -1, 0, 1, -1, 0, 1)));
        Agrees(Compared(whole, Node(op, "w i", "t"), answer).With(Longs("w", -1, 0, 1, -1, 0, 1)));
        // Halves are no whole numbers.
        Agrees(Compared(whole, Node("Cast", "i", "f", Int("to", Float)), Node(op, "f z", "t"), answer));
    }

    [Theory]
    [InlineData("And")]
    [InlineData("Or")]
    [InlineData("Xor")]
    public void Logic(string op) => Agrees(Compared(
        Node("Greater", "x c", "a"), Node("Less", "z c", "b"), Node(op, "a b", "t"), Node("Not", "t", "u"),
        Node("Cast", "u", "y", Int("to", Float))));

    [Fact]
    public void A_choice_by_data() => Agrees(Compared(Node("Greater", "x z", "t"), Node("Where", "t x c", "y")));

    [Fact]
    public void Numbers_become_truths_and_truths_numbers() => Agrees(Compared(
        Node("Cast", "x", "t", Int("to", Truth)), Node("Cast", "t", "i", Int("to", Whole)), Node("Cast", "i", "y", Int("to", Float))));

    [Theory]
    [InlineData("Sign")]
    [InlineData("Round")]
    public void Sign_and_round(string op) => Agrees(Compared(Node(op, "x", "y")));

    /// <summary>x and z of [2, 6], c of [6]: halves from -1.5 to 1.5.</summary>
    private static ModelProto Compared(params NodeProto[] nodes)
    {
        var model = Model(16, [2, 6], nodes).With(Floats("c", [6], -1, -0.5f, 0, 0.5f, 1, 1.5f));
        if (nodes.Any(n => n.Input.Contains("z"))) model.Graph.Input.Add(Info("z", [2, 6]));
        return model;
    }

    private static void Agrees(ModelProto model)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Tensor<float>[] data = [.. graph.Inputs.Select((input, k) =>
            Tensor.Create(input.Type.Shape, [.. Enumerable.Range(0, 12).Select(i => (i * (k + 3) % 7 - 3) / 2f)]))];
        Original.Agrees(folder["model.onnx"], graph, data);
    }
}
