using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.OneRow;

namespace CortexMl.Tests.Frontends.Onnx;

public class ConvExportTests
{
    [Fact]
    public void Convolution_sums_the_window() =>
        Equal([1 + 2 + 4 + 5, 2 + 3 + 5 + 6, 4 + 5 + 7 + 8, 5 + 6 + 8 + 9],
            Run(NnConv.Conv2D, Attributes.Of(("kernel", new[] { 2, 2 })), Counting(1, 1, 3, 3), Of([1, 1, 2, 2], 1, 1, 1, 1)));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(1, 2, 2)]
    [InlineData(3, 2, 1)]
    public void Convolution_agrees_with_its_definition(int stride, int dilation, int groups)
    {
        var random = new Random(7);
        Tensor<float> Filled(params int[] dims) => Of(dims, [.. Counting(dims).Data.Select(_ => random.Next(-8, 9) / 4f)]);
        Tensor<float> data = Filled(2, 4, 7, 8), weight = Filled(6, 4 / groups, 3, 2), bias = Filled(6);
        var attributes = Attributes.Of(
            ("kernel", new[] { 3, 2 }), ("strides", new[] { stride, 1 }), ("padding", new[] { 1, 0, 2, 1 }),
            ("dilation", new[] { dilation, 1 }), ("groups", groups));
        Equal(Naive(data, weight, bias, stride, dilation, groups), Run(NnConv.Conv2D, attributes, data, weight, bias));
    }

    [Fact]
    public void Dense_contracts_the_last_axis_of_any_rank()
    {
        var weight = Of([2, 3], 1, 0, 0, 0, 1, 1);
        Equal([11, 25, 14, 31], Run(NnConv.Dense, null, Counting(2, 3), weight, Vector(10, 20)));
        Equal([1, 5, 4, 11], Run(NnConv.Dense, null, Counting(1, 2, 3), weight));
        Equal([11, 25, 14, 31], Run(NnConv.Dense, null, Counting(1, 1, 2, 3), weight, Vector(10, 20)));
    }

    [Fact]
    public void Batch_norm_uses_the_statistics_of_its_axis()
    {
        Tensor<float> gamma = Vector(1, 2), beta = Vector(0, 1), mean = Vector(1, 3), variance = Vector(3, 8);
        var onePlus = ("epsilon", (AttributeValue)1.0);
        Equal([0, 0.5, 1, 5.0 / 3], Run(NnConv.BatchNorm, Attributes.Of(onePlus), Counting(1, 2, 2, 1), gamma, beta, mean, variance));
        Equal([0, 1.0 / 3, 1, 5.0 / 3],
            Run(NnConv.BatchNorm, Attributes.Of(onePlus, ("axis", -1)), Counting(1, 1, 2, 2), gamma, beta, mean, variance));
        Equal([0, 1.0 / 3], Run(NnConv.BatchNorm, Attributes.Of(onePlus, ("axis", 0)), Counting(2), gamma, beta, mean, variance));
    }

    [Fact]
    public void Matrix_product_broadcasts_leading_axes() =>
        Equal([3, 7, 11, 15], Run(NnConv.MatMul, null, Counting(2, 2, 2), Of([2, 1], 1, 1)));

    private static double[] Naive(Tensor<float> data, Tensor<float> weight, Tensor<float> bias, int stride, int dilation, int groups)
    {
        Shape d = data.Shape, w = weight.Shape;
        int height = (d[2] + 3 - (dilation * 2 + 1)) / stride + 1, width = d[3] + 1 - 1;
        var result = new List<double>();
        for (int n = 0; n < d[0]; n++)
            for (int o = 0; o < w[0]; o++)
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                    {
                        double sum = bias.Data[o];
                        for (int c = 0; c < w[1]; c++)
                            for (int i = 0; i < 3; i++)
                                for (int j = 0; j < 2; j++)
                                {
                                    int row = y * stride + i * dilation - 1, column = x + j, channel = o / (w[0] / groups) * w[1] + c;
                                    if (row < 0 || row >= d[2] || column >= d[3]) continue;
                                    sum += data.Data[((n * d[1] + channel) * d[2] + row) * d[3]
                                        + column] * weight.Data[((o * w[1] + c) * 3 + i) * 2 + j];
                                }
                        result.Add(sum);
                    }
        return [.. result];
    }
}
