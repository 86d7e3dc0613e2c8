using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Text;
using Xunit;
using static CortexMl.Tests.Frontends.MxNet.SymbolText;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>What each operator becomes: the lines of the printed graph that are no constants.</summary>
public class OperatorTests
{
    private static string[] Lines(Graph graph) =>
        [.. TextPrinter.Print(graph).Split('\n').Where(l => l.StartsWith("  %", StringComparison.Ordinal)).Select(l => l.Trim())];

    /// <summary>An operator without parameters on data of the given shape.</summary>
    private static void Becomes(string op, string attributes, int[] data, params string[] lines) =>
        Assert.Equal(lines, Lines(Import(OneOperator(op, attributes), null, ("data", data))));

    [Theory]
    [InlineData("relu", "relu")]
    [InlineData("sigmoid", "sigmoid")]
    [InlineData("tanh", "tanh")]
    [InlineData("softrelu", "softplus")]
    [InlineData("softsign", "softsign")]
    public void Activation(string type, string row) =>
        Becomes("Activation", $"\"act_type\": \"{type}\"", [1, 3], $"%y = nn.{row}(%data) : f32[1, 3]");

    [Fact]
    public void Leaky_relu_has_slope_a_quarter_by_default()
    {
        Becomes("LeakyReLU", "", [1, 3], "%y = nn.leaky_relu(%data) {slope = 0.25} : f32[1, 3]");
        Becomes("LeakyReLU", "\"act_type\": \"elu\", \"slope\": \"1\"", [1, 3], "%y = nn.elu(%data) {alpha = 1.0} : f32[1, 3]");
    }

    [Theory]
    [InlineData("\"kernel\": \"(2, 2)\"", "%y = nn.max_pool2d(%data) {kernel = [2, 2]} : f32[1, 2, 6, 6]")]
    [InlineData("\"kernel\": \"(3,3)\", \"stride\": \"(2,2)\", \"pooling_convention\": \"full\"",
        "%y = nn.max_pool2d(%data) {kernel = [3, 3], strides = [2, 2]} : f32[1, 2, 3, 3]")]
    [InlineData("\"kernel\": \"(2L, 2L)\", \"stride\": \"(2, 2)\", \"pooling_convention\": \"full\"",
        "%y = nn.max_pool2d(%data) {ceil_mode = true, kernel = [2, 2], strides = [2, 2]} : f32[1, 2, 4, 4]")]
    [InlineData("\"kernel\": \"[3, 3]\", \"pool_type\": \"avg\", \"pad\": \"(1, 1)\", \"count_include_pad\": \"False\"",
        "%y = nn.avg_pool2d(%data) {count_include_pad = false, kernel = [3, 3], padding = [1, 1]} : f32[1, 2, 7, 7]")]
    [InlineData("\"kernel\": \"(3, 3)\", \"pool_type\": \"avg\", \"stride\": \"(2, 2)\", \"pooling_convention\": \"same\"",
        "%y = nn.avg_pool2d(%data) {count_include_pad = false, kernel = [3, 3], padding = [0, 0, 2, 2], strides = [2, 2]} : f32[1, 2, 4, 4]")]
    [InlineData(
        "\"global_pool\": \"True\", \"kernel\": \"(3, 3)\", \"pool_type\": \"avg\"", "%y = nn.global_avg_pool(%data) : f32[1, 2, 1, 1]")]
    [InlineData("\"global_pool\": \"1\"", "%y = nn.global_max_pool(%data) : f32[1, 2, 1, 1]")]
    public void Pooling(string attributes, string line) => Becomes("Pooling", attributes, [1, 2, 7, 7], line);

    [Fact]
    public void A_pool_whose_last_window_lies_in_the_padding_is_refused() =>
        Assert.Equal("Pooling 'y': pooling_convention = full is not supported (input 'data' [1, 1, 4, 4])", Assert.Single(Fails(() =>
            Import(OneOperator("Pooling",
                "\"kernel\": \"(2, 2)\", \"stride\": \"(3, 3)\", \"pad\": \"(1, 1)\", \"pooling_convention\": \"full\""), null,
                ("data", [1, 1, 4, 4])))).Message);

