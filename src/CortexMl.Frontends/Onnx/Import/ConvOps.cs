using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>Convolutions.</summary>
internal static class ConvOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("Conv", "nn.conv2d; one or two spatial axes") { Import = n => n.Out(Convolution(n, n.Data(), n.Data(1), n.Has(2) ? n.Data(2) : null)) },
        new("ConvTranspose", "zeros between the pixels and nn.conv2d with the turned kernel; constant weights, one or two spatial axes") { Import = Transposed },
        OnnxOp.Refused("ConvInteger", "raw integer convolutions have no scale; export as QLinearConv or QuantizeLinear/DequantizeLinear pairs"),
        OnnxOp.Refused("DeformConv", "where it samples depends on the data"),
    ];

    /// <param name="step">Null where this is the node's result.</param>
    public static Value Convolution(OnnxNode n, Value data, Value weight, Value? bias, string? step = null)
    {
        if (weight.Type.Shape.Rank != n.Rank) throw n.Mismatch($"weight {weight.Type.Shape} does not fit data {n.Shape()}");
        var window = Windows.Of(n, data, [.. weight.Type.Shape.Skip(2).Select(d => (long)d)]);
        if (window.IsFlat) weight = n.Step("kernel", NnShape.ExpandDims, [weight], ("axes", new[] { 2 }));
        Value[] operands = bias is null ? [window.Data, weight] : [window.Data, weight, bias];
        return Windows.Result(n, step, window.IsFlat, NnConv.Conv2D, operands, Attributes(window.Kernel, window.Strides, window.Padding, window.Dilation, n.Attributes.Int("group", 1)));
    }

    private static (string, AttributeValue)[] Attributes(long[] kernel, long[] strides, long[] padding, long[] dilation, long groups)
    {
        var attributes = new List<(string, AttributeValue)> { ("kernel", kernel) };
        if (strides is not [1, 1]) attributes.Add(("strides", strides));
        if (padding is not [0, 0, 0, 0]) attributes.Add(("padding", padding));
        if (dilation is not [1, 1]) attributes.Add(("dilation", dilation));
        if (groups != 1) attributes.Add(("groups", groups));
        return [.. attributes];
    }

    //  y = conv_transpose(x, w) {strides = [s, s]}   ⇒   y = conv2d(x with s - 1 zeros behind every pixel, w turned by 180°)
    private static Entry[] Transposed(OnnxNode n)
    {
        var data = Windows.Image(n, n.Data());
        var weight = n.Constant(1, "the weight").ToFloat();
        if (weight.Shape.Rank != n.Rank) throw n.Mismatch($"weight {weight.Shape} does not fit data {n.Shape()}");
        int spatial = n.Rank - 2;
        if (spatial == 1) weight = weight.Reshape(weight.Shape.Insert(2, 1));
        long[] strides = Flat(Windows.Sized(n, "strides", spatial, 1), 1), dilation = Flat(Windows.Sized(n, "dilations", spatial, 1), 1);
        long[] extra = Flat(Windows.Sized(n, "output_padding", spatial, 0), 0), kernel = [weight.Shape[2], weight.Shape[3]];
        long groups = n.Attributes.Int("group", 1);
        if (strides.Concat(dilation).Any(v => v is < 1 or > 4096) || groups < 1 || weight.Shape[0] % groups != 0) throw n.Mismatch($"strides, dilations or group do not fit weight {weight.Shape}");
        long[] pads = TransposedPadding(n, data.Type.Shape, kernel, strides, dilation, ref extra);
        var padding = new long[4];
        var crop = new long[4];
        for (int i = 0; i < 4; i++)
        {
            int axis = i % 2;
            long wanted = dilation[axis] * (kernel[axis] - 1) - pads[i] + (i < 2 ? 0 : extra[axis] - (strides[axis] - 1));
            (padding[i], crop[i]) = (Math.Max(0, wanted), Math.Max(0, -wanted));
        }
        var spread = Crop(n, Spread(n, data, strides), crop);
        var turned = n.Floats("turned", Turned(weight, (int)groups));
        Value[] operands = n.Has(2) ? [spread, turned, n.Data(2)] : [spread, turned];
        return n.Out(Windows.Result(n, null, spatial == 1, NnConv.Conv2D, operands, Attributes(kernel, [1, 1], padding, dilation, groups)));

        long[] Flat(long[] values, long first) => spatial == 1 ? [first, .. values] : values;
    }

    /// <summary>Top, left, bottom, right; from pads, auto_pad or output_shape, which also settles the rows added behind.</summary>
    private static long[] TransposedPadding(OnnxNode n, Shape data, long[] kernel, long[] strides, long[] dilation, ref long[] extra)
    {
        bool isFlat = n.Rank == 3;
        string auto = n.Attributes.Choice("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
        long[]? wanted = n.Attributes.Ints("output_shape");
        if (wanted is null && auto is "NOTSET" or "VALID")
        {
            long[] given = auto == "VALID" ? new long[2 * (n.Rank - 2)] : Windows.Sized(n, "pads", 2 * (n.Rank - 2), 0);
            return isFlat ? [0, given[0], 0, given[1]] : given;
        }
        if (wanted is not null && wanted.Length >= n.Rank - 2) wanted = wanted[^(n.Rank - 2)..];
        var pads = new long[4];
        for (int i = isFlat ? 1 : 0; i < 2; i++)
        {
            long size = wanted is null ? data[2 + i] * strides[i] : wanted[isFlat ? 0 : i];
            long total = strides[i] * (data[2 + i] - 1L) + extra[i] + (kernel[i] - 1) * dilation[i] + 1 - size;
            if (total < 0) (extra[i], total) = (extra[i] - total, 0);
            pads[i] = auto == "SAME_UPPER" ? total / 2 : total - total / 2;
            pads[2 + i] = total - pads[i];
        }
        return pads;
    }

    private static Value Spread(OnnxNode n, Value data, long[] strides)
    {
        if (strides is [1, 1]) return data;
        var shape = data.Type.Shape;
        var apart = n.Step("apart", NnShape.Reshape, [data], ("shape", new[] { shape[0], shape[1], shape[2], 1, shape[3], 1 }));
        var zeros = n.Step("zeros", NnShape.Pad, [apart], ("before", new long[6]), ("after", new[] { 0, 0, 0, strides[0] - 1, 0, strides[1] - 1 }));
        return n.Step("spread", NnShape.Reshape, [zeros], ("shape", new[] { shape[0], shape[1], shape[2] * strides[0], shape[3] * strides[1] }));
    }

    private static Value Crop(OnnxNode n, Value data, long[] crop)
    {
        if (crop is [0, 0, 0, 0]) return data;
        var shape = data.Type.Shape;
        return n.Step("cropped", NnShape.Slice, [data], ("begin", new[] { 0, 0, crop[0], crop[1] }),
            ("end", new[] { shape[0], shape[1], shape[2] - crop[2], shape[3] - crop[3] }), ("strides", new[] { 1, 1, 1, 1 }));
    }

    /// <summary>[C, O/g, KH, KW] as [O, C/g, KH, KW], every kernel turned by 180°.</summary>
    private static Tensor<float> Turned(Tensor<float> weight, int groups)
    {
        int inputs = weight.Shape[0] / groups, outputs = weight.Shape[1], taps = weight.Shape[2] * weight.Shape[3];
        var data = new float[weight.Length];
        for (int g = 0; g < groups; g++)
            for (int o = 0; o < outputs; o++)
                for (int c = 0; c < inputs; c++)
                    for (int t = 0; t < taps; t++)
                        data[((g * outputs + o) * inputs + c) * taps + t] = weight.Data[((g * inputs + c) * outputs + o) * taps + taps - 1 - t];
        return Tensor.Create(Shape.Of(groups * outputs, inputs, weight.Shape[2], weight.Shape[3]), data);
    }
}
