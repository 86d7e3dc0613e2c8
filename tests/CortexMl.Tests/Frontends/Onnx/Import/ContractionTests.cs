using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Einstein and running sums, indices of extremes, quantized operators of com.microsoft, against ONNX Runtime.</summary>
public class ContractionTests
{
    private const int Float = 1;

    [Theory]
    [InlineData("abc,cd->abd", new long[] { 2, 3, 4 }, new long[] { 4, 5 })]
    [InlineData("bchw,dc->bdhw", new long[] { 1, 3, 4, 2 }, new long[] { 5, 3 })]
    [InlineData("bhqd,bhkd->bhqk", new long[] { 2, 3, 4, 5 }, new long[] { 2, 3, 6, 5 })]
    [InlineData("ij,jk", new long[] { 2, 3 }, new long[] { 3, 4 })]
    [InlineData("ij,ij->ij", new long[] { 2, 3 }, new long[] { 2, 3 })]
    [InlineData("i,j->ji", new long[] { 2 }, new long[] { 3 })]
    [InlineData("ij,ij->", new long[] { 2, 3 }, new long[] { 2, 3 })]
    [InlineData("abc, cd -> d a", new long[] { 2, 3, 4 }, new long[] { 4, 5 })]
    public void Sums_of_two(string equation, long[] first, long[] second)
    {
        Agrees(Einsum(equation, first, second));
        // The second as a constant.
        var model = Einsum(equation, first, second);
        model.Graph.Input.RemoveAt(1);
        int count = (int)second.Aggregate(1L, (a, b) => a * b);
        Agrees(model.With(Floats("z", second, [.. Enumerable.Range(0, count).Select(i => i * 0.3f - 1)])));
    }

    [Theory]
    [InlineData("ijk->kij")]
    [InlineData("ijk->j")]
    [InlineData("ijk->ijk")]
    public void Sums_of_one(string equation) =>
        Agrees(Model(13, [2, 3, 4], Node("Einsum", "x", "y", Text("equation", equation))));

    [Theory]
    [InlineData("ii->i", "equation = 'ii->i' is not supported")]
    [InlineData("...i->...", "equation = '...i->...' is not supported")]
    [InlineData("ij,ij->ij", "equation = 'ij,ij->ij' is not supported")]
    [InlineData("ij->ik", "'ij->ik' has a letter that no operand has")]
    [InlineData("ijk->ijk", "'ijk' does not fit [2, 2]")]
    public void Other_sums_are_refused(string equation, string message)
    {
        var model = Model(13, [2, 2], Node("Einsum", "x", "y", Text("equation", equation)));
        var error = Assert.Single(Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(-1, 0, 1)]
    [InlineData(2, 1, 1)]
    public void Running_sums(int axis, int exclusive, int reverse)
    {
        var node = Node("CumSum", "x axis", "y", Int("exclusive", exclusive), Int("reverse", reverse));
        Agrees(Model(14, [2, 3, 4], node).With(Longs("axis", axis)));
    }

    [Fact]
    public void A_running_sum_of_a_vector() => Agrees(Model(14, [5], Node("CumSum", "x axis", "y")).With(Longs("axis", 0)));

    [Theory]
    [InlineData("ArgMax", 0, 1, 0)]
    [InlineData("ArgMax", 1, 0, 0)]
    [InlineData("ArgMax", -1, 1, 1)]
    [InlineData("ArgMin", 2, 0, 0)]
    [InlineData("ArgMin", 1, 1, 1)]
    public void Indices_of_extremes_the_first_and_the_last_of_equals(string op, int axis, int keep, int last) => Agrees(
        Model(13, [2, 3, 4], Node(op, "x", "i", Int("axis", axis), Int("keepdims", keep), Int("select_last_index", last)),
            Node("Cast", "i", "y", Int("to", Float))), distinct: 3);

    [Theory]
    [InlineData(-1, 0f, 1f)]
    [InlineData(0, -2f, 3f)]
    [InlineData(1, 0f, 1f)]
    public void One_of_many_by_an_index(int axis, float off, float on) => Agrees(
        Model(13, [2, 3, 4], Node("ArgMax", "x", "i", Int("axis", 2), Int("keepdims", 0)),
            Node("OneHot", "i depth values", "y", Int("axis", axis)))
            .With(Longs("depth", 4), Floats("values", [2], off, on)));

    [Theory]
    [InlineData("QLinearAdd")]
    [InlineData("QLinearMul")]
    public void Quantized_operators_of_two(string op) => Close(Node(op, "q s z q s z t z", "r"));

    [Theory]
    [InlineData("QLinearGlobalAveragePool")]
    [InlineData("QLinearSigmoid")]
    [InlineData("QLinearLeakyRelu")]
    public void Quantized_operators_of_one(string op) => Close(Node(op, "q s z t z", "r"));

    [Fact]
    public void Quantized_parts_joined() => Close(Node("QLinearConcat", "t z q s z q s z", "r", Int("axis", 1)));

    /// <summary>x quantized at 1/64, the operator, its integers at 1/64 made real: within two steps, which are not rounded here.</summary>
    private static void Close(NodeProto node)
    {
        node.Domain = "com.microsoft";
        var model = Model(13, [1, 2, 3, 3], Node("QuantizeLinear", "x s z", "q"), node, Node("DequantizeLinear", "r t z", "y"))
            .With(Floats("s", [], 1 / 64f), Floats("t", [], 1 / 64f), Raw("z", TensorProto.Types.DataType.Uint8, [], [40]));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        var data = Original.Signed(graph, 3);
        var expected = Original.Run(folder["model.onnx"], ["x"], data)[0];
        using var session = CortexMl.Float.FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        var found = session.Run(data)[0];
        Assert.Equal(expected.Shape, found.Shape);
        Assert.All(expected.Data.Zip(found.Data), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, 2 / 64f));
    }

    private static ModelProto Einsum(string equation, long[] first, long[] second)
    {
        var model = Model(13, first, Node("Einsum", "x z", "y", Text("equation", equation)));
        model.Graph.Input.Add(Info("z", second));
        return model;
    }

    /// <param name="distinct">So many different numbers; 0 for all.</param>
    private static void Agrees(ModelProto model, int distinct = 0)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        var data = Original.Signed(graph, 3);
        if (distinct > 0)
            data = [.. data.Select(t => Tensor.Create(t.Shape, Array.ConvertAll(t.Data, v => MathF.Floor(v * distinct) / distinct)))];
        Original.Agrees(folder["model.onnx"], graph, data);
    }

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };
}
