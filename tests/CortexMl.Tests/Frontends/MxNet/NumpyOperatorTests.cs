using CortexMl.Float;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;
using static CortexMl.Tests.Frontends.MxNet.SymbolText;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>Operators of MXNet's NumPy interface, and those that find, sort and choose, by the numbers that come out for the data 0, 1, 2,
/// …</summary>
public class NumpyOperatorTests
{
    private static IReadOnlyList<Tensor<float>> Run(Graph graph, float[]? numbers = null)
    {
        Tensor<float>[] data = [.. graph.Inputs.Select(i => Tensor.Create(
            i.Type.Shape, numbers ?? [.. Enumerable.Range(0, (int)i.Type.Shape.Count).Select(k => (float)k)]))];
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        return session.Run(data);
    }

    private static Graph OneInput(string op, string attributes, params int[] shape) =>
        Import(OneOperator(op, attributes), null, ("data", shape));

    [Theory]
    [InlineData("_np_reshape", "\"newshape\": \"(3, -1)\"", new[] { 2, 3 }, new[] { 3, 2 })]
    [InlineData("_np_reshape", "\"newshape\": \"6\"", new[] { 2, 3 }, new[] { 6 })]
    [InlineData("_npx_reshape", "\"newshape\": \"(-2, -1)\"", new[] { 2, 3, 4 }, new[] { 2, 12 })]
    [InlineData("_npx_reshape", "\"newshape\": \"(-5, -4)\"", new[] { 2, 3, 4, 5 }, new[] { 6, 4, 5 })]
    [InlineData("_npx_reshape", "\"newshape\": \"(-3, -6, 2, -1, -4)\"", new[] { 1, 4, 3 }, new[] { 2, 2, 3 })]
    [InlineData("_npx_reshape", "\"newshape\": \"(-1, -2)\", \"reverse\": \"True\"", new[] { 2, 3, 4 }, new[] { 6, 4 })]
    [InlineData("_np_moveaxis", "\"source\": \"0\", \"destination\": \"-1\"", new[] { 2, 3, 4 }, new[] { 3, 4, 2 })]
    [InlineData("_np_moveaxis", "\"source\": \"(0, 1)\", \"destination\": \"(1, 0)\"", new[] { 2, 3, 4 }, new[] { 3, 2, 4 })]
    [InlineData("_npi_mean", "\"axis\": \"None\"", new[] { 2, 3 }, new int[0])]
    [InlineData("_npi_mean", "\"axis\": \"(1, 2)\", \"keepdims\": \"True\"", new[] { 2, 3, 4 }, new[] { 2, 1, 1 })]
    [InlineData("_np_broadcast_to", "\"shape\": \"(2, 2, 3)\"", new[] { 1, 3 }, new[] { 2, 2, 3 })]
    [InlineData("_npx_activation", "\"act_type\": \"relu\"", new[] { 2, 3 }, new[] { 2, 3 })]
    [InlineData("_npx_pooling", "\"kernel\": \"(2, 2)\", \"stride\": \"(2, 2)\"", new[] { 1, 2, 4, 4 }, new[] { 1, 2, 2, 2 })]
    public void Shapes(string op, string attributes, int[] shape, int[] expected) =>
        Assert.Equal(Shape.Of(expected), OneInput(op, attributes, shape).Outputs[0].Type.Shape);

