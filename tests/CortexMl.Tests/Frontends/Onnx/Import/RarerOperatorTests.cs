using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Transforms, samplings, choices and sequences that are resolved at import, against ONNX Runtime on the file.</summary>
public class RarerOperatorTests
{
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public void Fourier_transforms(int parts, int isInverse, int axis)
    {
        var node = Node("DFT", "x _ axis", "y", Int("inverse", isInverse));
        Agrees(Model(20, [2, 6, 5, parts], node).With(Scalar("axis", axis + 1)));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    public void Half_of_the_spectrum_of_a_longer_signal(int length)
    {
        var node = Node("DFT", "x length axis", "y", Int("onesided", 1));
        Agrees(Model(20, [1, 10, 1], node).With(Scalar("length", length), Scalar("axis", 1)));
    }

    [Theory]
    [InlineData("x step window", 1)]
    [InlineData("x step _ length", 1)]
    [InlineData("x step window length", 0)]
    public void Transforms_of_frames(string inputs, int isHalf) => Agrees(
        Model(17, [2, 20, 1], Node("STFT", inputs, "y", Int("onesided", isHalf)))
            .With(Scalar("step", 3), Scalar("length", 8), Floats("window", [8], 0.1f, 0.3f, 0.7f, 1, 1, 0.7f, 0.3f, 0.1f)));

    [Theory]
    [InlineData("linear", "zeros", 0)]
    [InlineData("linear", "border", 1)]
    [InlineData("linear", "reflection", 0)]
    [InlineData("nearest", "reflection", 1)]
    [InlineData("nearest", "zeros", 0)]
    [InlineData("cubic", "zeros", 1)]
    [InlineData("cubic", "border", 0)]
    [InlineData("cubic", "reflection", 0)]
    public void Samples_of_an_image(string mode, string border, int aligns)
    {
        var node = Node("GridSample", "x grid", "y", Text("mode", mode), Text("padding_mode", border), Int("align_corners", aligns));
        float[] grid = [.. Enumerable.Range(0, 2 * 3 * 4 * 2).Select(i => (i * 13 % 31 - 15) / 11f)];
        Agrees(Model(20, [2, 3, 5, 4], node).With(Floats("grid", [2, 3, 4, 2], grid)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_grid_of_data_and_one_of_constants_that_is_sampled(int aligns)
    {
        var grid = Node("AffineGrid", "x size", "y", Int("align_corners", aligns));
        Agrees(Model(20, [2, 2, 3], grid).With(Longs("size", 2, 1, 4, 5)));
        var known = Node("AffineGrid", "theta size", "grid", Int("align_corners", aligns));
        var sample = Node("GridSample", "x grid", "y", Int("align_corners", aligns));
        Agrees(Model(20, [1, 2, 6, 6], known, sample)
            .With(Longs("size", 1, 2, 4, 5), Floats("theta", [1, 2, 3], 0.8f, -0.3f, 0.1f, 0.3f, 0.8f, -0.2f)));
    }

    [Theory]
    [InlineData(new long[] { 4, 9 }, new long[] { 1, -1 })]
    [InlineData(new long[] { 8, 3 }, new long[] { 2, 0 })]
    public void A_centre_cut_out_or_surrounded(long[] size, long[] axes) => Agrees(
        Model(18, [5, 6, 6], Node("CenterCropPad", "x size", "y", Ints("axes", axes))).With(Longs("size", size)));

    [Theory]
    [InlineData(new long[] { 1, 1 }, new long[] { 0, 0, 0, 0 }, 4 * 3)]
    [InlineData(new long[] { 2, 1 }, new long[] { 1, 0, 1, 1 }, 3 * 4)]
    public void Columns_put_back_into_an_image(long[] strides, long[] pads, int positions) => Agrees(
        Model(18, [2, 3 * 6, positions], Node("Col2Im", "x image block", "y", Ints("strides", strides), Ints("pads", pads)))
            .With(Longs("image", 5, 5), Longs("block", 2, 3)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Pools_by_a_power(int p)
    {
        AttributeProto[] attributes = [Ints("kernel_shape", 2, 3), Ints("strides", 2, 1), Ints("pads", 1, 1, 0, 1), Int("p", p)];
        Agrees(Model(18, [2, 3, 6, 6], Node("LpPool", "x", "y", attributes)));
        Agrees(Model(18, [2, 3, 6, 6], Node("GlobalLpPool", "x", "y", Int("p", p))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Determinants(int rows) => Agrees(Model(11, [3, rows, rows], Node("Det", "x", "y")));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Sequences_turned_round(int time, int batch) => Agrees(
        Model(10, [4, 4, 2], Node("ReverseSequence", "x lengths", "y", Int("time_axis", time), Int("batch_axis", batch)))
            .With(Longs("lengths", 4, 1, 2, 3)));

    [Fact]
    public void What_a_constant_condition_chooses()
    {
        var choice = Raw("c", DataType.Bool, [3], [1, 0, 1]);
        Agrees(Model(11, [2, 4, 3], Node("Compress", "x c", "y", Int("axis", 1))).With(choice));
        Agrees(Model(11, [2, 4, 3], Node("Compress", "x c", "y")).With(choice));
    }

    [Fact]
    public void Places_that_follow_from_constants() => Agrees(
        Model(13, [4, 3], Node("NonZero", "n", "at"), Node("Gather", "x at", "y"))
            .With(Floats("n", [2, 2], 0, 5, 1, 0)));

    [Fact]
    public void Sequences_are_taken_apart_and_joined() => Agrees(Model(13, [4, 6],
        Node("SplitToSequence", "x sizes", "s", Int("axis", 1)), Node("SequenceAt", "s last", "a"), Node("Neg", "a", "n"),
        Node("SequenceErase", "s last", "t"), Node("SequenceInsert", "t n first", "u"),
        Node("ConcatFromSequence", "u", "y", Int("axis", 1))).With(Longs("sizes", 1, 2, 3), Scalar("last", -1), Scalar("first", 0)));

    [Fact]
    public void A_sequence_of_equal_parts_stacked() => Agrees(Model(13, [4, 6],
        Node("SplitToSequence", "x", "s", Int("axis", 0), Int("keepdims", 0)),
        Node("ConcatFromSequence", "s", "y", Int("axis", 1), Int("new_axis", 1))));

    [Theory]
    [InlineData("Neg", "s", "'s' is a sequence of tensors")]
    [InlineData("SequenceAt", "s far", "position 7 is outside a sequence of 4 places")]
    [InlineData("SequenceLength", "x", "input 0 'x' is no sequence")]
    public void Sequences_in_the_wrong_place_are_told(string op, string inputs, string message)
    {
        var model = Model(13, [4, 6], Node("SplitToSequence", "x", "s"), Node(op, inputs, "y")).With(Scalar("far", 7));
        Assert.Contains(message, Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics[0].Message, StringComparison.Ordinal);
    }

    private static void Agrees(ModelProto model)
    {
        foreach (var node in model.Graph.Node)
            for (int i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == "_") node.Input[i] = "";
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Original.Agrees(folder["model.onnx"], graph, Original.Signed(graph, 3));
    }

    private static TensorProto Scalar(string name, long value) => Raw(name, DataType.Int64, [], BitConverter.GetBytes(value));

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };
}