    [Fact]
    public void Convolution_with_groups_and_dilation()
    {
        byte[] symbol = OneOperator("Convolution",
            "\"kernel\": \"(3, 3)\", \"num_filter\": \"4\", \"num_group\": \"2\", \"pad\": \"(2, 2)\", \"dilate\": \"(2, 2)\", \"stride\": \"(2, 2)\"", "w", "b");
        byte[] parameters = new ParamsBytes().Add("w", [4, 1, 3, 3], new float[36]).Add("b", [4], new float[4]).Build();
        Assert.Equal(
            ["%y = nn.conv2d(%data, @w, @b) {dilation = [2, 2], groups = 2, kernel = [3, 3], padding = [2, 2], strides = [2, 2]} : f32[1, 4, 4, 4]"],
            Lines(Import(symbol, parameters, ("data", [1, 2, 8, 8]))));
    }

    [Fact]
    public void Windows_of_four_dimensions_and_other_layouts_are_refused()
    {
        Assert.Contains("kernel = (3, 3, 3, 3) is not supported", OfPool("\"kernel\": \"(3, 3, 3, 3)\""));
        Assert.Contains("data has rank 4; [N, C, D, H, W] is needed", OfPool("\"kernel\": \"(3, 3, 3)\""));
        Assert.Contains("layout = NHWC is not supported", OfPool("\"layout\": \"NHWC\""));

        static string OfPool(string attributes) =>
            Assert.Single(Fails(() => Import(OneOperator("Pooling", attributes), null, ("data", [1, 1, 4, 4])))).Message;
    }

    [Fact]
    public void Normalisations_and_paddings()
    {
        Becomes("LRN", "\"nsize\": \"5\", \"knorm\": \"1\"", [1, 8, 2, 2],
            "%y = nn.lrn(%data) {alpha = 0.0001, beta = 0.75, bias = 1.0, size = 5} : f32[1, 8, 2, 2]");
        Becomes("Pad", "\"mode\": \"constant\", \"pad_width\": \"(0, 0, 1, 2)\"", [3, 4],
            "%y = nn.pad(%data) {after = [0, 2], before = [0, 1], value = 0.0} : f32[3, 7]");
        Becomes("UpSampling", "\"scale\": \"2\", \"sample_type\": \"nearest\"", [1, 1, 3, 3],
            "%y = nn.upsample(%data) {scale = [2, 2]} : f32[1, 1, 6, 6]");
    }

    [Fact]
    public void Axes_are_moved_added_and_removed()
    {
        Becomes("transpose", "\"axes\": \"(0, 2, 1)\"", [2, 3, 4], "%y = nn.transpose(%data) {axes = [0, 2, 1]} : f32[2, 4, 3]");
        Becomes("transpose", "", [2, 3, 4], "%y = nn.transpose(%data) {axes = [2, 1, 0]} : f32[4, 3, 2]");
        Becomes("SwapAxis", "\"dim1\": \"0\", \"dim2\": \"-1\"", [2, 3, 4], "%y = nn.transpose(%data) {axes = [2, 1, 0]} : f32[4, 3, 2]");
        Becomes("expand_dims", "\"axis\": \"-1\"", [2, 3], "%y = nn.expand_dims(%data) {axes = [2]} : f32[2, 3, 1]");
        Becomes("squeeze", "", [1, 3, 1], "%y = nn.squeeze(%data) {axes = [0, 2]} : f32[3]");
        Becomes("slice_axis", "\"axis\": \"1\", \"begin\": \"-3\", \"end\": \"None\"", [2, 5],
            "%y = nn.slice(%data) {begin = [0, 2], end = [2, 5], strides = [1, 1]} : f32[2, 3]");
    }

    [Fact]
    public void Dense_keeps_leading_axes_without_flatten()
    {
        byte[] symbol = OneOperator("FullyConnected", "\"num_hidden\": \"2\", \"no_bias\": \"True\", \"flatten\": \"False\"", "w");
        Assert.Equal(["%y = nn.dense(%data, @w) : f32[3, 4, 2]"],
            Lines(Import(symbol, new ParamsBytes().Add("w", [2, 5], new float[10]).Build(), ("data", [3, 4, 5]))));
    }

