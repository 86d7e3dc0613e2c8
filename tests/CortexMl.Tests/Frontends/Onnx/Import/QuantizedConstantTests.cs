using System.Runtime.InteropServices;
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

/// <summary>Quantization inside a file: exact on its constants; on activations a clip, and a note that names the nodes once.</summary>
public class QuantizedConstantTests
{
    private const string Unrounded =
        ": its rounding is left out: real numbers are limited to the range of its integers, and get the steps that calibration finds";

    [Fact]
    public void Weights_keep_the_steps_of_their_own_grid()
    {
        // 0.3 / 0.5 = 0.6 and 0.75 / 0.5 = 1.5, half to even; -9 saturates at 2^7 · 0.5 below zero point 0
        var model = Model(13, [1, 4], Node("QuantizeLinear", "w s z", "q"), Node("DequantizeLinear", "q s z", "d"), Node("Mul", "x d", "y"))
            .With(Floats("w", [4], 0.3f, 0.75f, 1.25f, -99), Floats("s", [], 0.5f), Raw("z", TensorProto.Types.DataType.Int8, [], [0]));
        var notes = new DiagnosticBag();
        var graph = model.Import(notes: notes);
        Assert.Equal([0.5f, 1, 1, -64], ((Tensor<float>)graph.Outputs[0].Producer!.Operands[1].Constant!.Tensor).Data);
        Assert.Empty(notes.Items);
    }

    [Fact]
    public void Weights_keep_the_steps_of_each_channel()
    {
        var model = Model(13, [1, 2], Node("QuantizeLinear", "w s z", "q", Int("axis", 0)),
            Node("DequantizeLinear", "q s z", "d", Int("axis", 0)),
                Node("Gemm", "x d", "y", Int("transB", 1)))
            .With(Floats("w", [2, 2], 1.2f, 1.2f, 1.2f, 1.2f), Floats("s", [2], 1, 0.5f),
                Raw("z", TensorProto.Types.DataType.Int8, [2], [0, 0]));
        Assert.Equal([1f, 1, 1, 1], ((Tensor<float>)model.Import().Outputs[0].Producer!.Operands[1].Constant!.Tensor).Data);
    }

    [Fact]
    public void One_note_names_every_node_whose_rounding_is_left_out()
    {
        var model = Model(13, [1, 4], Node("QuantizeLinear", "x s z", "q0"), Node("DequantizeLinear", "q0 s z", "d0"),
            Node("Relu", "d0", "r"),
                Node("QuantizeLinear", "r s z", "q1"), Node("DequantizeLinear", "q1 s z", "y"))
            .With(Floats("s", [], 0.5f), Raw("z", TensorProto.Types.DataType.Uint8, [], [128]));
        var notes = new DiagnosticBag();
        model.Import(notes: notes);
        var note = Assert.Single(notes.Items);
        Assert.Equal((FrontendCodes.ReadOtherwise, Severity.Note), (note.Code, note.Severity));
        Assert.Equal("QuantizeLinear 'q0', 'q1'" + Unrounded, note.Message);
    }

    [Fact]
    public void Integers_that_are_returned_are_told_of()
    {
        var model = Model(13, [1, 4], Node("QuantizeLinear", "x s z", "y"))
            .With(Floats("s", [], 0.5f), Raw("z", TensorProto.Types.DataType.Uint8, [], [128]));
        var notes = new DiagnosticBag();
        model.Import(notes: notes);
        Assert.Equal(["QuantizeLinear 'y'" + Unrounded, "output 'y': the integers of its quantization are returned unrounded"],
            notes.Items.Select(n => n.Message));
    }

    [Fact]
    public void Without_a_zero_point_output_dtype_says_the_type()
    {
        var model = Model(21, [1, 4], Node("QuantizeLinear", "x s", "q", Int("output_dtype", (int)TensorProto.Types.DataType.Int8)),
            Node("DequantizeLinear", "q s", "y"))
            .With(Floats("s", [], 0.5f));
        var clip = model.Import().Outputs[0].Producer!;
        Assert.Equal((NnUnary.Clip, -64.0, 63.5), (clip.Spec, clip.Float("min"), clip.Float("max")));
    }

    [Fact]
    public void A_clip_of_the_integers_is_a_clip_of_what_they_stand_for()
    {
        // q in 2..5 of scale 0.5 and zero point 1: 0.5 to 2
        var model = Model(13, [1, 4], Node("QuantizeLinear", "x s z", "q"), Node("Clip", "q lo hi", "c"),
            Node("DequantizeLinear", "c s z", "y"))
            .With(Floats("s", [], 0.5f), Byte("z", 1), Byte("lo", 2), Byte("hi", 5));
        var clip = model.Import().Outputs[0].Producer!;
        Assert.Equal((NnUnary.Clip, 0.5, 2.0), (clip.Spec, clip.Float("min"), clip.Float("max")));
    }

    [Fact]
    public void A_clip_whose_bounds_are_exchanged_gives_its_max_and_is_told_of()
    {
        var model = Model(13, [1, 4], Node("Clip", "x lo hi", "y")).With(Floats("lo", [], 1), Floats("hi", [], -1));
        var notes = new DiagnosticBag();
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder, notes: notes);
        Assert.Equal(
            "Clip 'y': its min 1 is above its max -1: by ONNX's definition everything becomes -1", Assert.Single(notes.Items).Message);
        Original.Agrees(folder["model.onnx"], graph, Original.Random(graph, 1));
    }

    private static TensorProto Byte(string name, byte value) =>
        Raw(name, TensorProto.Types.DataType.Uint8, [], MemoryMarshal.AsBytes(new[] { value }.AsSpan()));
}
