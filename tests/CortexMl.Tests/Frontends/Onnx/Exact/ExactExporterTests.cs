using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Tests.Engines;
using CortexMl.Text;
using Xunit;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Tests.Frontends.Onnx.Exact;

/// <summary>What stands in the file; that its numbers are right is tried where ONNX Runtime runs it as an engine.</summary>
public sealed class ExactExporterTests
{
    private static readonly DataType[] s_allowed = [DataType.Uint8, DataType.Int32, DataType.Int64, DataType.Bool];

    public static TheoryData<string> Rows => [.. OperatorGraphs.Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void No_tensor_attribute_or_cast_is_of_floating_point(string row)
    {
        for (int seed = 0; seed < EngineContract.OperatorSeeds; seed++)
        {
            if (Exported(OperatorGraphs.Of(OpTable.Find(row)!, seed)) is { } model) Assert.Empty(Floats(model.Graph));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Only_standard_operators_are_used(string row)
    {
        for (int seed = 0; seed < EngineContract.OperatorSeeds; seed++)
        {
            if (Exported(OperatorGraphs.Of(OpTable.Find(row)!, seed)) is not { } model) continue;
            Assert.All(model.Graph.Node, node => Assert.Equal("", node.Domain));
            Assert.Equal(("", 17), (Assert.Single(model.OpsetImport).Domain, model.OpsetImport[0].Version));
        }
    }

    [Fact]
    public void Every_row_of_the_cvm_has_a_form() =>
        Assert.Equal(OpTable.Rows.Where(row => row.Levels.HasFlag(Level.Cvm)), ExactExporter.Forms.Select(form => form.Row));

    [Fact]
    public void Inputs_and_outputs_keep_names_and_are_of_32_bits()
    {
        var graph = Parse("graph @g(%x: i8[2]) {\n  %y = cvm.relu(%x)\n  %z = cvm.negative(%y)\n  return %y, %z, %x\n}");
        var exported = ExactExporter.Export(graph, [graph.Operations[0].Result]);
        Assert.Equal(["x"], exported.Inputs);
        Assert.Equal(["y", "z", "x.1"], exported.Outputs);
        Assert.Equal(["y"], exported.Observed);
        var model = ModelProto.Parser.ParseFrom(exported.Bytes).Graph;
        Assert.All(model.Input.Concat(model.Output), info => Assert.Equal((int)DataType.Int32, info.Type.TensorType.ElemType));
    }

    [Fact]
    public void The_same_graph_gives_the_same_bytes()
    {
        byte[] Bytes() => ExactExporter.Export(Parse(Convolution("i8", 4))).Bytes;
        Assert.Equal(Bytes(), Bytes());
    }

    /// <summary>Bytes with sign saturate on processors that add two products in 16 bits.</summary>
    [Fact]
    public void Products_are_of_bytes_without_sign()
    {
        var model = ModelProto.Parser.ParseFrom(ExactExporter.Export(Parse(Convolution("i8", 4))).Bytes).Graph;
        var product = Assert.Single(model.Node, node => node.OpType == "ConvInteger");
        Assert.Equal(DataType.Uint8, (DataType)model.Initializer.Single(t => t.Name == product.Input[1]).DataType);
        Assert.Contains(model.Node, node => node.OpType == "Cast" && node.Output[0] == product.Input[0]
            && node.Attribute[0].I == (long)DataType.Uint8);
    }

    [Theory]
    [InlineData("cvm.elemwise_add(%c, %c)", "i31", false)]
    [InlineData("cvm.elemwise_add(%c, %c)", "i32", true)]
    [InlineData("cvm.broadcast_mul(%c, %c)", "i16", false)]
    [InlineData("cvm.broadcast_mul(%c, %c)", "i17", true)]
    [InlineData("cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 4}", "i30", false)]
    [InlineData("cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 4}", "i32", true)]
    [InlineData("cvm.negative(%c)", "i32", false)]
    public void Int64_is_used_where_32_bits_could_overflow(string operation, string element, bool isWide)
    {
        // A choice claims the precision of its condition, whatever it holds.
        var graph = Parse($$"""
            graph @g(%x: {{element}}[2]) {
              @one: i2[2] = [1, 1]
              %c = cvm.where(@one, %x, %x)
              %y = {{operation}}
              return %y
            }
            """);
        var model = ModelProto.Parser.ParseFrom(ExactExporter.Export(graph).Bytes).Graph;
        Assert.Equal(isWide, model.Node.Any(n => n.OpType == "Cast" && n.Attribute[0].I == (long)DataType.Int64));
    }

    [Fact]
    public void Operations_that_are_not_exact_are_told_together()
    {
        var graph = Parse("""
            graph @g(%b: i32[1, 4, 6], %n: i4[1], %c: i8[1, 2, 3, 3], %x: i9[1, 2, 3, 3]) {
              @w: i8[1, 2, 1, 1] = [1, 2]
              %y = cvm.where(%c, %x, %x)
              %z = cvm.conv2d(%y, @w) {channels = 1, kernel_size = [1, 1], use_bias = false}
              %k = cvm.non_max_suppression(%b, %n)
              return %z, %k
            }
            """);
        var error = Assert.Throws<DiagnosticException>(() => ExactExporter.Export(graph));
        Assert.Equal(
            [
                "cvm.conv2d has no exact form: its data [-255, 255] does not fit 8 bits (1 operation)",
                "cvm.non_max_suppression has no exact form: areas of boxes whose corners are [-2147483647, 2147483647] can exceed 64 bits "
                + "(1 operation)",
            ],
            error.Diagnostics.Select(d => d.Message));
        Assert.All(error.Diagnostics, d => Assert.Equal(OnnxCodes.NotExact, d.Code));
    }

    [Fact]
    public void A_float_graph_is_refused()
    {
        var error = Assert.Throws<DiagnosticException>(() => ExactExporter.Export(
            Parse("graph @g(%x: f32[2]) {\n  %y = nn.relu(%x)\n  return %y\n}")));
        Assert.Equal((OnnxCodes.NotExportable, "compile it first; --format onnx writes the float level"),
            (error.Diagnostics[0].Code, error.Diagnostics[0].Hint));
    }

    private static string Convolution(string element, int channels) => $$"""
        graph @g(%x: {{element}}[1, {{channels}}, 5, 5]) {
          @w: i8[2, {{channels}}, 3, 3] = random(1)
          %y = cvm.conv2d(%x, @w) {channels = 2, kernel_size = [3, 3], use_bias = false}
          return %y
        }
        """;

    private static Graph Parse(string text) => TextParser.ParseOne(text);

    /// <summary>Null where the operation is refused: boxes of 32 bits.</summary>
    private static ModelProto? Exported(Graph graph)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(ExactExporter.Export(graph, [.. graph.Operations.SelectMany(o => o.Results)]).Bytes);
        }
        catch (DiagnosticException error) when (graph.Operations.Any(o => o.Spec == CvmDetection.NonMaxSuppression))
        {
            Assert.Equal(OnnxCodes.NotExact, error.Diagnostics[0].Code);
            return null;
        }
    }

    private static IEnumerable<string> Floats(GraphProto graph)
    {
        foreach (var tensor in graph.Initializer.Where(t => !s_allowed.Contains((DataType)t.DataType))) yield return tensor.Name;
        foreach (var info in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo)
            .Where(i => !s_allowed.Contains((DataType)i.Type.TensorType.ElemType)))
            yield return info.Name;
        foreach (var node in graph.Node)
        {
            if (node.OpType == "Cast" && !s_allowed.Contains((DataType)node.Attribute[0].I)) yield return node.Name;
            foreach (var attribute in node.Attribute)
            {
                if (attribute.Type is AttributeProto.Types.AttributeType.Float or AttributeProto.Types.AttributeType.Floats
                    or AttributeProto.Types.AttributeType.Tensor)
                    yield return $"{node.Name}.{attribute.Name}";
                if (attribute.G is not { } body) continue;
                foreach (string found in Floats(body)) yield return found;
            }
        }
    }
}