    [Theory]
    [InlineData("_np_sum", "\"axis\": \"1\"", new[] { 2, 2 }, new float[] { 1, 5 })]
    [InlineData("_np_min", "\"axis\": \"0\"", new[] { 2, 2 }, new float[] { 0, 1 })]
    [InlineData("_npi_multiply_scalar", "\"scalar\": \"3\", \"is_int\": \"True\"", new[] { 3 }, new float[] { 0, 3, 6 })]
    [InlineData("_npi_rsubtract_scalar", "\"scalar\": \"3\"", new[] { 3 }, new float[] { 3, 2, 1 })]
    [InlineData("_npi_less_scalar", "\"scalar\": \"1\"", new[] { 3 }, new float[] { 1, 0, 0 })]
    [InlineData(
        "_npi_pad", "\"pad_width\": \"((1, 0), (0, 1))\", \"constant_value\": \"9\"", new[] { 1, 2 }, new float[] { 9, 9, 9, 0, 1, 9 })]
    [InlineData("_npi_pad", "\"pad_width\": \"(2,)\", \"mode\": \"symmetric\"", new[] { 3 }, new float[] { 1, 0, 0, 1, 2, 2, 1 })]
    [InlineData("_npi_pad", "\"pad_width\": \"((2, 1),)\", \"mode\": \"reflect\"", new[] { 3 }, new float[] { 2, 1, 0, 1, 2, 1 })]
    [InlineData("Pad", "\"pad_width\": \"(0, 0, 1, 2)\", \"mode\": \"edge\"", new[] { 1, 2 }, new float[] { 0, 0, 1, 1, 1 })]
    [InlineData("_npi_flip", "\"axis\": \"1\"", new[] { 1, 3 }, new float[] { 2, 1, 0 })]
    public void Numbers(string op, string attributes, int[] shape, float[] expected) =>
        Assert.Equal(expected, Run(OneInput(op, attributes, shape))[0].Data);

    [Theory]
    [InlineData("_npi_concatenate", "\"axis\": \"0\", \"num_args\": \"2\"", new[] { 1, 2 }, new float[] { 0, 1, 0, 1 })]
    [InlineData("_npi_concatenate", "\"axis\": \"None\"", new[] { 2, 1 }, new float[] { 0, 1, 0, 1 })]
    [InlineData("_npi_matmul", "", new[] { 2, 2 }, new float[] { 2, 3, 6, 11 })]
    [InlineData("_npi_true_divide", "", new[] { 1, 1 }, new[] { float.NaN })]
    [InlineData("_npi_subtract", "", new[] { 2 }, new float[] { 0, 0 })]
    public void Of_two_inputs(string op, string attributes, int[] shape, float[] expected) =>
        Assert.Equal(expected, Run(Import(OneOperator(op, attributes, "other"), null, ("data", shape), ("other", shape)))[0].Data);

    [Theory]
    [InlineData("\"sections\": \"2\", \"axis\": \"1\"", 2)]
    [InlineData("\"indices\": \"(0, 2)\", \"axis\": \"1\"", 2)]
    [InlineData("\"indices\": \"(0, 1, 2, 3)\", \"axis\": \"-1\", \"squeeze_axis\": \"True\"", 1)]
    public void Parts(string attributes, int first)
    {
        var result = Run(OneInput("_npi_split", attributes, 1, 4))[0];
        Assert.Equal([.. Enumerable.Range(0, first).Select(i => (float)i)], result.Data);
    }

    // Data: 3, 7, 7, 1.
    [Theory]
    [InlineData("argmax", "\"axis\": \"1\"", new float[] { 1 })]
    [InlineData("argmin", "\"axis\": \"1\", \"keepdims\": \"True\"", new float[] { 3 })]
    [InlineData("argmax", "", new float[] { 1 })]
    [InlineData("argmax_channel", "", new float[] { 1 })]
    [InlineData("topk", "\"k\": \"3\"", new float[] { 1, 2, 0 })]
    [InlineData("topk", "\"k\": \"2\", \"ret_typ\": \"value\", \"is_ascend\": \"True\"", new float[] { 1, 3 })]
    [InlineData("topk", "\"k\": \"2\", \"ret_typ\": \"mask\"", new float[] { 0, 1, 1, 0 })]
    [InlineData("topk", "\"k\": \"1\", \"axis\": \"0\", \"ret_typ\": \"value\"", new float[] { 3, 7, 7, 1 })]
    [InlineData("sort", "", new float[] { 1, 3, 7, 7 })]
    [InlineData("argsort", "\"is_ascend\": \"False\"", new float[] { 1, 2, 0, 3 })]
    [InlineData("one_hot", "\"depth\": \"2\"", new float[] { 0, 0, 0, 0, 0, 0, 0, 1 })]
    [InlineData("one_hot", "\"depth\": \"2\", \"on_value\": \"5\", \"off_value\": \"2\"", new float[] { 2, 2, 2, 2, 2, 2, 2, 5 })]
    public void Found_and_sorted(string op, string attributes, float[] expected) =>
        Assert.Equal(expected, Run(OneInput(op, attributes, 1, 4), [3, 7, 7, 1])[0].Data);

