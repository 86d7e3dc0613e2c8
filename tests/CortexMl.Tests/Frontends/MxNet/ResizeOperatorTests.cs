using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Frontends;
using CortexMl.Ir;
using CortexMl.Tensors;
using Xunit;
using static CortexMl.Tests.Frontends.MxNet.SymbolText;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>Images enlarged, interpolated and cut, by their numbers; and what is told about attributes.</summary>
public class ResizeOperatorTests
{
    [Fact]
    public void Bilinear_upsampling_is_a_deconvolution_of_each_channel()
    {
        // Scale 2: kernel 4, stride 2, pad 1. Along a row of 1 3 with shares 1/4 3/4 3/4 1/4: 3/4, 3/4 + 3/4, 1/4 + 9/4, 9/4.
        float[] shares = [0.25f, 0.75f, 0.75f, 0.25f], weight = [.. shares.SelectMany(row => shares.Select(column => row * column))];
        const string Attributes = "\"scale\": \"2\", \"sample_type\": \"bilinear\", \"num_filter\": \"1\", \"num_args\": \"2\"";
        byte[] symbol = OneOperator("UpSampling", Attributes, "w");
        var parameters = new ParamsBytes().Add("w", [1, 1, 4, 4], weight).Build();
        var graph = Import(symbol, parameters, ("data", [1, 1, 1, 2]));
        Assert.Equal(Shape.Of(1, 1, 2, 4), graph.Outputs[0].Type.Shape);
        float[] column = [0.75f, 1.5f, 2.5f, 2.25f];
        Assert.Equal([.. column.Select(v => v * 0.75f), .. column.Select(v => v * 0.75f)], Run(graph, 1, 3));
    }

    [Theory]
    [InlineData("concat", new float[] { 1, 1, 1, 1, 5, 5, 5, 5 })]
    [InlineData("sum", new float[] { 6, 6, 6, 6 })]
    public void Several_inputs_are_enlarged_to_one_size(string mode, float[] expected)
    {
        byte[] symbol = OneOperator("UpSampling",
            $"\"scale\": \"2\", \"sample_type\": \"nearest\", \"num_args\": \"2\", \"multi_input_mode\": \"{mode}\"", "big");
        var graph = Import(symbol, null, ("data", [1, 1, 1, 1]), ("big", [1, 1, 2, 2]));
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        Tensor<float>[] data = [Tensor.Create(Shape.Of(1, 1, 1, 1), new float[] { 1 }),
            Tensor.Create(Shape.Of(1, 1, 2, 2), new float[] { 5, 5, 5, 5 })];
        Assert.Equal(expected, session.Run(data)[0].Data);
    }

    [Theory]
    [InlineData("\"height\": \"1\", \"width\": \"5\"", new float[] { 1, 1.5f, 2, 2.5f, 3 })]
    [InlineData("\"scale_height\": \"1\", \"scale_width\": \"2\", \"align_corners\": \"False\"",
        new float[] { 1, 1.25f, 1.75f, 2.25f, 2.75f, 3 })]
    public void Bilinear_resizing(string attributes, float[] expected) =>
        Assert.Equal(expected, Run(Import(OneOperator("_contrib_BilinearResize2D", attributes), null, ("data", [1, 1, 1, 3])), 1, 2, 3));

    [Theory]
    [InlineData("\"offset\": \"(1, 0)\", \"h_w\": \"(2, 2)\"", new float[] { 4, 5, 7, 8 })]
    [InlineData("\"center_crop\": \"True\", \"h_w\": \"(1, 1)\"", new float[] { 5 })]
    public void Crop_by_numbers(string attributes, float[] expected) =>
        Assert.Equal(expected,
            Run(Import(OneOperator("Crop", "\"num_args\": \"1\", " + attributes), null, ("data", [1, 1, 3, 3])), 1, 2, 3, 4, 5, 6, 7, 8,
            9));

    [Fact]
    public void Crop_to_another_input_must_lie_in_the_image()
    {
        byte[] symbol = OneOperator("Crop", "\"num_args\": \"2\", \"offset\": \"(1, 1)\"", "like");
        Assert.Equal(Shape.Of(1, 3, 2, 2), Import(symbol, null, ("data", [1, 3, 4, 4]), ("like", [1, 1, 2, 2])).Outputs[0].Type.Shape);
        var error = Assert.Single(Fails(() => Import(symbol, null, ("data", [1, 3, 4, 4]), ("like", [1, 1, 5, 5]))));
        Assert.StartsWith("Crop 'y': 5 x 5 from row 1 and column 1 on does not lie in an image of 4 x 4", error.Message,
            StringComparison.Ordinal);
        Assert.Equal("data is cut to the size of the second input, which must not be larger: check the order of the inputs", error.Hint);
    }

    [Fact]
    public void Bounds_of_a_clip_that_are_exchanged_are_refused_in_the_users_numbers()
    {
        var error = Assert.Single(Fails(() =>
            Import(OneOperator("clip", "\"a_min\": \"1.5\", \"a_max\": \"-1\""), null, ("data", [1, 4]))));
        Assert.StartsWith("clip 'y': a_min = 1.5 is not supported", error.Message, StringComparison.Ordinal);
        Assert.Equal("allowed: at most a_max = -1; check whether the two were exchanged", error.Hint);
    }

    [Fact]
    public void Dropout_that_is_always_random_is_in_its_form_for_training()
    {
        var error = Assert.Single(Fails(() => Import(OneOperator("Dropout", "\"mode\": \"always\""), null, ("data", [1, 4]))));
        Assert.Equal(FrontendCodes.TrainingForm, error.Code);
        Assert.StartsWith("Dropout 'y': it is in its form for training (mode = always): it drops elements at random", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Attributes_that_nobody_knows_are_told_once_for_all_nodes_and_those_of_training_never()
    {
        var notes = new DiagnosticBag();
        Import(OneOperator("Activation", "\"act_type\": \"relu\", \"threshold\": \"6\", \"__lr_mult__\": \"2\", \"workspace\": \"512\""),
            null, notes, ("data", [1, 4]));
        Assert.Equal("note CML0214: Activation 'y': its attribute 'threshold' is not known, and left out",
            Assert.Single(notes.Items).ToString().Split('\n')[0]);
    }

    private static float[] Run(Graph graph, params float[] data)
    {
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        return session.Run([Tensor.Create(graph.Inputs[0].Type.Shape, data)])[0].Data;
    }
}
