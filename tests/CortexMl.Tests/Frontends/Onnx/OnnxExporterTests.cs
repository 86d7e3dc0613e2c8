using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Frontends.Onnx;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Frontends.Onnx;

public class OnnxExporterTests
{
    [Fact]
    public void Names_are_kept_and_a_constant_gives_way()
    {
        var build = new GraphBuilder("names", Level.Float);
        var x = build.Input("x", TensorType.Float(2));
        var constant = build.Constant("x", Tensor.Vector(1f, 2f));
        var sum = build.Op(NnBinary.Add, [x, constant], name: "sum");
        build.Output(build.Op(NnUnary.Relu, [sum]));
        var model = OnnxExporter.Export(build.Build(), [sum, constant]);
        Assert.Equal(["x"], model.Inputs);
        Assert.Equal(["0"], model.Outputs);
        Assert.Equal(["sum", "x.1.1"], model.Observed);
    }

    [Fact]
    public void The_same_graph_gives_the_same_bytes() =>
        Assert.Equal(OnnxExporter.Export(AddThenRelu().Build()).Bytes, OnnxExporter.Export(AddThenRelu().Build()).Bytes);

    [Fact]
    public void An_input_a_constant_and_a_repeated_value_can_be_outputs()
    {
        var build = new GraphBuilder("outputs", Level.Float);
        var x = build.Input("x", TensorType.Float(2));
        var y = build.Op(NnUnary.Neg, [x], name: "y");
        foreach (var output in new[] { x, y, y, build.Constant("c", Tensor.Vector(5f)) }) build.Output(output);
        var graph = build.Build();
        Assert.Equal(["x.1", "y", "y.1", "c.1"], OnnxExporter.Export(graph).Outputs);
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        Assert.Equal([[1f, 2f], [-1f, -2f], [-1f, -2f], [5f]], session.Run([Tensor.Vector(1f, 2f)]).Select(t => t.Data));
    }

    [Fact]
    public void Every_float_row_has_an_onnx_form()
    {
        var missing = OpTable.Rows.Where(r => r.Levels.HasFlag(Level.Float) && !OnnxExporter.Supports(r)).Select(r => r.Name);
        Assert.Empty(missing);
    }

    [Fact]
    public void Rows_without_an_onnx_form_are_listed_all_at_once()
    {
        var build = new GraphBuilder("plugin", Level.Float);
        var x = build.Input("x", TensorType.Float(2));
        foreach (string name in new[] { "my.first", "my.second" })
            x = build.Op(new OpSpec(name) { Doc = "", Operands = [new("x", "")], Shapes = op => [op.Shape(0)], Levels = Level.Float }, [x]);
        build.Output(x);
        var error = Assert.Throws<DiagnosticException>(() => OnnxExporter.Export(build.Build()));
        Assert.Equal(
            ["my.first has no ONNX form (1 operation)", "my.second has no ONNX form (1 operation)"],
            error.Diagnostics.Select(d => d.Message));
    }

    [Fact]
    public void An_integer_graph_is_refused()
    {
        var build = new GraphBuilder("integers", Level.Cvm);
        build.Output(build.Input("x", TensorType.Integer(8, Shape.Of(1))));
        var error = Assert.Throws<DiagnosticException>(() => OnnxExporter.Export(build.Build()));
        Assert.Contains("level cvm; ONNX can only be written at the float level", error.Message, StringComparison.Ordinal);
    }

    private static GraphBuilder AddThenRelu()
    {
        var build = new GraphBuilder("add_then_relu", Level.Float);
        var x = build.Input("x", TensorType.Float(1, 2));
        build.Output(build.Op(NnUnary.Relu, [build.Op(NnBinary.Add, [x, build.Constant("c", Tensor.Scalar(1f))])]));
        return build;
    }
}