    [Fact]
    public void Gamma_is_one_unless_it_was_trained()
    {
        byte[] parameters = new ParamsBytes().Add("g", [2], 5, 6).Add("b", [2], 0, 0).Add("m", [2], 0, 0).Add("v", [2], 1, 1).Build();
        var fixedGamma = Import(OneOperator("BatchNorm", "", "g", "b", "m", "v"), parameters, ("data", [1, 2, 3, 3]));
        Assert.Equal(["%y = nn.batch_norm(%data, @g, @b, @m, @v) {epsilon = 0.001} : f32[1, 2, 3, 3]"], Lines(fixedGamma));
        Assert.Equal([1f, 1f], fixedGamma.Constants.First().Constant!.Floats.ToArray());
        var trained = Import(OneOperator("BatchNorm", "\"fix_gamma\": \"False\", \"axis\": \"3\"", "g", "b", "m", "v"), parameters,
            ("data", [1, 3, 3, 2]));
        Assert.Equal([5f, 6f], trained.Constants.First().Constant!.Floats.ToArray());
        Assert.Equal(["%y = nn.batch_norm(%data, @g, @b, @m, @v) {axis = 3, epsilon = 0.001} : f32[1, 3, 3, 2]"], Lines(trained));
    }

    [Theory]
    [InlineData("_plus_scalar", "add(%data, @y.scalar)")]
    [InlineData("_RMinusScalar", "sub(@y.scalar, %data)")]
    [InlineData("_div_scalar", "div(%data, @y.scalar)")]
    [InlineData("_rdiv_scalar", "div(@y.scalar, %data)")]
    [InlineData("_MaximumScalar", "max(%data, @y.scalar)")]
    public void Scalar_arithmetic(string op, string row) => Becomes(op, "\"scalar\": \"2.5\"", [1, 3], $"%y = nn.{row} : f32[1, 3]");

    [Theory]
    [InlineData("_Plus", "add")]
    [InlineData("elemwise_sub", "sub")]
    [InlineData("broadcast_mul", "mul")]
    [InlineData("broadcast_maximum", "max")]
    public void Binary_operators_and_their_aliases(string op, string row) =>
        Assert.Equal([$"%y = nn.{row}(%data, %other) : f32[2, 3]"],
            Lines(Import(OneOperator(op, "", "other"), null, ("data", [2, 3]), ("other", [1, 3]))));

    [Fact]
    public void Sums_of_many_and_concatenations()
    {
        (string, int[])[] inputs = [("data", [2, 3]), ("b", [2, 3]), ("c", [2, 3])];
        Assert.Equal(["%y.sum1 = nn.add(%data, %b) : f32[2, 3]", "%y = nn.add(%y.sum1, %c) : f32[2, 3]"],
            Lines(Import(OneOperator("add_n", "", "b", "c"), null, inputs)));
        Assert.Equal(["%y = nn.concat(%data, %b, %c) {axis = 1} : f32[2, 9]"],
            Lines(Import(OneOperator("Concat", "\"dim\": \"-1\", \"num_args\": \"3\"", "b", "c"), null, inputs)));
    }

    [Fact]
    public void Reductions()
    {
        Becomes("mean", "\"axis\": \"(2, 3)\"", [1, 2, 3, 3], "%y = nn.reduce_mean(%data) {axes = [2, 3]} : f32[1, 2]");
        Becomes("sum", "\"axis\": \"1\", \"exclude\": \"True\", \"keepdims\": \"True\"", [4, 2, 3],
            "%y = nn.reduce_sum(%data) {axes = [0, 2], keepdims = true} : f32[1, 2, 1]");
        Becomes("mean", "\"axis\": \"None\"", [2, 3], "%y.all = nn.reduce_mean(%data) {axes = [0, 1]} : f32[]",
            "%y = nn.reshape(%y.all) {shape = [1]} : f32[1]");
    }

    [Fact]
    public void Softmax_family()
    {
        Becomes("softmax", "", [1, 3], "%y = nn.softmax(%data) {axis = -1} : f32[1, 3]");
        Becomes("log_softmax", "\"axis\": \"1\"", [1, 3, 2], "%y = nn.log_softmax(%data) {axis = 1} : f32[1, 3, 2]");
        Becomes("SoftmaxActivation", "\"mode\": \"channel\"", [1, 3, 2], "%y = nn.softmax(%data) {axis = 1} : f32[1, 3, 2]");
        Becomes("SoftmaxActivation", "", [1, 3, 2], "%y.flatten = nn.flatten(%data) : f32[1, 6]",
            "%y.softmax = nn.softmax(%y.flatten) : f32[1, 6]",
            "%y = nn.reshape(%y.softmax) {shape = [1, 3, 2]} : f32[1, 3, 2]");
        Assert.Equal(["%y = nn.sigmoid(%data) : f32[1, 3]"],
            Lines(Import(OneOperator("LogisticRegressionOutput", "", "label"), null, ("data", [1, 3]))));
    }

