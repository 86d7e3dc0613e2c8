using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Frontends;

//  y = conv_transpose(x, w) {strides = [s, s]}   ⇒   y = conv2d(x with s - 1 zeros behind every pixel, w turned by 180°)
/// <summary>Transposed convolutions (ONNX's ConvTranspose, MXNet's Deconvolution) as ordinary ones. All lists are height, width.</summary>
/// <param name="Weight">[C, O/groups, KH, KW]</param>
/// <param name="Pads">Rows and columns cut off the result: top, left, bottom, right.</param>
/// <param name="Extra">Rows and columns added behind the result.</param>
internal sealed record TransposedConvolution(Tensor<float> Weight, long[] Strides, long[] Dilation, long[] Pads, long[] Extra, int Groups)
{
    private const long LargestStep = 4096;

    private long[] Kernel => [Weight.Shape[2], Weight.Shape[3]];

    /// <summary>Whether strides, dilations and groups make sense for the weight.</summary>
    public bool IsSound => Strides.Concat(Dilation).All(v => v is >= 1 and <= LargestStep) && Groups >= 1 && Weight.Shape[0] % Groups == 0;

    /// <param name="data">[N, C, H, W]</param>
    /// <returns>Operands (without bias) and attributes of the nn.conv2d.</returns>
    public (Value[] Operands, (string, AttributeValue)[] Attributes) Lower(IRowEmitter node, Value data)
    {
        var padding = new long[4];
        var crop = new long[4];
        for (int i = 0; i < 4; i++)
        {
            int axis = i % 2;
            long wanted = Dilation[axis] * (Kernel[axis] - 1) - Pads[i] + (i < 2 ? 0 : Extra[axis] - (Strides[axis] - 1));
            (padding[i], crop[i]) = (Math.Max(0, wanted), Math.Max(0, -wanted));
        }
        var spread = Crop(node, Spread(node, data), crop);
        return ([spread, node.Floats("turned", Turned())], ConvAttributes.Of(Kernel, [1, 1], padding, Dilation, Groups));
    }

    private Value Spread(IRowEmitter node, Value data)
    {
        if (Strides is [1, 1]) return data;
        var shape = data.Type.Shape;
        var apart = node.Step("apart", NnShape.Reshape, [data], ("shape", new[] { shape[0], shape[1], shape[2], 1, shape[3], 1 }));
        var zeros = node.Step(
            "zeros", NnShape.Pad, [apart], ("before", new long[6]), ("after", new[] { 0, 0, 0, Strides[0] - 1, 0, Strides[1] - 1 }));
        return node.Step(
            "spread", NnShape.Reshape, [zeros], ("shape", new[] { shape[0], shape[1], shape[2] * Strides[0], shape[3] * Strides[1] }));
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
