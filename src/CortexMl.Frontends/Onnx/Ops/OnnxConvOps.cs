using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Convolutions.</summary>
internal static class OnnxConvOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("Conv", "nn.conv2d; one or two spatial axes")
        {
            Import = n => n.Out(Convolution(n, n.Data(), n.Data(1), n.Has(2) ? n.Data(2) : null)),
        },
        new("ConvTranspose", "zeros between the pixels and nn.conv2d with the turned kernel; constant weights, one or two spatial axes")
        {
            Import = Transposed,
        },
        OnnxOp.Refused(
            "ConvInteger", "raw integer convolutions have no scale; export as QLinearConv or QuantizeLinear/DequantizeLinear pairs"),
        OnnxOp.Refused("DeformConv", "where it samples depends on the data"),
    ];

    /// <param name="step">Null where this is the node's result.</param>
    public static Value Convolution(OnnxNode n, Value data, Value weight, Value? bias, string? step = null)
    {
        if (weight.Type.Shape.Rank != n.Rank) throw n.Mismatch($"weight {weight.Type.Shape} does not fit data {n.Shape()}");
        var window = OnnxWindow.Of(n, data, [.. weight.Type.Shape.Skip(2).Select(d => (long)d)]);
        if (window.IsFlat) weight = n.Step("kernel", NnShape.ExpandDims, [weight], ("axes", new[] { 2 }));
        Value[] operands = bias is null ? [window.Data, weight] : [window.Data, weight, bias];
        return OnnxWindow.Result(n, step, window.IsFlat, NnConv.Conv2D, operands,
            ConvAttributes.Of(window.Window, n.Attributes.Int("group", 1)));
    }

    private static Entry[] Transposed(OnnxNode n)
    {
        var data = OnnxWindow.Image(n, n.Data());
        var weight = n.Constant(1, "the weight").ToFloat();
        if (weight.Shape.Rank != n.Rank) throw n.Mismatch($"weight {weight.Shape} does not fit data {n.Shape()}");
        int spatial = n.Rank - 2;
        if (spatial == 1) weight = weight.Reshape(weight.Shape.Insert(2, 1));
        long[] strides = Flat(OnnxWindow.Sized(n, "strides", spatial, 1), 1);
        long[] dilation = Flat(OnnxWindow.Sized(n, "dilations", spatial, 1), 1);
        long[] extra = Flat(OnnxWindow.Sized(n, "output_padding", spatial, 0), 0);
        var window = SlidingWindow.Of([weight.Shape[2], weight.Shape[3]], strides, [0, 0, 0, 0], dilation);
        int groups = (int)Math.Clamp(n.Attributes.Int("group", 1), 0, int.MaxValue);
        long[] pads = TransposedPadding(n, data.Type.Shape, window, ref extra);
        var transposed = new TransposedConvolution(weight, window.WithPadding(pads), extra, groups);
        if (!transposed.IsSound) throw n.Mismatch($"strides, dilations or group do not fit weight {weight.Shape}");
        var (operands, attributes) = transposed.Lower(n, data);
        return n.Out(OnnxWindow.Result(n, null, spatial == 1, NnConv.Conv2D, n.Has(2) ? [.. operands, n.Data(2)] : operands, attributes));

        long[] Flat(long[] values, long first) => spatial == 1 ? [first, .. values] : values;
    }

    /// <summary>Top, left, bottom, right; from pads, auto_pad or output_shape, which also settles the rows added behind.</summary>
    private static long[] TransposedPadding(OnnxNode n, Shape data, SlidingWindow window, ref long[] extra)
    {
        bool isFlat = n.Rank == 3;
        string auto = n.Attributes.Choice("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
        long[]? wanted = n.Attributes.Ints("output_shape");
        if (wanted is null && auto is "NOTSET" or "VALID")
        {
            long[] given = auto == "VALID" ? new long[2 * (n.Rank - 2)] : OnnxWindow.Sized(n, "pads", 2 * (n.Rank - 2), 0);
            return isFlat ? [0, given[0], 0, given[1]] : given;
        }
        if (wanted is not null && wanted.Length >= n.Rank - 2) wanted = wanted[^(n.Rank - 2)..];
        var pads = new long[4];
        for (int i = isFlat ? 1 : 0; i < 2; i++)
        {
            var axis = i == 0 ? window.Rows : window.Columns;
            long size = wanted is null ? data[2 + i] * axis.Stride : wanted[isFlat ? 0 : i];
            long total = axis.Stride * (data[2 + i] - 1L) + extra[i] + axis.Extent - size;
            if (total < 0) (extra[i], total) = (extra[i] - total, 0);
            pads[i] = auto == "SAME_UPPER" ? total / 2 : total - total / 2;
            pads[2 + i] = total - pads[i];
        }
        return pads;
    }
}
