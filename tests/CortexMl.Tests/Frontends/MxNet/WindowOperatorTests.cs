using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Tensors;
using Xunit;
using static CortexMl.Tests.Frontends.MxNet.SymbolText;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>Windows of one dimension, transposed convolutions and the rarer pools, by their numbers.</summary>
public class WindowOperatorTests
{
    [Fact]
    public void A_convolution_of_one_dimension()
    {
        byte[] symbol =
            OneOperator("Convolution", "\"kernel\": \"(2,)\", \"num_filter\": \"1\", \"stride\": \"(2,)\", \"no_bias\": \"True\"", "w");
        var graph = Import(symbol, new ParamsBytes().Add("w", [1, 1, 2], 1, 10).Build(), ("data", [1, 1, 4]));
        Assert.Equal([21f, 43f], Run(graph, 1, 2, 3, 4));
        Assert.Equal(Shape.Of(1, 1, 2), graph.Outputs[0].Type.Shape);
    }

    [Theory]
    [InlineData("max", new float[] { 2, 4 })]
    [InlineData("avg", new float[] { 1.5f, 3.5f })]
    [InlineData("sum", new float[] { 3, 7 })]
    public void Pools_of_one_dimension(string type, float[] expected) =>
        Assert.Equal(expected,
            Run(Import(OneOperator("Pooling", $"\"kernel\": \"(2,)\", \"stride\": \"(2,)\", \"pool_type\": \"{type}\""), null,
            ("data", [1, 1, 4])), 1, 2, 3, 4));

    [Theory]
    [InlineData("max", 4f)]
    [InlineData("avg", 2.5f)]
    [InlineData("sum", 10f)]
    public void Global_pools_of_one_dimension(string type, float expected) =>
        Assert.Equal([expected],
            Run(Import(OneOperator("Pooling", $"\"global_pool\": \"True\", \"pool_type\": \"{type}\""), null, ("data", [1, 1, 4])), 1, 2,
            3, 4));

    [Fact]
    public void A_convolution_of_three_dimensions()
    {
        byte[] symbol = OneOperator("Convolution", "\"kernel\": \"(2, 1, 1)\", \"num_filter\": \"1\", \"no_bias\": \"True\"", "w");
        var graph = Import(symbol, new ParamsBytes().Add("w", [1, 1, 2, 1, 1], 1, 10).Build(), ("data", [1, 1, 3, 1, 2]));
        Assert.Equal([31f, 42, 53, 64], Run(graph, 1, 2, 3, 4, 5, 6));
        Assert.Equal(Shape.Of(1, 1, 2, 1, 2), graph.Outputs[0].Type.Shape);
    }

    [Theory]
    [InlineData("max", new float[] { 4, 6 })]
    [InlineData("avg", new float[] { 2.5f, 4.5f })]
    [InlineData("sum", new float[] { 10, 18 })]
    public void Pools_of_three_dimensions(string type, float[] expected)
    {
        var graph = Import(
            OneOperator("Pooling", $"\"kernel\": \"(2, 1, 2)\", \"pool_type\": \"{type}\""), null, ("data", [1, 1, 3, 1, 2]));
        Assert.Equal(expected, Run(graph, 1, 2, 3, 4, 5, 6));
        Assert.Equal(Shape.Of(1, 1, 2, 1, 1), graph.Outputs[0].Type.Shape);
    }

    [Fact]
    public void A_sum_pool_counts_zeros_of_the_padding()
    {
        var graph = Import(
            OneOperator("Pooling",
            "\"kernel\": \"(2,2)\", \"pad\": \"(1,1)\", \"stride\": \"(2,2)\", \"pool_type\": \"sum\", \"count_include_pad\": \"False\""),
            null, ("data", [1, 1, 2, 2]));
        Assert.Equal([1f, 2, 3, 4], Run(graph, 1, 2, 3, 4));
    }

    [Fact]
    public void An_adaptive_average_with_a_size_that_divides_the_image()
    {
        var graph = Import(OneOperator("_contrib_AdaptiveAvgPooling2D", "\"output_size\": \"(1, 2)\""), null, ("data", [1, 1, 2, 4]));
        Assert.Equal([3.5f, 5.5f], Run(graph, 1, 2, 3, 4, 5, 6, 7, 8));
        Assert.Contains("sizes that divide the image's 2 x 4",
            Assert.Single(
                Fails(() => Import(OneOperator("_contrib_AdaptiveAvgPooling2D", "\"output_size\": \"3\""), null, ("data", [1, 1, 2, 4]))))
                .Hint);
    }

    [Theory]
    [InlineData("\"stride\": \"(2, 2)\"", 2, 0, 0, 1)]
    [InlineData("\"stride\": \"(2, 2)\", \"pad\": \"(1, 1)\", \"adj\": \"(1, 1)\"", 2, 1, 1, 1)]
    [InlineData("\"stride\": \"(3, 3)\", \"pad\": \"(1, 1)\"", 3, 1, 0, 1)]
    [InlineData("\"stride\": \"(2, 2)\", \"target_shape\": \"(6, 6)\"", 2, 1, 1, 1)]
    [InlineData("\"num_group\": \"2\", \"dilate\": \"(2, 2)\"", 1, 0, 0, 2)]
    public void A_deconvolution_scatters_every_pixel(string attributes, int stride, int pad, int adj, int dilate)
    {
        const int Side = 3, Kernel = 3, Channels = 2, Filters = 4;
        int groups = dilate == 2 ? 2 : 1, perGroup = Filters / groups, inputs = Channels / groups;
        int size = stride * (Side - 1) - 2 * pad + dilate * (Kernel - 1) + 1 + adj;
        float[] data = Numbers(Channels * Side * Side), weight = Numbers(Channels * perGroup * Kernel * Kernel), bias = Numbers(Filters);
        var expected = new float[Filters * size * size];
        for (int i = 0; i < expected.Length; i++) expected[i] = bias[i / (size * size)];
        for (int c = 0; c < Channels; c++)
            for (int o = 0; o < perGroup; o++)
                for (int at = 0; at < Side * Side * Kernel * Kernel; at++)
                {
                    int y = at / (Side * Kernel * Kernel), x = at / (Kernel * Kernel) % Side, ky = at / Kernel % Kernel, kx = at % Kernel;
                    int row = y * stride + ky * dilate - pad, column = x * stride + kx * dilate - pad;
                    if (row < 0 || row >= size || column < 0 || column >= size) continue;
                    expected[((c / inputs * perGroup + o) * size + row) * size + column] +=
                        data[(c * Side + y) * Side + x] * weight[((c * perGroup + o) * Kernel + ky) * Kernel + kx];
                }
        byte[] symbol =
            OneOperator("Deconvolution", $"\"kernel\": \"(3, 3)\", \"num_filter\": \"4\", \"no_bias\": \"False\", {attributes}", "w", "b");
        byte[] parameters = new ParamsBytes().Add("w", [Channels, perGroup, Kernel, Kernel], weight).Add("b", [Filters], bias).Build();
        var graph = Import(symbol, parameters, ("data", [1, Channels, Side, Side]));
        Assert.Equal(Shape.Of(1, Filters, size, size), graph.Outputs[0].Type.Shape);
        var found = Run(graph, data);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-4f);
    }

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 7 % 11 - 5) / 4f)];

    private static float[] Run(Graph graph, params float[] data)
    {
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        return session.Run([Tensor.Create(graph.Inputs[0].Type.Shape, data)]).Single().Data;
    }
}
