using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tests.Passes.Prepare;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>
/// What quantize and the passes behind it make of single operators in their odd forms: every element is the float operator's, up to the
/// steps of 8 bits.
/// </summary>
public sealed class IntegerFormTests
{
    /// <summary>Of the largest magnitude: some steps of 8 bits.</summary>
    private const double Allowed = 0.02;

    [Theory]
    [InlineData("nn.avg_pool2d(%x) {kernel = [3, 3], padding = [1, 1]}")]
    [InlineData("nn.avg_pool2d(%x) {ceil_mode = true, kernel = [3, 3], padding = [1, 1], strides = [2, 2]}")]
    [InlineData("nn.avg_pool2d(%x) {ceil_mode = true, count_include_pad = false, kernel = [3, 2], padding = [1, 0], strides = [2, 2]}")]
    [InlineData("nn.avg_pool2d(%x) {count_include_pad = false, kernel = [2, 3], padding = [1, 2, 0, 1]}")]
    [InlineData("nn.max_pool2d(%x) {kernel = [2, 2], padding = [1, 0, 1, 1]}")]
    [InlineData("nn.max_pool2d(%x) {kernel = [2, 2], padding = [0, 1, 1, 1]}")]
    [InlineData("nn.max_pool2d(%x) {ceil_mode = true, kernel = [3, 2], strides = [2, 3]}")]
    [InlineData("nn.max_pool2d(%x) {dilation = [2, 3], kernel = [2, 2], padding = [1, 1]}")]
    [InlineData("nn.max_pool2d(%x) {ceil_mode = true, dilation = [2, 2], kernel = [2, 2], strides = [2, 3]}")]
    [InlineData("nn.conv2d(%x, @k) {kernel = [2, 3], padding = [1, 0, 1, 1]}")]
    [InlineData("nn.conv2d(%x, @k) {kernel = [2, 3], padding = [0, 1, 1, 1]}")]
    [InlineData("nn.conv2d(%x, @k) {dilation = [2, 2], kernel = [2, 3], padding = [2, 1, 1, 0]}")]
    [InlineData("nn.upsample(%x) {scale = [2, 3]}")]
    [InlineData("nn.upsample(%x) {scale = [2, 2]}")]
    [InlineData("nn.pad(%x) {after = [0, 1, 0, 2], before = [0, 0, 1, 0], value = 1.5}")]
    [InlineData("nn.reduce_sum(%x) {axes = [1, 3]}")]
    [InlineData("nn.reduce_mean(%x) {axes = [1, 3], keepdims = true}")]
    [InlineData("nn.reduce_max(%x) {axes = [2]}")]
    [InlineData("nn.softmax(%x) {axis = 1}")]
    public void An_image(string operation) => Follows("%x: f32[1, 3, 6, 7]", $$"""
          @k: f32[2, 3, 2, 3] = random(1)
          %y = {{operation}}
          return %y
        """);

    [Theory]
    [InlineData("nn.min(%x, %y)")]
    [InlineData("nn.max(%x, %y)")]
    [InlineData("nn.sub(%x, %y)")]
    [InlineData("nn.add(%x, %y)")]
    [InlineData("nn.mul(%x, %y)")]
    [InlineData("nn.matmul(%x, %y)")]
    [InlineData("nn.clip(%x) {max = 1.5, min = -0.25}")]
    public void Two_stacks_of_matrices_with_one_matrix_for_several(string operation) =>
        Follows("%x: f32[2, 1, 3, 3], %y: f32[1, 4, 3, 3]", $"  %z = {operation}\n  return %z");

    [Theory]
    [InlineData("nn.reduce_sum(%x) {axes = [1]}")]
    [InlineData("nn.reduce_mean(%x) {axes = [1, 4], keepdims = true}")]
    [InlineData("nn.reduce_max(%x) {axes = [4]}")]
    public void A_reduction_with_axes_of_one_element_between_those_that_stay(string operation) =>
        Follows("%x: f32[2, 3, 1, 2, 4, 1]", $"  %z = {operation}\n  return %z");

    [Fact]
    public void Operands_of_very_different_size() => Follows("%x: f32[1, 4], %y: f32[1, 4]", """
          @large: f32[] = 40
          %l = nn.mul(%y, @large)
          %a = nn.concat(%x, %l) {axis = 1}
          %b = nn.add(%l, %x)
          return %a, %b
        """);

    [Fact]
    public void A_constant_that_is_large_beside_the_value_it_is_added_to() => Follows("%x: f32[1, 4]", """
          @small: f32[] = 0.0001
          @one: f32[] = 1
          %m = nn.mul(%x, @small)
          %a = nn.add(%m, @one)
          return %a
        """);

    [Fact]
    public void An_average_whose_multipliers_differ_by_position_is_multiplied() => Follows("%x: f32[1, 2, 4, 4]", """
          %a = nn.avg_pool2d(%x) {count_include_pad = false, kernel = [3, 3], padding = [1, 1]}
          %b = nn.mul(%a, %x)
          return %b
        """);

    [Fact]
    public void Channels_of_very_different_range_in_groups() => Follows("%x: f32[1, 1, 5, 5]", """
          @w: f32[3, 1, 1, 1] = [0.02, 1, 30]
          @k: f32[3, 1, 2, 2] = random(2)
          %a = nn.conv2d(%x, @w) {kernel = [1, 1]}
          %b = nn.conv2d(%a, @k) {groups = 3, kernel = [2, 2]}
          return %b
        """);

    [Fact]
    public void A_layer_whose_consumers_want_one_precision_at_two_scales() => Follows("%x: f32[1, 4]", """
          @w: f32[4, 4] = random(3)
          @large: f32[] = 10
          %y = nn.dense(%x, @w)
          %l = nn.mul(%x, @large)
          %s = nn.add(%y, %l)
          return %y, %s
        """);

    [Fact]
    public void Sums_that_need_a_bit_more_than_factors_may_have() => Follows("%x: f32[2, 3], %y: f32[2, 3]", """
          %s = nn.add(%x, %y)
          %d = nn.sub(%x, %y)
          %p = nn.mul(%s, %d)
          return %p
        """);

    private static void Follows(string inputs, string body)
    {
        var graph = TextParser.ParseOne($"graph @form({inputs}) {{\n{body}\n}}\n");
        var samples = Enumerable.Range(0, 3)
            .Select(seed => graph.Inputs.Select((input, i) => RandomNetwork.Input(10 * seed + i, input.Type.Shape)).ToList()).ToList();
        var expected = samples.Select(sample => NaiveEvaluator.Run(graph, sample)).ToList();
        IntegerRun.Calibrate(graph, samples);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize,round-shift,lower-cvm,plan-storage,bound-check"));
        foreach (var (wanted, sample) in expected.Zip(samples))
        {
            double[][] found = IntegerRun.Of(graph, sample);
            for (int k = 0; k < found.Length; k++)
            {
                double most = expected.Max(e => e[k].Data.Max(Math.Abs));
                Assert.Equal(wanted[k].Shape, graph.Outputs[k].Type.Shape);
                Assert.All(wanted[k].Data.Zip(found[k]), pair => Assert.Equal(pair.First, pair.Second, Allowed * most));
            }
        }
    }
}
