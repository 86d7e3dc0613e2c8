using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines.Float;

/// <summary>A convolution of floats as a graph, and by its definition.</summary>
internal sealed record ConvCase(long[] Size, long[] Kernel, long[] Strides, long[] Padding, long[] Dilation, int Groups)
{
    public Graph Graph(Tensor<float> image, Tensor<float> weights, Tensor<float>? bias, bool isConstant)
    {
        var build = new GraphBuilder("conv", Level.Float);
        List<Value> operands = [build.Input("x", Type(image)), Other("w", weights)];
        if (bias is not null) operands.Add(Other("b", bias));
        build.Output(build.Op(NnConv.Conv2D, operands, Attributes.Empty.With("kernel", Kernel).With("strides", Strides)
            .With("padding", Padding).With("dilation", Dilation).With("groups", Groups)));
        return build.Build();

        Value Other(string name, Tensor<float> tensor) => isConstant ? build.Constant(name, tensor) : build.Input(name, Type(tensor));

        static TensorType Type(Tensor<float> tensor) => TensorType.Float([.. tensor.Shape]);
    }

    /// <summary>Sums over input channel, row, column of the kernel; padding counts as zeros; the bias last.</summary>
    public float[] Define(Tensor<float> image, Tensor<float> weights, Tensor<float>? bias, Shape result)
    {
        var values = new float[result.Count];
        int channels = weights.Shape[1], outputsPerGroup = result[1] / Groups;
        for (int i = 0; i < values.Length; i++)
        {
            int x = i % result[3], y = i / result[3] % result[2], plane = i / result[3] / result[2];
            int o = plane % result[1], n = plane / result[1];
            float sum = 0;
            for (int k = 0; k < channels * (int)(Kernel[0] * Kernel[1]); k++)
            {
                int column = (int)(x * Strides[1] - Padding[1] + k % Kernel[1] * Dilation[1]);
                int row = (int)(y * Strides[0] - Padding[0] + k / Kernel[1] % Kernel[0] * Dilation[0]);
                int channel = o / outputsPerGroup * channels + (int)(k / (Kernel[0] * Kernel[1]));
                bool isInside = row >= 0 && row < image.Shape[2] && column >= 0 && column < image.Shape[3];
                int at = ((n * image.Shape[1] + channel) * image.Shape[2] + row) * image.Shape[3] + column;
                float pixel = isInside ? image.Data[at] : 0;
                sum = MathF.FusedMultiplyAdd(pixel, weights.Data[o * channels * (int)(Kernel[0] * Kernel[1]) + k], sum);
            }
            values[i] = bias is null ? sum : sum + bias.Data[o];
        }
        return values;
    }
}
