using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;
using static CortexMl.Tests.Frontends.MxNet.SymbolText;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>MXNet's normalisations and comparisons of the data at hand, against their definitions worked out by hand.</summary>
public class DataDependentOperatorTests
{
    // mean 2, variance 1: -1 and 1, times gamma, plus beta
    [Fact]
    public void Layer_norm_along_an_axis()
    {
        byte[] parameters = new ParamsBytes().Add("gamma", [2], 2, 4).Add("beta", [2], 10, 20).Build();
        Gives("LayerNorm", "\"eps\": \"0\"", [1, 3, 2], parameters, ["gamma", "beta"], [8, 24, 8, 24, 8, 24], 1, 3, 1, 3, 1, 3);
        Gives("LayerNorm", "\"axis\": \"1\", \"eps\": \"0\"", [1, 2, 3], parameters, ["gamma", "beta"],
            [8, 8, 8, 24, 24, 24], 1, 1, 1, 3, 3, 3);
    }

    [Fact]
    public void Instance_norm_of_each_channel() => Gives(
        "InstanceNorm", "\"eps\": \"0\"", [1, 2, 2], new ParamsBytes().Add("gamma", [2], 2, 4).Add("beta", [2], 10, 20).Build(),
        ["gamma", "beta"], [8, 12, 16, 24], 1, 3, 5, 7);

    // Groups of two channels: (1, 1, 3, 3) and (5, 5, 7, 7).
    [Theory]
    [InlineData(4, "8, 8, 12, 12, 16, 16, 28, 28")]
    [InlineData(2, "8, 8, 12, 12, 16, 16, 24, 24")]
    public void Group_norm_with_factors_of_channels_and_of_groups(int factors, string expected)
    {
        float[] gamma = factors == 4 ? [2, 2, 4, 8] : [2, 4], beta = factors == 4 ? [10, 10, 20, 20] : [10, 20];
        Gives("GroupNorm", "\"num_groups\": \"2\", \"eps\": \"0\"", [1, 4, 2],
            new ParamsBytes().Add("gamma", [factors], gamma).Add("beta", [factors], beta).Build(), ["gamma", "beta"],
            Array.ConvertAll(expected.Split(", "), double.Parse), 1, 1, 3, 3, 5, 5, 7, 7);
    }

    [Theory]
    [InlineData("instance", "0.1, 0.3, 0.3, 0.9")]
    [InlineData("channel", "0.31622776, 0.31622776, 0.94868329, 0.94868329")]
    [InlineData("spatial", "0.31622776, 0.94868329, 0.31622776, 0.94868329")]
    public void L2_normalisation_in_its_modes(string mode, string expected) => Gives(
        "L2Normalization", $"\"mode\": \"{mode}\"", [1, 2, 2], null, [], Array.ConvertAll(expected.Split(", "), double.Parse), 1, 3, 3, 9);

    // √(3² + 4² + 11) = 6
    [Fact]
    public void Its_epsilon_is_added_to_the_sum() =>
        Gives("L2Normalization", "\"eps\": \"11\"", [1, 2], null, [], [0.5, 2 / 3.0], 3, 4);

    [Theory]
    [InlineData("", "1", "5")]
    [InlineData("\"ord\": \"1\"", "1", "7")]
    [InlineData("\"axis\": \"1\"", "1", "5")]
    [InlineData("\"axis\": \"1\", \"ord\": \"1\"", "1", "7")]
    [InlineData("\"axis\": \"1\", \"keepdims\": \"True\"", "1, 1", "5")]
    [InlineData("\"axis\": \"0\"", "2", "3, 4")]
    public void Lengths(string attributes, string shape, string expected)
    {
        var graph = Import(OneOperator("norm", attributes), null, ("data", [1, 2]));
        Assert.Equal(Shape.Of(Array.ConvertAll(shape.Split(", "), int.Parse)), graph.Outputs[0].Type.Shape);
        Gives("norm", attributes, [1, 2], null, [], Array.ConvertAll(expected.Split(", "), double.Parse), 3, -4);
    }

    [Theory]
    [InlineData("_equal_scalar", "0, 1, 0, 0")]
    [InlineData("_not_equal_scalar", "1, 0, 1, 1")]
    [InlineData("_greater_scalar", "0, 0, 1, 1")]
    [InlineData("_greater_equal_scalar", "0, 1, 1, 1")]
    [InlineData("_lesser_scalar", "1, 0, 0, 0")]
    [InlineData("_lesser_equal_scalar", "1, 1, 0, 0")]
    public void Comparisons_with_a_number(string op, string expected) => Gives(
        op, "\"scalar\": \"0\"", [4], null, [], Array.ConvertAll(expected.Split(", "), double.Parse), -1, 0, 0.5, 2);

    [Theory]
    [InlineData("_logical_and_scalar", "1, 0, 1")]
    [InlineData("_logical_or_scalar", "1, 1, 1")]
    [InlineData("_logical_xor_scalar", "0, 1, 0")]
    [InlineData("logical_not", "0, 1, 0")]
    [InlineData("sign", "-1, 0, 1")]
    public void Logic_of_whether_numbers_are_zero(string op, string expected) => Gives(
        op, op[0] == '_' ? "\"scalar\": \"3\"" : "", [3], null, [], Array.ConvertAll(expected.Split(", "), double.Parse), -2, 0, 0.5);

    [Theory]
    [InlineData("InstanceNorm", "", new[] { 1, 4 }, "data [1, 4] has nothing behind its channels")]
    [InlineData("GroupNorm", "\"num_groups\": \"3\"", new[] { 1, 4, 2 }, "4 channels cannot be split into 3 groups")]
    [InlineData("L2Normalization", "\"mode\": \"spatial\"", new[] { 1, 4 }, "data [1, 4] has nothing behind its channels")]
    [InlineData("L2Normalization", "", new[] { 4 }, "data [4] has no axis behind the batch")]
    [InlineData("norm", "\"ord\": \"3\"", new[] { 1, 4 }, "ord = 3 is not supported")]
    public void What_does_not_fit_is_told(string op, string attributes, int[] dims, string message)
    {
        string[] parameters = op.EndsWith("Norm", StringComparison.Ordinal) ? ["gamma", "beta"] : [];
        byte[] known = new ParamsBytes().Add("gamma", [4], 1, 1, 1, 1).Add("beta", [4], 1, 1, 1, 1).Build();
        var error = Assert.Single(Fails(() => Import(OneOperator(op, attributes, parameters), known, ("data", dims))));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static void Gives(
        string op, string attributes, int[] dims, byte[]? parameters, string[] names, double[] expected, params double[] data)
    {
        var graph = Import(OneOperator(op, attributes, names), parameters, ("data", dims));
        double[] found = NaiveEvaluator.Run(graph, [Tensor.Create(Shape.Of(dims), data)])[0].Data;
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 6);
    }
}