    [Fact]
    public void Split_has_several_outputs()
    {
        byte[] symbol = Bytes("""{"nodes": [{"op": "null", "name": "data", "inputs": []}, {"op": "SliceChannel", "name": "s", "attrs": {"num_outputs": "2"}, "inputs": [[0, 0]]}, {"op": "relu", "name": "y", "inputs": [[1, 1]]}], "heads": [[2, 0]]}""");
        Assert.Equal("%y = nn.relu(%s.part1) : f32[1, 2]", Lines(Import(symbol, null, ("data", [1, 4])))[^1]);
    }

    [Fact]
    public void An_output_that_only_training_has_is_refused()
    {
        byte[] symbol = Bytes("""{"nodes": [{"op": "null", "name": "data", "inputs": []}, {"op": "Dropout", "name": "d", "inputs": [[0, 0]]}, {"op": "relu", "name": "y", "inputs": [[1, 1]]}], "heads": [[2, 0]]}""");
        Assert.Equal("relu 'y': output 1 of Dropout 'd' is not available at inference",
            Assert.Single(Fails(() => Import(symbol, null, ("data", [1, 4])))).Message);
    }

    [Theory]
    [InlineData("(4, 3, 2)", "False", new[] { 2, 3, 4 }, new[] { 4, 3, 2 })]
    [InlineData("(0, -1)", "False", new[] { 2, 3, 4 }, new[] { 2, 12 })]
    [InlineData("(-2,)", "False", new[] { 2, 3, 4 }, new[] { 2, 3, 4 })]
    [InlineData("(2, -2)", "False", new[] { 2, 3, 4 }, new[] { 2, 3, 4 })]
    [InlineData("(-3, 4)", "False", new[] { 2, 3, 4 }, new[] { 6, 4 })]
    [InlineData("(-3, -3)", "False", new[] { 2, 3, 4, 5 }, new[] { 6, 20 })]
    [InlineData("(-4, 1, 2, -2)", "False", new[] { 2, 3, 4 }, new[] { 1, 2, 3, 4 })]
    [InlineData("(2, -4, -1, 3, -2)", "False", new[] { 2, 3, 4 }, new[] { 2, 1, 3, 4 })]
    [InlineData("(-1, 0)", "False", new[] { 10, 5, 4 }, new[] { 40, 5 })]
    [InlineData("(-1, 0)", "True", new[] { 10, 5, 4 }, new[] { 50, 4 })]
    [InlineData("(-1, 2, 0, 0)", "True", new[] { 4, 3, 5 }, new[] { 2, 2, 3, 5 })]
    public void Reshape_understands_every_special_number(string codes, string reverse, int[] data, int[] result) =>
        Assert.Equal(result, Import(OneOperator("Reshape", $"\"shape\": \"{codes}\", \"reverse\": \"{reverse}\""), null,
            ("data", data)).Outputs[0].Type.Shape);

    [Theory]
    [InlineData("(5, -1)", "24 elements do not divide by 5")]
    [InlineData("(-1, -1)", "-1 stands twice: only one dimension can be inferred")]
    [InlineData("(0, 0, 0, 0)", "it refers to more dimensions than the 3 of the data")]
    [InlineData("(-4, 5, 5, -2)", "2 cannot be split into 5 x 5")]
    [InlineData("(-5,)", "-5 is no special number: 0 to -4 are allowed")]
    public void Reshape_refuses_codes_that_do_not_fit(string codes, string message) =>
        Assert.Equal($"Reshape 'y': shape: {message} (input 'data' [2, 3, 4])",
            Assert.Single(Fails(() => Import(OneOperator("Reshape", $"\"shape\": \"{codes}\""), null, ("data", [2, 3, 4])))).Message);

    [Fact]
    public void Every_row_of_the_table_has_its_names_to_itself()
    {
        var names = MxNetOps.Rows.SelectMany(r => r.Names).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.All(MxNetOps.Rows, r => Assert.NotEmpty(r.Doc));
    }
}
