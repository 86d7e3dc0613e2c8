using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Prepare;

/// <summary>The folding kernels against values written out by hand.</summary>
public sealed class KernelTests
{
    [Theory]
    [InlineData("nn.relu", "", "-1, 0, 2", "0, 0, 2")]
    [InlineData("nn.sigmoid", "", "0, 1", "0.5, 0.7310585786300049")]
    [InlineData("nn.tanh", "", "0.5", "0.46211715726000973")]
    [InlineData("nn.softplus", "", "0, -800, 800", "0.6931471805599453, 0, 800")]
    [InlineData("nn.softsign", "", "-1, 3", "-0.5, 0.75")]
    [InlineData("nn.exp", "", "0, 1", "1, 2.718281828459045")]
    [InlineData("nn.log", "", "1, 2", "0, 0.6931471805599453")]
    [InlineData("nn.sqrt", "", "4, 2", "2, 1.4142135623730951")]
    [InlineData("nn.rsqrt", "", "4, 0.25", "0.5, 2")]
    [InlineData("nn.abs", "", "-3, 2", "3, 2")]
    [InlineData("nn.neg", "", "-3, 2", "3, -2")]
    [InlineData("nn.erf", "", "0, 0.5, -1, 3, 7", "0, 0.5204998778130465, -0.8427007929497149, 0.9999779095030014, 1")]
    [InlineData("nn.gelu", "", "1, -1", "0.8413447460685429, -0.15865525393145707")]
    [InlineData("nn.gelu", "{approximate = \"tanh\"}", "1, -1", "0.8411919906082768, -0.15880800939172324")]
    [InlineData("nn.selu", "", "1, -1", "1.0507009873554805, -1.1113307378125628")]
    [InlineData("nn.hard_swish", "", "-4, 0, 1.5, 4", "0, 0, 1.125, 4")]
    [InlineData("nn.mish", "", "1", "0.8650983882673103")]
    [InlineData("nn.swish", "", "1", "0.7310585786300049")]
    [InlineData("nn.floor", "", "-1.5, 1.5", "-2, 1")]
    [InlineData("nn.ceil", "", "-1.5, 1.5", "-1, 2")]
    [InlineData("nn.round", "", "-2.5, -1.5, 0.5, 0.75", "-2, -2, 0, 1")]
    [InlineData("nn.sin", "", "0, 1, -2", "0, 0.8414709848078965, -0.9092974268256817")]
    [InlineData("nn.cos", "", "0, 1, -2", "1, 0.5403023058681398, -0.4161468365471424")]
    [InlineData("nn.asin", "", "0, 0.5, -1", "0, 0.5235987755982989, -1.5707963267948966")]
    [InlineData("nn.acos", "", "1, 0.5, -1", "0, 1.0471975511965979, 3.141592653589793")]
    [InlineData("nn.atan", "", "0, 1, -20", "0, 0.7853981633974483, -1.5208379310729538")]
    [InlineData("nn.asinh", "", "0, 1, -20", "0, 0.881373587019543, -3.6895038689889059")]
    [InlineData("nn.acosh", "", "1, 1.5, 20", "0, 0.9624236501192069, 3.6882538673612966")]
    [InlineData("nn.atanh", "", "0, 0.1, -0.9", "0, 0.1003353477310756, -1.4722194895832204")]
    [InlineData("nn.square", "", "-3", "9")]
    [InlineData("nn.reciprocal", "", "4", "0.25")]
    [InlineData("nn.elu", "{alpha = 2.0}", "1, -1", "1, -1.2642411176571153")]
    [InlineData("nn.leaky_relu", "{slope = 0.25}", "4, -4", "4, -1")]
    [InlineData("nn.hard_sigmoid", "{alpha = 0.25, beta = 0.5}", "-3, 1, 3", "0, 0.75, 1")]
    [InlineData("nn.clip", "{min = -1.0, max = 2.0}", "-3, 1, 3", "-1, 1, 2")]
    [InlineData("nn.softmax", "", "1000, 1000", "0.5, 0.5")]
    [InlineData("nn.log_softmax", "", "1000, 1000", "-0.6931471805599453, -0.6931471805599453")]
    public void Unary(string row, string attributes, string input, string expected)
    {
        int count = input.Split(',').Length;
        Check($"%x: f32[{count}]", $"{row}(%x) {attributes}", expected, input);
    }

    [Theory]
    [InlineData("nn.add", "11, 22, 13, 24")]
    [InlineData("nn.sub", "-9, -18, -7, -16")]
    [InlineData("nn.mul", "10, 40, 30, 80")]
    [InlineData("nn.div", "0.1, 0.1, 0.3, 0.2")]
    [InlineData("nn.max", "10, 20, 10, 20")]
    [InlineData("nn.min", "1, 2, 3, 4")]
    [InlineData("nn.greater", "0, 0, 0, 0")]
    public void Binary_broadcasts_from_the_last_axis(string row, string expected) =>
        Check("%x: f32[2, 2], %y: f32[2]", $"{row}(%x, %y)", expected, "1, 2, 3, 4", "10, 20");

