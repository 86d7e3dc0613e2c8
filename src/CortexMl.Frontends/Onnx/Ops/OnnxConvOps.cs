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
        new("Conv", "nn.conv2d; of three spatial axes, the slices along the depth as channels of nn.conv2d")
        {
            Import = n => n.Out(Convolution(n, n.Data(), n.Data(1), n.Has(2) ? n.Data(2) : null)),
        },
        new("ConvTranspose", "zeros between the pixels and nn.conv2d with the turned kernel; constant weights")
        {
            Import = Transposed,
        },
        OnnxOp.Refused("DeformConv", "where it samples depends on the data"),
    ];

    /// <param name="step">Null where this is the node's result.</param>
    public static Value Convolution(OnnxNode n, Value data, Value weight, Value? bias, string? step = null)
    {
        if (weight.Type.Shape.Rank != n.Rank) throw n.Mismatch($"weight {weight.Type.Shape} does not fit data {n.Shape()}");
        long[] kernel = [.. weight.Type.Shape.Skip(2).Select(d => (long)d)];
        int groups = (int)Math.Clamp(n.Attributes.Int("group", 1), int.MinValue, int.MaxValue);
        if (OnnxWindow.IsVolume(n))
        {
            var axes = OnnxWindow.Axes(n, kernel);
            if (axes[0].Kernel != kernel[0]) throw n.Mismatch($"weight {weight.Type.Shape} does not fit kernel_shape");
            var depth = DepthTaps.Of(axes[0], n.Shape()[2]);
            return Volume(n, step, depth, [Volumes.Unfolded(n, data, depth), Flat(n, weight), .. bias is null ? [] : new[] { bias }],
                ConvAttributes.Of(new(axes[1], axes[2]), groups));
        }
        var window = OnnxWindow.Of(n, data, kernel);
        if (window.IsFlat) weight = n.Step("kernel", NnShape.ExpandDims, [weight], ("axes", new[] { 2 }));
        Value[] operands = bias is null ? [window.Data, weight] : [window.Data, weight, bias];
        return OnnxWindow.Result(n, step, window.IsFlat, NnConv.Conv2D, operands, ConvAttributes.Of(window.Window, groups));
    }

    //  [O, I, D, H, W]   ⇒   [O, I · D, H, W]
    private static Value Flat(OnnxNode n, Value weight)
    {
        var shape = weight.Type.Shape;
        return n.Reshaped("kernel", weight, Shape.Of(shape[0], shape[1] * shape[2], shape[3], shape[4]));
    }

    private static Value Volume(
        OnnxNode n, string? step, DepthTaps depth, Value[] operands, params ReadOnlySpan<(string, AttributeValue)> attributes)
    {
        var planes = Volumes.Apart(n, n.Step("planes", NnConv.Conv2D, operands, attributes), depth);
        return step is null ? n.Emit(NnShape.Transpose, [planes], ("axes", Volumes.DepthInside))
            : n.Step(step, NnShape.Transpose, [planes], ("axes", Volumes.DepthInside));
    }

    private static Entry[] Transposed(OnnxNode n)
    {
        var weight = n.Constant(1, "the weight").ToFloat();
        if (weight.Shape.Rank != n.Rank) throw n.Mismatch($"weight {weight.Shape} does not fit data {n.Shape()}");
        int spatial = n.Rank - 2;
        var data = spatial == 3 ? n.Data() : OnnxWindow.Image(n, n.Data());
        long[] strides = OnnxWindow.Sized(n, "strides", spatial, 1), dilation = OnnxWindow.Sized(n, "dilations", spatial, 1);
        long[] extra = OnnxWindow.Sized(n, "output_padding", spatial, 0);
        var axes = TransposedPadding(
            n, [.. weight.Shape.Skip(2).Select((taps, i) => new WindowAxis(taps, strides[i], Dilation: dilation[i]))], ref extra);
        int groups = (int)Math.Clamp(n.Attributes.Int("group", 1), 0, int.MaxValue);
        DepthTaps? depth = null;
        if (spatial == 1)
        {
            weight = weight.Reshape(weight.Shape.Insert(2, 1));
            (axes, extra) = ([new(1), .. axes], [0, .. extra]);
        }
        if (spatial == 3)
        {
            depth = DepthTaps.OfTransposed(axes[0], n.Shape()[2], axes[0].Stride * (n.Shape()[2] - 1L) + extra[0] + axes[0].Extent
                - axes[0].Before - axes[0].After);
            data = Volumes.Unfolded(n, data, depth);
            weight = Unfolded(n, weight);
            (axes, extra) = (axes[1..], extra[1..]);
        }
        var transposed = new TransposedConvolution(weight, new(axes[0], axes[1]), extra, groups);
        if (!transposed.IsSound) throw n.Mismatch($"strides, dilations or group do not fit weight {weight.Shape}");
        var (operands, attributes) = transposed.Lower(n, data);
        if (n.Has(2)) operands = [.. operands, n.Data(2)];
        return n.Out(depth is null ? OnnxWindow.Result(n, null, spatial == 1, NnConv.Conv2D, operands, attributes)
            : Volume(n, null, depth, operands, attributes));
    }

    //  [C, O, D, H, W]   ⇒   [C · D, O, H, W]: channels as Volumes.Unfolded has them
    private static Tensor<float> Unfolded(OnnxNode n, Tensor<float> weight)
    {
        var shape = weight.Shape;
        n.Reserve(shape.Select(d => (long)d), DType.F32);
        var turned = (Tensor<float>)Known.Moves.Transpose(weight, [0, 2, 1, 3, 4]);
        return turned.Reshape(Shape.Of(shape[0] * shape[2], shape[1], shape[3], shape[4]));
    }

    /// <summary>The axes with what is cut off in front and behind, from pads, auto_pad or output_shape, which also settles what is added
    /// behind.</summary>
    private static WindowAxis[] TransposedPadding(OnnxNode n, WindowAxis[] axes, ref long[] extra)
    {
        int spatial = axes.Length;
        string auto = n.Attributes.Choice("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
        long[]? wanted = n.Attributes.Ints("output_shape");
        if (wanted is null && auto is "NOTSET" or "VALID")
        {
            long[] given = auto == "VALID" ? new long[2 * spatial] : OnnxWindow.Sized(n, "pads", 2 * spatial, 0);
            return [.. axes.Select((axis, i) => axis with { Before = given[i], After = given[spatial + i] })];
        }
        if (wanted is not null && wanted.Length != spatial && wanted.Length != spatial + 2)
            throw n.Attributes.Unsupported("output_shape", "the size of each spatial axis");
        extra = [.. extra];
        for (int i = 0; i < spatial; i++)
        {
            long data = n.Shape()[2 + i], size = wanted?[^(spatial - i)] ?? data * axes[i].Stride;
            long total = axes[i].Stride * (data - 1L) + extra[i] + axes[i].Extent - size;
            if (total < 0) (extra[i], total) = (extra[i] - total, 0);
            long before = auto == "SAME_UPPER" ? total / 2 : total - total / 2;
            axes[i] = axes[i] with { Before = before, After = total - before };
        }
        return axes;
    }
}
