using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Tensors;
using Xunit;
using static CortexMl.Tests.Frontends.MxNet.SymbolText;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>Operators that cut, repeat, look up and make constants, by the numbers that come out for the data 0, 1, 2, ….</summary>
public class MovingOperatorTests
{
    [Theory]
    [InlineData("slice", "\"begin\": \"(0, 1)\", \"end\": \"(None, 3)\"", new[] { 2, 4 }, new float[] { 1, 2, 5, 6 })]
    [InlineData(
        "slice", "\"begin\": \"(None, -1)\", \"end\": \"(None, None)\", \"step\": \"(1, -2)\"", new[] { 2, 4 }, new float[] { 3, 1, 7, 5 })]
    [InlineData("slice", "\"begin\": \"(1,)\", \"end\": \"(2,)\"", new[] { 2, 4 }, new float[] { 4, 5, 6, 7 })]
    [InlineData("reverse", "\"axis\": \"1\"", new[] { 2, 3 }, new float[] { 2, 1, 0, 5, 4, 3 })]
    [InlineData("tile", "\"reps\": \"(2, 1)\"", new[] { 2 }, new float[] { 0, 1, 0, 1 })]
    [InlineData("tile", "\"reps\": \"(2,)\"", new[] { 1, 2 }, new float[] { 0, 1, 0, 1 })]
    [InlineData("repeat", "\"repeats\": \"2\"", new[] { 1, 2 }, new float[] { 0, 0, 1, 1 })]
    [InlineData("repeat", "\"repeats\": \"2\", \"axis\": \"0\"", new[] { 2, 1 }, new float[] { 0, 0, 1, 1 })]
    [InlineData("broadcast_axis", "\"axis\": \"0\", \"size\": \"2\"", new[] { 1, 2 }, new float[] { 0, 1, 0, 1 })]
    [InlineData("broadcast_to", "\"shape\": \"(2, 0)\"", new[] { 1, 2 }, new float[] { 0, 1, 0, 1 })]
    [InlineData("min", "\"axis\": \"1\"", new[] { 2, 2 }, new float[] { 0, 2 })]
    [InlineData("_contrib_div_sqrt_dim", "", new[] { 1, 4 }, new[] { 0, 0.5f, 1, 1.5f })]
    [InlineData("depth_to_space", "\"block_size\": \"2\"", new[] { 1, 4, 1, 1 }, new float[] { 0, 1, 2, 3 })]
    public void On_one_input(string op, string attributes, int[] shape, float[] expected) =>
        Assert.Equal(expected, Run(Import(OneOperator(op, attributes), null, ("data", shape))));

    [Theory]
    [InlineData("slice_like", "\"axes\": \"(1,)\"", new[] { 2, 3 }, new[] { 1, 2 }, new float[] { 0, 1, 3, 4 })]
    [InlineData("broadcast_like", "", new[] { 1, 2 }, new[] { 2, 2 }, new float[] { 0, 1, 0, 1 })]
    [InlineData("reshape_like", "", new[] { 2, 3 }, new[] { 3, 2 }, new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData("dot", "", new[] { 1, 2 }, new[] { 2, 2 }, new float[] { 2, 3 })]
    [InlineData("batch_dot", "\"transpose_b\": \"True\"", new[] { 1, 1, 2 }, new[] { 1, 2, 2 }, new float[] { 1, 3 })]
    [InlineData("take", "", new[] { 3, 1 }, new[] { 2 }, new float[] { 0, 1 })]
    public void On_two_inputs(string op, string attributes, int[] left, int[] right, float[] expected) =>
        Assert.Equal(expected, Run(Import(OneOperator(op, attributes, "other"), null, ("data", left), ("other", right))));

    [Theory]
    [InlineData("zeros_like", "", new float[] { 0, 0, 0, 0 })]
    [InlineData("ones_like", "", new float[] { 1, 1, 1, 1 })]
    [InlineData("shape_array", "", new float[] { 2, 2 })]
    [InlineData("size_array", "", new float[] { 4 })]
    public void Constants_of_an_inputs_shape(string op, string attributes, float[] expected)
    {
        var graph = Import(OneOperator(op, attributes), null, ("data", [2, 2]));
        Assert.Equal(expected, graph.Outputs[0].Constant!.Floats.ToArray());
    }

    [Theory]
    [InlineData("_zeros", "\"shape\": \"(2,)\"", new float[] { 0, 0 })]
    [InlineData("_full", "\"shape\": \"(1, 2)\", \"value\": \"2.5\"", new[] { 2.5f, 2.5f })]
    [InlineData("_arange", "\"start\": \"3\"", new float[] { 0, 1, 2 })]
    [InlineData("_arange", "\"start\": \"1\", \"stop\": \"2\", \"step\": \"0.5\", \"repeat\": \"2\"", new[] { 1, 1, 1.5f, 1.5f })]
    public void Constants_of_their_own(string op, string attributes, float[] expected)
    {
        byte[] symbol = Bytes($$"""{"nodes": [{"op": "{{op}}", "name": "y", "attrs": { {{attributes}} }, "inputs": []}], "heads": [[0, 0]]}""");
        Assert.Equal(expected, Import(symbol, null).Outputs[0].Constant!.Floats.ToArray());
    }

    [Fact]
    public void A_constant_of_a_shape_that_lies_takes_no_memory() =>
        Assert.Equal("CML0106", Assert.Single(Fails(() => Import(Bytes(
            """{"nodes": [{"op": "_zeros", "name": "y", "attrs": {"shape": "(65536, 65536)"}, "inputs": []}], "heads": [[0, 0]]}"""), null))).Code);

    [Fact]
    public void An_embedding_takes_rows_of_its_weight()
    {
        byte[] symbol = OneOperator("Embedding", "\"input_dim\": \"2\", \"output_dim\": \"2\"", "w");
        Assert.Equal([5f, 6, 7, 8], Run(Import(symbol, new ParamsBytes().Add("w", [2, 2], 5, 6, 7, 8).Build(), ("data", [1, 2]))));
    }

    /// <summary>Every input holds 0, 1, 2, ….</summary>
    private static float[] Run(Graph graph)
    {
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        return session.Run(
            [.. graph.Inputs.Select(i =>
            Tensor.Create(i.Type.Shape, [.. Enumerable.Range(0, (int)i.Type.Shape.Count).Select(n => (float)n)]))]).Single().Data;
    }
}
