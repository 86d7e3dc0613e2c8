using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using Google.Protobuf;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary><c>ScatterND</c> to places that come with the data (k, k + 1), against ONNX Runtime on the file.</summary>
public class MovingWriteTests
{
    private const int Real = 1;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_row(float k) => Agrees(k, Node("Unsqueeze", "s axes", "at"), Node("ScatterND", "x at row", "y"));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Single_elements(float k) => Agrees(k,
        Node("Add", "s one", "t"), Node("Concat", "s t", "first", Int("axis", 0)), Node("Concat", "t s", "second", Int("axis", 0)),
        Node("Unsqueeze", "first axes", "f"), Node("Unsqueeze", "second axes", "g"), Node("Concat", "f g", "at", Int("axis", 0)),
        Node("ScatterND", "x at pair", "y"));

    [Fact]
    public void Elements_of_the_data_itself() => Agrees(1,
        Node("Slice", "x zero one", "top"), Node("Unsqueeze", "s axes", "at"), Node("ScatterND", "x at top", "y"));

    [Fact]
    public void Updates_that_do_not_fit_are_told() => Tells(
        "updates [2] where the indices name [1, 6]", Node("Unsqueeze", "s axes", "at"), Node("ScatterND", "x at pair", "y"));

    [Fact]
    public void Indices_that_are_too_long_are_told() => Tells(
        "indices [1, 3] beside data [4, 6]", Node("Concat", "s s s", "three", Int("axis", 0)), Node("Unsqueeze", "three axes", "at"),
        Node("ScatterND", "x at row", "y"));

    [Fact]
    public void More_comparisons_than_are_made_are_told() => Tells(
        "the places in [24] come with the network's input, and each is compared with all that there are",
        Node("Reshape", "x flat", "d"), Node("Expand", "s column", "at"), Node("Expand", "s many", "t"),
        Node("Cast", "t", "u", Int("to", Real)), Node("ScatterND", "d at u", "y"));

    [Fact]
    public void A_reduction_keeps_its_reason() => Tells(
        "the indices depends on the network's input", Node("Unsqueeze", "s axes", "at"),
        Node("ScatterND", "x at row", "y", Reduction("add")));

    private static AttributeProto Reduction(string name) =>
        new() { Name = "reduction", Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(name) };

    private static void Tells(string message, params NodeProto[] nodes) => Assert.Contains(message,
        Assert.Throws<DiagnosticException>(() => Moving(nodes).Import()).Diagnostics[0].Message, StringComparison.Ordinal);

    private static ModelProto Moving(params NodeProto[] nodes) => MovingModel.Of(16,
    [
        Longs("axes", 0), Longs("zero", 0), Longs("one", 1), Floats("pair", [2], 0.5f, -0.5f),
        Floats("row", [1, 6], 1, 2, 3, -1, -2, -3), Longs("flat", 24), Longs("column", 200_000, 1), Longs("many", 200_000),
    ], nodes);

    private static void Agrees(float k, params NodeProto[] nodes) => MovingModel.Agrees(Moving(nodes), k);
}
