using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Elements written at places that the file names: numbers as ONNX Runtime's, and no more operations than needed.</summary>
public class ScatterTests
{
    private static Graph Agrees(ModelProto model)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Original.Agrees(folder.Write("model.onnx", model.ToByteArray()), graph, Original.Signed(graph, 4));
        return graph;
    }

    private static IEnumerable<OpSpec> Rows(Graph graph) => graph.Operations.Where(o => o.Constant is null).Select(o => o.Spec);

    private static TensorProto Indices(long[] dims, params long[] data)
    {
        var tensor = Longs("i", data);
        tensor.Dims.Clear();
        tensor.Dims.Add(dims);
        return tensor;
    }

    /// <summary>Of x [3, 4] and updates u.</summary>
    private static ModelProto Scatter(string op, long[] updates, TensorProto indices, params AttributeProto[] attributes)
    {
        var model = Model(18, [3, 4], Node(op, "x i u", "y", attributes)).With(indices);
        model.Graph.Input.Add(Info("u", updates));
        return model;
    }

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    // x[1:3, 1:3] = u
    [Fact]
    public void A_block_stands_between_slices()
    {
        var model = Scatter("ScatterND", [2, 2], Indices([2, 2, 2], 1, 1, 1, 2, 2, 1, 2, 2));
        Assert.Equal([NnShape.Slice, NnShape.Slice, NnShape.Concat, NnShape.Slice, NnShape.Concat], Rows(Agrees(model)));
    }

    // x[-1] = u
    [Fact]
    public void A_row_at_the_end_needs_one_slice()
    {
        var model = Scatter("ScatterND", [1, 4], Indices([1, 1], -1));
        Assert.Equal([NnShape.Slice, NnShape.Concat], Rows(Agrees(model)));
    }

    [Fact]
    public void All_that_is_written_is_all_that_stays()
    {
        var model = Scatter("ScatterND", [3, 4], Indices([3, 1], 0, 1, 2));
        Assert.Equal([NnShape.Reshape], Rows(Agrees(model)));
    }

    [Theory]
    [InlineData(new long[] { 2, 0 })]
    [InlineData(new long[] { 1, 1 })]
    public void What_is_no_block_in_order_is_taken_from_one_row(long[] rows)
    {
        var model = Scatter("ScatterND", [2, 4], Indices([2, 1], rows));
        Assert.Contains(NnLookup.Take, Rows(Agrees(model)));
    }

    [Fact]
    public void Elements_along_an_axis()
    {
        var model = Scatter("ScatterElements", [2, 3], Indices([2, 3], 3, 0, -2, 1, 2, 0), Int("axis", 1));
        Assert.Contains(NnLookup.Take, Rows(Agrees(model)));
    }

    [Theory]
    [InlineData("add", "nn.add")]
    [InlineData("mul", "nn.mul")]
    [InlineData("max", "nn.max")]
    [InlineData("min", "nn.min")]
    public void Reduction_takes_a_round_for_each_time_that_a_place_is_named(string reduction, string row)
    {
        var model = Scatter("ScatterND", [3, 4], Indices([3, 1], 2, 0, 2), Text("reduction", reduction));
        Assert.Equal(2, Rows(Agrees(model)).Count(spec => spec.Name == row));
        model = Scatter("ScatterElements", [2, 4], Indices([2, 4], 2, 0, 2, 1, 2, 0, 1, 1), Int("axis", 0), Text("reduction", reduction));
        Assert.Equal(2, Rows(Agrees(model)).Count(spec => spec.Name == row));
    }

    [Fact]
    public void Known_tensors_are_written_at_once()
    {
        var model = Model(18, [4], Node("ScatterND", "k i u", "k2"), Node("Add", "x k2", "y"))
            .With(Indices([2, 1], 3, 0), Floats("k", [4], 1, 2, 3, 4), Floats("u", [2], 5, 6));
        Assert.Equal([NnBinary.Add], Rows(Agrees(model)));
    }

    [Fact]
    public void Indices_of_elements_that_come_with_the_data_are_refused()
    {
        var model = Model(18, [3, 4], Node("ScatterElements", "x i u", "y")).With(Floats("u", [1, 4], 1, 2, 3, 4));
        model.Graph.Input.Add(Info("i", [1, 4], DataType.Int64));
        var error = Assert.Throws<DiagnosticException>(() => model.Import());
        Assert.StartsWith(
            "ScatterElements 'y': the indices depends on the network's input", error.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "index 3 is outside an axis of 3")]
    [InlineData(0, "updates [2, 4] where the indices name [1, 4]")]
    public void What_does_not_fit_is_told(long index, string message)
    {
        var error = Assert.Throws<DiagnosticException>(() => Scatter("ScatterND", [2, 4], Indices([1, 1], index)).Import());
        Assert.StartsWith($"ScatterND 'y': {message}", error.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void So_many_rounds_are_too_many()
    {
        var model = Scatter("ScatterND", [17, 4], Indices([17, 1], new long[17]), Text("reduction", "add"));
        var error = Assert.Throws<DiagnosticException>(() => model.Import());
        Assert.StartsWith("ScatterND 'y': a place is reduced into 17 times", error.Diagnostics[0].Message, StringComparison.Ordinal);
    }
}
