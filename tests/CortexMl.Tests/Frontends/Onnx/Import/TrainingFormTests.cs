using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Batch normalisation and dropout in their form for training, as each generation of opsets writes it: one decision, one
/// advice.</summary>
public class TrainingFormTests
{
    private const string Advice =
        "export the model for inference (in PyTorch model.eval() and training=TrainingMode.EVAL, in Keras training=False), ";

    [Theory]
    [InlineData(6, "y", "is_test", 0, "is_test = 0", "or set is_test to 1 in the file")]
    [InlineData(6, "y a b c d", "is_test", 1, "5 outputs", "or leave the outputs behind the first out of the file")]
    [InlineData(7, "y a b c d", "", 0, "5 outputs", "or leave the outputs behind the first out of the file")]
    [InlineData(9, "y a b c d", "", 0, "5 outputs", "or leave the outputs behind the first out of the file")]
    [InlineData(13, "y a b", "", 0, "3 outputs", "or leave the outputs behind the first out of the file")]
    [InlineData(14, "y", "training_mode", 1, "training_mode = 1", "or set training_mode to 0 in the file")]
    [InlineData(15, "y a b", "training_mode", 1, "training_mode = 1", "or set training_mode to 0 in the file")]
    [InlineData(21, "y a b", "training_mode", 1, "training_mode = 1", "or set training_mode to 0 in the file")]
    public void A_normalisation_of_the_batch_at_hand_is_refused(int opset, string outputs, string attribute, int value, string sign,
        string remedy)
    {
        var error = Assert.Single(Assert.Throws<DiagnosticException>(() => BatchNorm(opset, outputs, attribute, value).Import())
            .Diagnostics);
        Assert.Equal(FrontendCodes.TrainingForm, error.Code);
        Assert.StartsWith($"BatchNormalization 'y': it is in its form for training ({sign}): it normalises by the mean and variance of the "
            + "batch at hand, not by those that it was trained with", error.Message, StringComparison.Ordinal);
        Assert.Equal(Advice + remedy, error.Hint);
    }

    [Theory]
    [InlineData(6, "is_test", 1)]
    [InlineData(9, "", 0)]
    [InlineData(13, "", 0)]
    [InlineData(14, "training_mode", 0)]
    [InlineData(15, "", 0)]
    public void A_normalisation_by_trained_statistics_is_read_without_a_word(int opset, string attribute, int value)
    {
        var notes = new DiagnosticBag();
        Assert.Equal(NnConv.BatchNorm, BatchNorm(opset, "y", attribute, value).Import(notes: notes).Outputs[0].Producer!.Spec);
        Assert.Empty(notes.Items);
    }

    [Fact]
    public void An_old_file_that_does_not_say_which_form_is_read_as_inference_with_a_warning()
    {
        var notes = new DiagnosticBag();
        BatchNorm(6, "y", "", 0).Import(notes: notes);
        var warning = Assert.Single(notes.Items);
        Assert.Equal((FrontendCodes.ReadOtherwise, Severity.Warning), (warning.Code, warning.Severity));
        Assert.Equal("BatchNormalization 'y': is_test is absent, which means training, but with one output it is read as inference, "
            + "as its authors meant it", warning.Message);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void Statistics_for_each_position_are_a_product_and_a_sum(int opset)
    {
        var epsilon = new AttributeProto { Name = "epsilon", Type = AttributeProto.Types.AttributeType.Float, F = 0 };
        var model = Model(opset, [1, 2, 1, 2], Node("BatchNormalization", "x s b m v", "y", Int("spatial", 0), epsilon))
            .With(Floats("s", [4], 1, 2, 3, 4), Floats("b", [4], 1, 0, 1, 0), Floats("m", [4], 0, 1, 0, 1), Floats("v", [4], 1, 4, 1, 4));
        var graph = model.Import();
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        // (x - m) / √v · s + b
        Assert.Equal([2f, 1, 10, 6], session.Run([Tensor.Create(Shape.Of(1, 2, 1, 2), new float[] { 1, 2, 3, 4 })])[0].Data);
    }

    [Fact]
    public void Dropout_at_random_is_refused_with_the_same_advice()
    {
        var now = Training(0.5f);
        var old = Model(6, [1, 2], Node("Dropout", "x", "y", Int("is_test", 0)));
        foreach (var (model,
            remedy) in new[] { (now, "or set its input training_mode to false in the file"), (old, "or set is_test to 1 in the file") })
        {
            var error = Assert.Single(Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics);
            Assert.Equal((FrontendCodes.TrainingForm, Advice + remedy), (error.Code, error.Hint));
        }
    }

    [Fact]
    public void Dropout_of_nothing_is_the_identity()
    {
        Assert.Equal(NnUnary.Identity, Training(0).Import().Outputs[0].Producer!.Spec);
    }

    private static ModelProto Training(float ratio) => Model(13, [1, 2], Node("Dropout", "x ratio training", "y"))
        .With(Floats("ratio", [], ratio), Raw("training", TensorProto.Types.DataType.Bool, [], [1]));

    private static ModelProto BatchNorm(int opset, string outputs, string attribute, int value)
    {
        var node = Node("BatchNormalization", "x scale bias mean var", outputs, attribute.Length == 0 ? [] : [Int(attribute, value)]);
        node.Name = "y";
        return Model(opset, [1, 2, 4, 4], node)
            .With(Floats("scale", [2], 1, 2), Floats("bias", [2], 0, 1), Floats("mean", [2], 0, 1), Floats("var", [2], 1, 4));
    }
}