    [Fact]
    public void Nothing_is_greater_than_itself() => Check("%x: f32[3], %y: f32[]", "nn.greater(%x, %y)", "0, 0, 1", "1, 2, 3", "2");

    [Fact]
    public void Pow() => Check("%x: f32[2], %y: f32[]", "nn.pow(%x, %y)", "8, 27", "2, 3", "3");

    [Fact]
    public void Prelu_has_a_slope_for_each_channel() =>
        Check("%x: f32[1, 2, 2], %s: f32[2]", "nn.prelu(%x, %s)", "1, -0.5, -1.5, 4", "1, -1, -1, 4", "0.5, 1.5");

    [Theory]
    [InlineData("nn.transpose(%x) {axes = [1, 0]}", "1, 4, 2, 5, 3, 6")]
    [InlineData("nn.reshape(%x) {shape = [3, 2]}", "1, 2, 3, 4, 5, 6")]
    [InlineData("nn.concat(%x, %x) {axis = 1}", "1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6")]
    [InlineData("nn.slice(%x) {begin = [1, 0], end = [-1, 3], strides = [-1, 2]}", "4, 6, 1, 3")]
    [InlineData("nn.pad(%x) {before = [0, 1], after = [1, 0], value = 9.0}", "9, 1, 2, 3, 9, 4, 5, 6, 9, 9, 9, 9")]
    [InlineData("nn.tile(%x) {repeats = [1, 2]}", "1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6")]
    [InlineData("nn.repeat(%x) {repeats = 2, axis = 1}", "1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6")]
    [InlineData("nn.broadcast_to(%x) {shape = [2, 2, 3]}", "1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6")]
    [InlineData("nn.reduce_sum(%x) {axes = [0]}", "5, 7, 9")]
    [InlineData("nn.reduce_mean(%x) {axes = [-1], keepdims = true}", "2, 5")]
    [InlineData("nn.reduce_max(%x) {axes = [0, 1]}", "6")]
    [InlineData("nn.l2_normalize(%x) {axis = 0}",
        "0.24253562503633297, 0.3713906763541037, 0.4472135954999579, 0.9701425001453319, 0.9284766908852594, 0.8944271909999159")]
    [InlineData("nn.normalize(%x) {axes = [0], epsilon = 0.0}", "-1, -1, -1, 1, 1, 1")]
    [InlineData("nn.normalize(%x) {axes = [1, -2], center = false, epsilon = 0.8333333333333334}", "0.25, 0.5, 0.75, 1, 1.25, 1.5")]
    [InlineData("nn.softmax(%x)",
        "0.09003057317038046, 0.24472847105479764, 0.6652409557748219, 0.09003057317038046, 0.24472847105479764, 0.6652409557748219")]
    [InlineData("nn.log_softmax(%x)",
        "-2.4076059644443806, -1.4076059644443804, -0.4076059644443804, -2.4076059644443806, -1.4076059644443804, -0.4076059644443804")]
    public void One_matrix(string operation, string expected) => Check("%x: f32[2, 3]", operation, expected, "1, 2, 3, 4, 5, 6");

    [Theory]
    [InlineData("nn.max_pool2d(%x) {kernel = [2, 2]}", "5, 6, 8, 9")]
    [InlineData("nn.max_pool2d(%x) {kernel = [2, 2], strides = [2, 2], ceil_mode = true}", "5, 6, 8, 9")]
    [InlineData("nn.max_pool2d(%x) {kernel = [2, 2], dilation = [2, 2]}", "9")]
    [InlineData("nn.avg_pool2d(%x) {kernel = [2, 2], padding = [1, 1, 0, 0], strides = [2, 2]}", "0.25, 1.25, 2.75, 7")]
    [InlineData(
        "nn.avg_pool2d(%x) {kernel = [2, 2], padding = [1, 1, 0, 0], strides = [2, 2], count_include_pad = false}", "1, 2.5, 5.5, 7")]
    [InlineData("nn.avg_pool2d(%x) {kernel = [2, 2], strides = [2, 2], ceil_mode = true}", "3, 4.5, 7.5, 9")]
    [InlineData("nn.global_avg_pool(%x)", "5")]
    [InlineData("nn.global_max_pool(%x)", "9")]
    [InlineData("nn.upsample(%x) {scale = [1, 2]}", "1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9")]
    public void One_image(string operation, string expected) =>
        Check("%x: f32[1, 1, 3, 3]", operation, expected, "1, 2, 3, 4, 5, 6, 7, 8, 9");

