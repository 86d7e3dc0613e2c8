using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Convolutions and pools over three spatial axes, against ONNX Runtime on the file.</summary>
public class VolumeTests
{
    private static readonly long[] s_volume = [2, 4, 5, 6, 7];

    [Theory]
    [InlineData(new long[] { 1, 1, 1 }, new long[] { 0, 0, 0, 0, 0, 0 }, new long[] { 1, 1, 1 }, 1)]
    [InlineData(new long[] { 2, 1, 2 }, new long[] { 1, 0, 2, 2, 1, 1 }, new long[] { 1, 2, 1 }, 1)]
    [InlineData(new long[] { 1, 2, 1 }, new long[] { 2, 1, 1, 2, 1, 1 }, new long[] { 2, 1, 1 }, 2)]
    [InlineData(new long[] { 3, 1, 1 }, new long[] { 0, 1, 1, 1, 1, 1 }, new long[] { 1, 1, 1 }, 4)]
    public void Convolutions(long[] strides, long[] pads, long[] dilations, int groups)
    {
        var node = Node("Conv", "x w b", "y", Ints("strides", strides), Ints("pads", pads), Ints("dilations", dilations),
            Int("group", groups));
        Agrees(Model(13, s_volume, node).With(Numbers("w", [8, 4 / groups, 3, 3, 2]), Numbers("b", [8])));
    }

    [Theory]
    [InlineData("SAME_UPPER")]
    [InlineData("SAME_LOWER")]
    [InlineData("VALID")]
    public void Convolutions_padded_by_themselves(string auto) => Agrees(
        Model(13, s_volume, Node("Conv", "x w", "y", Ints("strides", 2, 2, 3), Text("auto_pad", auto)))
            .With(Numbers("w", [3, 4, 2, 3, 3])));

    [Theory]
    [InlineData(new long[] { 1, 1, 1 }, new long[] { 0, 0, 0, 0, 0, 0 }, new long[] { 1, 1, 1 }, new long[] { 0, 0, 0 }, 1)]
    [InlineData(new long[] { 2, 2, 1 }, new long[] { 1, 0, 1, 1, 1, 0 }, new long[] { 1, 1, 2 }, new long[] { 1, 0, 0 }, 1)]
    [InlineData(new long[] { 3, 1, 2 }, new long[] { 0, 1, 1, 2, 1, 1 }, new long[] { 2, 1, 1 }, new long[] { 2, 0, 1 }, 2)]
    public void Transposed_convolutions(long[] strides, long[] pads, long[] dilations, long[] extra, int groups)
    {
        var node = Node("ConvTranspose", "x w b", "y", Ints("strides", strides), Ints("pads", pads), Ints("dilations", dilations),
            Ints("output_padding", extra), Int("group", groups));
        Agrees(Model(13, [1, 4, 3, 4, 2], node).With(Numbers("w", [4, 6 / groups, 3, 2, 3]), Numbers("b", [6])));
    }

    [Fact]
    public void A_transposed_convolution_of_a_wanted_size() => Agrees(
        Model(13, [1, 2, 3, 4, 2], Node("ConvTranspose", "x w", "y", Ints("strides", 2, 2, 2), Ints("output_shape", 6, 8, 5)))
            .With(Numbers("w", [2, 3, 3, 3, 3])));

    [Theory]
    [InlineData("MaxPool", new long[] { 2, 2, 2 }, new long[] { 2, 2, 2 }, new long[] { 0, 0, 0, 0, 0, 0 }, 0)]
    [InlineData("MaxPool", new long[] { 3, 1, 2 }, new long[] { 1, 1, 1 }, new long[] { 1, 0, 1, 1, 0, 0 }, 0)]
    [InlineData("MaxPool", new long[] { 2, 3, 3 }, new long[] { 2, 2, 2 }, new long[] { 0, 0, 0, 0, 0, 0 }, 1)]
    [InlineData("AveragePool", new long[] { 2, 2, 2 }, new long[] { 2, 2, 2 }, new long[] { 0, 0, 0, 0, 0, 0 }, 0)]
    [InlineData("AveragePool", new long[] { 1, 3, 3 }, new long[] { 1, 2, 1 }, new long[] { 0, 1, 1, 0, 1, 1 }, 0)]
    [InlineData("AveragePool", new long[] { 3, 3, 2 }, new long[] { 2, 1, 2 }, new long[] { 1, 1, 0, 1, 1, 0 }, 1)]
    public void Pools(string op, long[] kernel, long[] strides, long[] pads, int ceil)
    {
        var node = Node(op, "x", "y", Ints("kernel_shape", kernel), Ints("strides", strides), Ints("pads", pads), Int("ceil_mode", ceil));
        Agrees(Model(13, s_volume, node));
        if (op == "MaxPool" || ceil != 0) return;
        node.Attribute.Add(Int("count_include_pad", 1));
        Agrees(Model(13, s_volume, node));
    }

    [Theory]
    [InlineData("MaxPool")]
    [InlineData("AveragePool")]
    public void Dilated_pools(string op) => Agrees(Model(22, s_volume,
        Node(op, "x", "y", Ints("kernel_shape", 2, 3, 2), Ints("dilations", 3, 2, 1), Ints("strides", 1, 1, 2))));

    [Theory]
    [InlineData("GlobalMaxPool")]
    [InlineData("GlobalAveragePool")]
    public void Global_pools(string op) => Agrees(Model(13, s_volume, Node(op, "x", "y")));

    [Fact]
    public void A_window_deeper_than_the_data_is_told()
    {
        var model = Model(13, [1, 1, 2, 4, 4], Node("Conv", "x w", "y")).With(Numbers("w", [1, 1, 3, 1, 1]));
        Assert.Contains("a window of 3 with dilation 1 does not fit a depth of 2",
            Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics[0].Message, StringComparison.Ordinal);
    }

    private static void Agrees(ModelProto model)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Original.Agrees(folder["model.onnx"], graph, Original.Signed(graph, 3));
    }

    private static TensorProto Numbers(string name, long[] dims) => Floats(name, dims,
        [.. Enumerable.Range(0, (int)dims.Aggregate(1L, (a, b) => a * b)).Select(i => (i * 7 % 11 - 5) / 8f)]);

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };
}
