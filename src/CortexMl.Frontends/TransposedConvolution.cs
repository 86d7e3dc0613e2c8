using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends;

/// <summary>Attributes of nn.conv2d, those at their defaults left out.</summary>
internal static class ConvAttributes
{
    /// <param name="isPaddingShort">Whether two numbers stand for both sides; the padding is symmetric then.</param>
    public static (string, AttributeValue)[] Of(SlidingWindow window, long groups, bool isPaddingShort = false)
    {
        var attributes = new List<(string, AttributeValue)> { ("kernel", window.Kernel) };
        if (window.Strides is not [1, 1]) attributes.Add(("strides", window.Strides));
        if (window.HasPadding) attributes.Add(("padding", isPaddingShort ? window.Padding[..2] : window.Padding));
        if (window.IsDilated) attributes.Add(("dilation", window.Dilation));
        if (groups != 1) attributes.Add(("groups", groups));
        return [.. attributes];
    }
}

//  y = conv_transpose(x, w) {strides = [s, s]}   ⇒   y = conv2d(x with s - 1 zeros behind every pixel, w turned by 180°)
/// <summary>Transposed convolutions (ONNX's ConvTranspose, MXNet's Deconvolution) as ordinary ones.</summary>
/// <param name="Weight">[C, O/groups, KH, KW]</param>
/// <param name="Window">Goes over the result: its padding is what is cut off there.</param>
/// <param name="Extra">Rows and columns added behind the result.</param>
internal sealed record TransposedConvolution(Tensor<float> Weight, SlidingWindow Window, long[] Extra, int Groups)
{
    private const long LargestStep = 4096;

    /// <summary>Whether strides, dilations and groups make sense for the weight.</summary>
    public bool IsSound => Window.Strides.Concat(Window.Dilation).All(v => v is >= 1 and <= LargestStep)
        && Groups >= 1 && Weight.Shape[0] % Groups == 0;

    /// <param name="data">[N, C, H, W]</param>
    /// <returns>Operands (without bias) and attributes of the nn.conv2d.</returns>
    public (Value[] Operands, (string, AttributeValue)[] Attributes) Lower(IRowEmitter node, Value data)
    {
        var (rows, columns) = Window;
        long[] wanted = [Before(rows), Before(columns), Behind(rows, Extra[0]), Behind(columns, Extra[1])];
        var spread = Crop(node, Spread(node, data), Array.ConvertAll(wanted, w => Math.Max(0, -w)));
        var window = SlidingWindow.Of(Window.Kernel, [1, 1], Array.ConvertAll(wanted, w => Math.Max(0, w)), Window.Dilation);
        return ([spread, node.Floats("turned", Turned())], ConvAttributes.Of(window, Groups));

        static long Before(WindowAxis axis) => axis.Extent - 1 - axis.Before;

        static long Behind(WindowAxis axis, long extra) => axis.Extent - 1 - axis.After + extra - (axis.Stride - 1);
    }

    private Value Spread(IRowEmitter node, Value data)
    {
        long[] strides = Window.Strides;
        if (strides is [1, 1]) return data;
        var shape = data.Type.Shape;
        var apart = node.Step("apart", NnShape.Reshape, [data], ("shape", new[] { shape[0], shape[1], shape[2], 1, shape[3], 1 }));
        var zeros = node.Step(
            "zeros", NnShape.Pad, [apart], ("before", new long[6]), ("after", new[] { 0, 0, 0, strides[0] - 1, 0, strides[1] - 1 }));
        return node.Step(
            "spread", NnShape.Reshape, [zeros], ("shape", new[] { shape[0], shape[1], shape[2] * strides[0], shape[3] * strides[1] }));
    }

    private static Value Crop(IRowEmitter node, Value data, long[] crop)
    {
        if (crop is [0, 0, 0, 0]) return data;
        var shape = data.Type.Shape;
        return node.Step("cropped", NnShape.Slice, [data], ("begin", new[] { 0, 0, crop[0], crop[1] }),
            ("end", new[] { shape[0], shape[1], shape[2] - crop[2], shape[3] - crop[3] }), ("strides", new[] { 1, 1, 1, 1 }));
    }

    /// <summary>[C, O/g, KH, KW] as [O, C/g, KH, KW], every kernel turned by 180°.</summary>
    private Tensor<float> Turned()
    {
        int inputs = Weight.Shape[0] / Groups, outputs = Weight.Shape[1], taps = Weight.Shape[2] * Weight.Shape[3];
        var data = new float[Weight.Length];
        for (int g = 0; g < Groups; g++)
            for (int o = 0; o < outputs; o++)
                for (int c = 0; c < inputs; c++)
                    for (int t = 0; t < taps; t++)
                        data[((g * outputs + o) * inputs + c) * taps + t] =
                            Weight.Data[((g * inputs + c) * outputs + o) * taps + taps - 1 - t];
        return Tensor.Create(Shape.Of(Groups * outputs, inputs, Weight.Shape[2], Weight.Shape[3]), data);
    }
}