    [Fact]
    public void Both_of_a_selection()
    {
        byte[] symbol = Bytes("""
            {"nodes": [{"op": "null", "name": "data", "inputs": []},
              {"op": "topk", "name": "y", "attrs": {"k": "2", "ret_typ": "both", "axis": "0"}, "inputs": [[0, 0, 0]]}],
             "heads": [[1, 0, 0], [1, 1, 0]]}
            """);
        var results = Run(Import(symbol, null, ("data", [3, 1])), [3, 1, 2]);
        Assert.Equal([3, 2], results[0].Data);
        Assert.Equal([0, 2], results[1].Data);
    }

    // Of [0, 1, 2, 3] in two rows, by 0 and 1; one index beyond the end is the last.
    [Theory]
    [InlineData("\"axis\": \"1\"", new float[] { 0, 3 })]
    [InlineData("\"axis\": \"0\", \"keepdims\": \"True\"", new float[] { 0, 3 })]
    public void Picked(string attributes, float[] expected)
    {
        var graph = Import(OneOperator("pick", attributes, "index"), null, ("data", [2, 2]), ("index", [2]));
        Assert.Equal(expected, Run(graph)[0].Data);
    }

    [Theory]
    [InlineData("_np_reshape", "\"newshape\": \"(-2, -1)\"", "newshape = (-2, -1) is not supported")]
    [InlineData("_npx_reshape", "\"newshape\": \"(-3, -1)\"", "shape: -3 skips a dimension of 1, and there is one of 2")]
    [InlineData("_npi_split", "\"indices\": \"(2, 1)\"", "indices = (2, 1) is not supported")]
    [InlineData("topk", "\"k\": \"9\"", "k is 9 where there are 3 elements")]
    [InlineData("_npi_pad", "\"pad_width\": \"((1, 2), (3, x))\"", "pad_width = ((1, 2), (3, x)) is not supported")]
    public void What_does_not_fit_is_told(string op, string attributes, string message)
    {
        var error = Assert.Single(Fails(() => OneInput(op, attributes, 2, 3)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    // Names of one interface and of the other: the same graph.
    [Theory]
    [InlineData("_npx_convolution", "Convolution", "\"kernel\": \"(3, 3)\", \"num_filter\": \"2\"")]
    [InlineData("_npx_fully_connected", "FullyConnected", "\"num_hidden\": \"2\"")]
    [InlineData("_npx_batch_norm", "BatchNorm", "\"fix_gamma\": \"False\"")]
    [InlineData("_npx_layer_norm", "LayerNorm", "\"axis\": \"-1\"")]
    [InlineData("_npx_softmax", "softmax", "\"axis\": \"-1\"")]
    [InlineData("_npx_leaky_relu", "LeakyReLU", "\"act_type\": \"gelu\"")]
    [InlineData("_npi_tanh", "tanh", "")]
    public void By_another_name(string numpy, string older, string attributes)
    {
        var options = new ImportOptions
        {
            RandomParamsSeed = 1, InputShapes = new Dictionary<string, Shape> { ["data"] = Shape.Of(1, 2, 4, 4) },
        };
        Assert.Equal(Print(older), Print(numpy));

        string Print(string op) => TextPrinter.Print(MxNetImporter.Import(
            SymbolReader.Read(OneOperator(op, attributes), "x-symbol.json"), null, options));
    }
}