    [Theory]
    [InlineData("nn.depth_to_space(%x) {block = 2}", "0, 2, 4, 6, 1, 3, 5, 7")]
    [InlineData("nn.depth_to_space(%x) {block = 2, mode = \"CRD\"}", "0, 1, 2, 3, 4, 5, 6, 7")]
    [InlineData("nn.lrn(%x) {size = 3, alpha = 3.0, beta = 1.0, bias = 1.0}",
        "0, 0.16666666666666666, 0.13333333333333333, 0.1, 0.0784313725490196, 0.0641025641025641, 0.05405405405405406, 0.08139534883720931")]
    public void Channels(string operation, string expected) => Check("%x: f32[1, 8, 1, 1]", operation, expected, "0, 1, 2, 3, 4, 5, 6, 7");

    [Fact]
    public void Space_to_depth_is_the_inverse() =>
        Check("%x: f32[1, 2, 2, 2]", "nn.space_to_depth(%x) {block = 2}", "0, 4, 1, 5, 2, 6, 3, 7", "0, 1, 2, 3, 4, 5, 6, 7");

    [Fact]
    public void A_convolution_with_groups_strides_and_uneven_padding() => Check(
        "%x: f32[1, 2, 2, 2], %w: f32[2, 1, 2, 2], %b: f32[2]",
        "nn.conv2d(%x, %w, %b) {groups = 2, kernel = [2, 2], padding = [1, 0, 0, 1], strides = [1, 1]}",
        "11, 6, 30, 14, 74, 33, 165, 77", "1, 2, 3, 4, 5, 6, 7, 8", "1, 2, 3, 4, 5, 6, 7, 8", "0, -9");

    [Fact]
    public void A_dense_layer_and_a_batched_product()
    {
        Check("%x: f32[1, 2], %w: f32[2, 2], %b: f32[2]", "nn.dense(%x, %w, %b)", "15, 31", "1, 2", "1, 2, 3, 4", "10, 20");
        Check("%x: f32[2, 1, 2], %w: f32[2, 1]", "nn.matmul(%x, %w)", "50, 110", "1, 2, 3, 4", "10, 20");
        Check("%x: f32[2, 1, 2], %w: f32[2, 2, 1]", "nn.matmul(%x, %w)", "5, 25", "1, 2, 3, 4", "1, 2, 3, 4");
    }

    [Fact]
    public void Batch_normalisation() => Check(
        "%x: f32[1, 2], %g: f32[2], %b: f32[2], %m: f32[2], %v: f32[2]", "nn.batch_norm(%x, %g, %b, %m, %v) {epsilon = 0.0}",
        "12, 26", "5, 8", "1, 3", "10, 20", "1, 2", "4, 9");

    [Fact]
    public void Batch_normalisation_over_the_last_of_three_axes() => Check(
        "%x: f32[1, 2, 2], %g: f32[2], %b: f32[2], %m: f32[2], %v: f32[2]",
        "nn.batch_norm(%x, %g, %b, %m, %v) {axis = -1, epsilon = 0.0}",
        "10, 20, 11, 22", "1, 2, 3, 4", "1, 3", "10, 20", "1, 2", "4, 9");

    [Fact]
    public void Lookups()
    {
        Check("%x: f32[2, 2], %i: f32[3]", "nn.take(%x, %i)", "3, 4, 1, 2, 3, 4", "1, 2, 3, 4", "1, -5, 9");
        Check("%c: f32[2], %x: f32[2], %y: f32[]", "nn.where(%c, %x, %y)", "1, 9", "-1, 0", "1, 2", "9");
    }

    [Fact]
    public void Every_float_row_has_a_kernel() =>
        Assert.Empty(OpTable.Rows.Where(r => r.Levels.HasFlag(Level.Float) && !NaiveKernels.Has(r)).Select(r => r.Name));

    private static void Check(string inputs, string operation, string expected, params string[] values)
    {
        var graph = TextParser.ParseOne($"graph @g({inputs}) {{\n  %result = {operation}\n  return %result\n}}");
        var results =
            NaiveEvaluator.Run(graph, [.. graph.Inputs.Zip(values, (input, text) => Tensor.Create(input.Type.Shape, Numbers(text)))]);
        double[] wanted = Numbers(expected);
        Assert.Equal(wanted.Length, results[0].Length);
        Assert.All(wanted.Zip(results[0].Data), pair => Assert.Equal(pair.First, pair.Second, 1e-14 * Math.Max(1, Math.Abs(pair.First))));
    }

    private static double[] Numbers(string text) => [.. text.Split(',').Select(double.Parse)];
}
