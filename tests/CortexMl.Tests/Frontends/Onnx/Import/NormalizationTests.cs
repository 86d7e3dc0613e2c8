using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Normalisation by the data at hand and its neighbours of com.microsoft, against ONNX Runtime on the file.</summary>
public class NormalizationTests
{
    private const string Microsoft = "com.microsoft";

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, true)]
    [InlineData(-1, false)]
    public void Layer_normalisation_from_an_axis_on(int axis, bool hasBias)
    {
        long[] dims = axis == 1 ? [3, 4] : [4];
        var node = Node("LayerNormalization", hasBias ? "x scale bias" : "x scale", "y", Int("axis", axis), Float("epsilon", 0.25f));
        Agrees(Model(17, [2, 3, 4], node).With(Numbers("scale", dims), Numbers("bias", dims)));
    }

    [Fact]
    public void Without_attributes_it_is_over_the_last_axis() =>
        Agrees(Model(17, [2, 3, 4], Node("LayerNormalization", "x scale", "y")).With(Numbers("scale", [4])));

    [Theory]
    [InlineData("y", "y mean root")]
    [InlineData("y mean", "y mean")]
    [InlineData("y mean root", "y mean root")]
    [InlineData("y root", "y _ root")]
    public void Mean_and_deviation_as_outputs(string read, string outputs)
    {
        var node = Node("LayerNormalization", "x scale", outputs);
        if (outputs.Contains('_', StringComparison.Ordinal)) node.Output[1] = "";
        var model = Model(17, [2, 3, 4], node).With(Numbers("scale", [4]));
        model.Graph.Output.Add(read.Split(' ').Skip(1).Select(name => Info(name, [])));
        Agrees(model);
    }

    [Theory]
    [InlineData(new long[] { 2, 3, 5 })]
    [InlineData(new long[] { 2, 3, 4, 5 })]
    public void Instance_normalisation(long[] dims) => Agrees(
        Model(17, dims, Node("InstanceNormalization", "x scale bias", "y", Float("epsilon", 0.125f)))
            .With(Numbers("scale", [3]), Numbers("bias", [3])));

    [Theory]
    [InlineData(18, 2)]
    [InlineData(21, 4)]
    public void Group_normalisation_with_factors_of_groups_and_of_channels(int opset, int factors) => Agrees(
        Model(opset, [2, 4, 3, 5], Node("GroupNormalization", "x scale bias", "y", Int("num_groups", 2)))
            .With(Numbers("scale", [factors]), Numbers("bias", [factors])));

    [Fact]
    public void Groups_that_do_not_go_in_are_told()
    {
        var model = Model(21, [1, 4, 3], Node("GroupNormalization", "x scale bias", "y", Int("num_groups", 3)))
            .With(Numbers("scale", [4]), Numbers("bias", [4]));
        var error = Assert.Single(Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics);
        Assert.Equal(FrontendCodes.ShapeMismatch, error.Code);
        Assert.Contains("4 channels cannot be split into 3 groups", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mean_variance_normalisation()
    {
        Agrees(Model(13, [1, 3, 4, 5], Node("MeanVarianceNormalization", "x", "y")));
        Agrees(Model(13, [2, 3, 4, 5], Node("MeanVarianceNormalization", "x", "y", Ints("axes", 1, -1))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Lengths(int p) => Agrees(Model(17, [2, 3, 4], Node("LpNormalization", "x", "y", Int("p", p), Int("axis", 1))));

    [Fact]
    public void Simplified_layer_normalisation_takes_no_mean_off() =>
        Agrees(Model(17, [2, 3, 4], Node("SimplifiedLayerNormalization", "x scale", "y", Int("axis", -1))).With(Numbers("scale", [4])));

    // ONNX Runtime that we have knows no opset 23.
    [Fact]
    public void Rms_normalisation()
    {
        var model = Model(23, [2, 4], Node("RMSNormalization", "x scale", "y", Float("epsilon", 0.5f))).With(Numbers("scale", [4]));
        var graph = model.Import();
        var normalize = graph.Operations.Single(o => o.Spec == NnNorm.Normalize);
        Assert.Equal((false, 0.5), (normalize.Bool("center"), normalize.Float("epsilon")));
    }

    [Theory]
    [InlineData("SkipLayerNormalization", "x x scale bias", "y")]
    [InlineData("SkipLayerNormalization", "x x scale bias addend", "y")]
    [InlineData("SkipLayerNormalization", "x x scale bias addend", "y m v sum")]
    [InlineData("SkipSimplifiedLayerNormalization", "x x scale addend", "y m v sum")]
    [InlineData("SkipSimplifiedLayerNormalization", "x x scale", "y")]
    public void A_sum_in_front(string op, string inputs, string outputs)
    {
        var model = Model(17, [2, 3, 4], OfMicrosoft(op, inputs, outputs))
            .With(Numbers("scale", [4]), Numbers("bias", [4]), Numbers("addend", [4]));
        if (outputs.Contains("sum", StringComparison.Ordinal)) model.Graph.Output.Add(Info("sum", []));
        Agrees(model);
    }

    [Theory]
    [InlineData("Gelu", "x")]
    [InlineData("QuickGelu", "x")]
    [InlineData("FastGelu", "x")]
    [InlineData("FastGelu", "x bias")]
    [InlineData("BiasGelu", "x bias")]
    public void Gelu_and_its_neighbours(string op, string inputs) =>
        Agrees(Model(17, [2, 3, 4], OfMicrosoft(op, inputs, "y")).With(Numbers("bias", [4])));

    [Fact]
    public void A_matrix_with_axes_of_one_in_front_multiplies_as_one()
    {
        var model = Model(17, [1, 3, 4], Node("Gemm", "x b c", "y")).With(Numbers("b", [1, 4, 2]), Numbers("c", [2]));
        var graph = model.Import();
        Assert.Equal(Shape.Of(1, 3, 2), graph.Outputs[0].Type.Shape);
        Assert.Contains(graph.Operations, o => o.Spec == NnConv.Dense);
    }

    private static NodeProto OfMicrosoft(string op, string inputs, string outputs)
    {
        var node = Node(op, inputs, outputs);
        node.Domain = Microsoft;
        return node;
    }

    private static void Agrees(ModelProto model)
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Microsoft, Version = 1 });
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Original.Agrees(folder["model.onnx"], graph, Original.Signed(graph, 3));
    }

    /// <summary>0.75, 0.9, 1.05, …</summary>
    private static TensorProto Numbers(string name, long[] dims) =>
        Floats(name, dims, [.. Enumerable.Range(0, (int)dims.Aggregate(1L, (a, b) => a * b)).Select(i => 0.75f + 0.15f * i)]);

    private static AttributeProto Float(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };
}
