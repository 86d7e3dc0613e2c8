using CortexMl.Cvm;
using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cvm;

/// <summary>From a caller's bytes to the input tensor, from the heads to the output's bytes.</summary>
public sealed class ConversionTests
{
    [Fact]
    public void Narrow_input_is_signed_and_clamped_to_its_precision() =>
        Assert.Equal([127, -127, -127, 3], InputConversion.FromBytes(Model(8, "", [1, 4]), [0x7f, 0x81, 0x80, 3]).Data);

    [Fact]
    public void Wide_input_is_little_endian_for_the_library_and_big_endian_on_the_chain()
    {
        var model = Model(10, "", [1, 2]);
        Assert.Equal([1, -2], InputConversion.FromBytes(model, [1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff]).Data);
        Assert.Equal([1, -2], InputConversion.FromChainBytes(model, [0, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe]).Data);
    }

    [Fact]
    public void The_chain_cuts_a_longer_input_and_the_library_refuses_it()
    {
        var model = Model(8, "", [1, 2]);
        Assert.Equal([1, 2], InputConversion.FromChainBytes(model, [1, 2, 3, 4]).Data);
        var error = Assert.Throws<DiagnosticException>(() => InputConversion.FromBytes(model, [1, 2, 3, 4]));
        Assert.Equal("error CML0441: an input of 4 bytes, the model takes 2", error.Message);
        Assert.Throws<DiagnosticException>(() => InputConversion.FromChainBytes(model, [1]));
    }

    [Fact]
    public void Narrow_output_is_one_byte_per_element() =>
        Assert.Equal([5, 0x80, 0xff], Bytes(Model(8, "", [1, 3]), [5, 128, -1]));

    [Fact]
    public void Wide_output_is_little_endian_or_big_endian()
    {
        var model = Model(9, "", [1, 1]);
        Assert.Equal([0, 1, 0, 0], Bytes(model, [256]));
        Assert.Equal([0, 0, 1, 0], OutputConversion.ToBytes(model, [Tensor.Create(Shape.Of(1, 1), [256])], bigEndian: true));
    }

    [Fact]
    public void Argmax_is_the_first_greatest_low_byte() =>
        Assert.Equal([1, 0, 0, 0], Bytes(Model(10, "argmax", [1, 4]), [255, 7, 7, 256]));

    [Fact]
    public void Argmax_of_several_rows_leaves_most_of_the_output_unwritten() =>
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0], Bytes(Model(8, "argmax", [2, 2]), [0, 1, 1, 0]));

    [Fact]
    public void Several_outputs_are_interleaved_row_by_row()
    {
        var model = Model(8, "", [2, 2], [2, 1]);
        var heads = new[] { Tensor.Create(Shape.Of(2, 2), [1, 2, 3, 4]), Tensor.Create(Shape.Of(2, 1), [9, 8]) };
        Assert.Equal([1, 2, 9, 3, 4, 8], OutputConversion.ToBytes(model, heads));
    }

    [Theory]
    [InlineData(
        "detection", new[] { 2, 2 }, null, "error CML0443: post-processing detection needs two or more outputs, this model has one")]
    [InlineData("", new[] { 2, 2 }, new[] { 1, 2 }, "error CML0443: the outputs have different numbers of rows: [2, 2], [1, 2]")]
    [InlineData("detection", new[] { 2, 1, 2 }, new[] { 2, 1, 2 },
        "error CML0443: post-processing detection reports 16 bytes of output but writes 32")]
    public void Outputs_that_every_inference_fails_on_are_reported(string postprocess, int[] first, int[]? second, string expected)
    {
        var model = second is null ? Model(8, postprocess, first) : Model(8, postprocess, first, second);
        Assert.Equal(expected, OutputConversion.Problem(model)?.ToString());
    }

    private static byte[] Bytes(CvmModel model, int[] head) =>
        OutputConversion.ToBytes(model, [Tensor.Create(model.Graph.Outputs[0].Type.Shape, head)]);

    /// <summary>The input is the first output; further outputs are constants.</summary>
    private static CvmModel Model(int precision, string postprocess, params int[][] outputs)
    {
        var build = new GraphBuilder("main", Level.Cvm);
        build.Output(build.Input("x", TensorType.Integer(precision, Shape.Of(outputs[0]))));
        foreach (int[] dims in outputs.Skip(1)) build.Output(build.Constant("c", Tensor.Zeros<int>(Shape.Of(dims)), precision));
        if (postprocess.Length > 0) build.SetAttributes(Attributes.Of(("postprocess", postprocess)));
        var files = CvmEmitter.Emit(build.Build());
        return CvmReader.Read(files.Symbol, files.Params).ModelOrThrow();
    }
}
