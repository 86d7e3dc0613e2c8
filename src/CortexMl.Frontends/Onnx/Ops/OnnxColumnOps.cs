using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Convolutions in other words: columns put back into an image, and one step of a convolution over time.</summary>
internal static class OnnxColumnOps
{
    private const long Largest = 4096;

    public static readonly OnnxOp[] Rows =
    [
        new("Col2Im", "as ConvTranspose with one 1 in each kernel; constant sizes of one or two axes") { Import = Image },
        new("CausalConvWithState", "nn.concat of the state and the data, nn.conv2d, nn.swish") { Import = Causal },
    ];

    //  [N, C · KH · KW, positions]   ⇒   conv_transpose of [N, C · KH · KW, H, W], each of whose channels writes one tap
    private static Entry[] Image(OnnxNode n)
    {
        long[] image = n.Longs(1, "the image's size"), block = n.Longs(2, "the block's size");
        int spatial = image.Length;
        if (spatial is not (1 or 2) || block.Length != spatial)
            throw n.Refused($"an image of {Counted.Of(spatial, "axis", "axes")} is not supported", "one or two are");
        if (image.Concat(block).Any(d => d is < 1 or > Largest)) throw n.Mismatch("a size is out of range");
        long[] strides = OnnxWindow.Sized(n, "strides", spatial, 1), dilation = OnnxWindow.Sized(n, "dilations", spatial, 1);
        long[] pads = OnnxWindow.Sized(n, "pads", 2 * spatial, 0);
        if (strides.Concat(dilation).Any(v => v is < 1 or > Largest) || pads.Any(p => p is < 0 or > Largest))
            throw n.Mismatch("a stride, dilation or padding is out of range");
        WindowAxis[] axes = [.. block.Select((taps, i) => new WindowAxis(taps, strides[i], pads[i], pads[spatial + i], dilation[i]))];
        if (axes.Index().Any(a => a.Item.Extent > image[a.Index] + a.Item.Before + a.Item.After))
            throw n.Mismatch("the block does not fit the image");
        long[] positions = [.. axes.Select((axis, i) => axis.Positions(image[i]))];
        long[] extra = [.. axes.Select((axis, i) =>
            image[i] - (axis.Stride * (positions[i] - 1) + axis.Extent - axis.Before - axis.After))];
        if (spatial == 1) (axes, positions, extra) = ([new(1), .. axes], [1, .. positions], [0, .. extra]);
        int taps = (int)(axes[0].Kernel * axes[1].Kernel);
        var shape = n.Shape();
        if (shape.Rank != 3 || shape[1] % taps != 0 || shape[2] != positions[0] * positions[1])
            throw n.Mismatch($"columns {shape} do not fit blocks of {taps} at {Counted.Of(positions[0] * positions[1], "position")}");
        int channels = shape[1] / taps;
        var weight = Tensor.Zeros<float>(n.Reserve([shape[1], 1, axes[0].Kernel, axes[1].Kernel], DType.F32));
        for (int i = 0; i < shape[1]; i++) weight.Data[i * taps + i % taps] = 1;
        var columns = n.Step("columns", NnShape.Reshape, [n.Data()], ("shape", new[] { shape[0], shape[1], positions[0], positions[1] }));
        var transposed = new TransposedConvolution(weight, new(axes[0], axes[1]), extra, channels);
        var (operands, attributes) = transposed.Lower(n, columns);
        return n.Out(OnnxWindow.Result(n, null, spatial == 1, NnConv.Conv2D, operands, attributes));
    }

    //  the state is what the window saw last: one element less than its kernel
    private static Entry[] Causal(OnnxNode n)
    {
        const int Bias = 2, Past = 3;
        string activation = n.Attributes.Choice("activation", "none", "", "silu", "swish");
        Shape data = n.Shape(), weight = n.Shape(1);
        if (data.Rank != 3 || weight.Rank != 3) throw n.Mismatch($"data {data} and weight {weight} are no [batch, channels, length]");
        int state = weight[2] - 1;
        var joined = !n.Has(Past)
            ? n.Step("joined", NnShape.Pad, [n.Data()], ("before", new[] { 0, 0, state }), ("after", new long[3]), ("value", 0.0))
            : state == 0 ? n.Data() : n.Step("joined", NnShape.Concat, [n.Data(Past), n.Data()], ("axis", 2));
        var image = n.Step("image", NnShape.ExpandDims, [joined], ("axes", new[] { 2 }));
        var kernel = n.Step("kernel", NnShape.ExpandDims, [n.Data(1)], ("axes", new[] { 2 }));
        Value[] operands = n.Has(Bias) ? [image, kernel, n.Data(Bias)] : [image, kernel];
        var window = new SlidingWindow(new(1), new(weight[2]));
        string? step = activation is "silu" or "swish" ? "sums" : null;
        var sums = OnnxWindow.Result(n, step, true, NnConv.Conv2D, operands, ConvAttributes.Of(window, data[1] / Math.Max(1, weight[1])));
        var output = Entry.Of(n.OutputName(0), step is null ? sums : n.Emit(NnUnary.Swish, [sums]));
        if (!n.Gives(1)) return [output];
        if (state == 0) throw n.Refused("its state is empty, and read", "a kernel of more than one element has one");
        var whole = joined.Type.Shape;
        var present = n.EmitAs(n.OutputName(1), NnShape.Slice, [joined], ("begin", new[] { 0, 0, whole[2] - state }),
            ("end", whole), ("strides", new[] { 1, 1, 1 }));
        return [output, Entry.Of(n.OutputName(1), present)];
    }
}
