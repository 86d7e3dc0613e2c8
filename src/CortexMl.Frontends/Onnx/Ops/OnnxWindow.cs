using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>What convolutions and pools share: one-dimensional data get an axis of height 1, and auto_pad becomes padding.</summary>
/// <param name="IsFlat">Whether the data had one spatial axis.</param>
/// <param name="Data">[N, C, H, W]</param>
internal sealed record OnnxWindow(bool IsFlat, Value Data, SlidingWindow Window)
{
    /// <param name="kernel">Null reads kernel_shape.</param>
    public static OnnxWindow Of(OnnxNode n, Value data, long[]? kernel = null)
    {
        data = Image(n, data);
        var axes = Axes(n, kernel);
        return axes.Length == 1 ? new(true, data, new(new(1), axes[0])) : new(false, data, new(axes[0], axes[1]));
    }

    /// <summary>The window along each spatial axis.</summary>
    /// <param name="kernel">Null reads kernel_shape.</param>
    public static WindowAxis[] Axes(OnnxNode n, long[]? kernel = null)
    {
        int spatial = n.Rank - 2;
        var attributes = n.Attributes;
        kernel = attributes.Ints("kernel_shape") ?? kernel ?? throw attributes.Unsupported("kernel_shape", "the window's size");
        long[] strides = Sized(n, "strides", spatial, 1), dilation = Sized(n, "dilations", spatial, 1);
        if (kernel.Length != spatial) throw n.Mismatch($"kernel_shape has {Counted.Of(kernel.Length, "element")} for data {n.Shape()}");
        if (strides.Concat(dilation).Concat(kernel).Any(v => v is < 1 or > int.MaxValue))
            throw n.Mismatch("a kernel size, stride or dilation is not positive");
        long[] padding = Padded(n, spatial, kernel, strides, dilation);
        return [.. kernel.Select((taps, i) => new WindowAxis(taps, strides[i], padding[i], padding[spatial + i], dilation[i]))];
    }

    /// <summary>Whether the window goes over three axes, which is done by two windows over two (<see cref="Volumes"/>).</summary>
    public static bool IsVolume(OnnxNode n) => n.Rank == 5;

    /// <summary>The data as [N, C, H, W].</summary>
    public static Value Image(OnnxNode n, Value data) => data.Type.Shape.Rank switch
    {
        4 => data,
        3 => n.Step("rows", NnShape.ExpandDims, [data], ("axes", new[] { 2 })),
        var rank =>
            throw n.Refused($"data of rank {rank} is not supported", "windows over one, two or three axes are: [N, C, W] to [N, C, D, H, W]"),
    };

    /// <summary>The window's result: flat data lose the added axis again.</summary>
    /// <param name="step">Null where this is the node's result.</param>
    public static Value Result(
        OnnxNode n, string? step, bool isFlat, OpSpec row, IReadOnlyList<Value> operands,
        params ReadOnlySpan<(string, AttributeValue)> attributes)
    {
        if (!isFlat) return Emit(row, operands, attributes);
        return Emit(NnShape.Squeeze, [n.Step("window", row, operands, attributes)], ("axes", new[] { 2 }));

        Value Emit(OpSpec spec, IReadOnlyList<Value> inputs, params ReadOnlySpan<(string, AttributeValue)> given) =>
            step is null ? n.Emit(spec, inputs, given) : n.Step(step, spec, inputs, given);
    }

    public static long[] Sized(OnnxNode n, string name, int count, long absent)
    {
        long[] values = n.Attributes.Ints(name) ?? [.. Enumerable.Repeat(absent, count)];
        return values.Length == count ? values
            : throw n.Mismatch($"{name} has {Counted.Of(values.Length, "element")}, "
                + $"{Counted.Of(count, "is", "are")} needed for data {n.Shape()}");
    }

    private static long[] Padded(OnnxNode n, int spatial, long[] kernel, long[] strides, long[] dilation)
    {
        string auto = n.Attributes.Choice("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
        if (auto == "NOTSET") return Sized(n, "pads", 2 * spatial, 0);
        var pads = new long[2 * spatial];
        if (auto == "VALID") return pads;
        for (int i = 0; i < spatial; i++)
        {
            long size = n.Shape()[2 + i], positions = (size + strides[i] - 1) / strides[i];
            long total = new WindowAxis(kernel[i], strides[i], Dilation: dilation[i]).Behind(size, positions);
            pads[i] = auto == "SAME_UPPER" ? total / 2 : total - total / 2;
            pads[spatial + i] = total - pads[i];
        }
        return pads;
    }
}
