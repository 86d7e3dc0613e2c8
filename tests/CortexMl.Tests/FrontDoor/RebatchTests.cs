using CortexMl.Diagnostics;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Tests.Engines;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

public sealed class RebatchTests
{
    [Theory]
    [InlineData("""
        graph @g(%x: i8[1, 4, 6, 6]) {
          @w: i8[8, 4, 3, 3] = random(3)
          @f: i8[5, 72] = random(4)
          @m: i6[8, 1, 1] = [1, 9, 17, 31, 2, 3, 5, 7]
          %c = cvm.conv2d(%x, @w) {channels = 8, kernel_size = [3, 3], padding = [1, 1], use_bias = false}
          %p = cvm.max_pool2d(%c) {pool_size = [2, 2], strides = [2, 2]}
          %q = cvm.cvm_right_shift(%p) {precision = 8, shift_bit = 10}
          %b = cvm.broadcast_mul(%q, @m)
          %r = cvm.cvm_right_shift(%b) {precision = 8, shift_bit = 4}
          %s = cvm.reshape(%r) {shape = [1, 72]}
          %y = cvm.dense(%s, @f) {units = 5, use_bias = false}
          return %y
        }
        """)]
    [InlineData("""
        graph @g(%x: i4[1, 2, 3], %y: i4[1, 2, 3]) {
          @table: i8[16] = random(3)
          %c = cvm.concatenate(%x, %y) {axis = 1}
          %t = cvm.transpose(%c) {axes = [0, 2, 1]}
          %s = cvm.sum(%t) {axis = [2]}
          %m = cvm.elemwise_sub(%x, %y)
          %k = cvm.take(@table, %x) {axis = 0}
          return %s, %m, %k
        }
        """)]
    [InlineData("""
        graph @g(%x: i8[1, 2, 3, 4]) {
          @top: i8[1, 2, 1, 4] = random(5)
          @side: i8[1, 2, 5, 1] = -127
          %r = cvm.concatenate(@top, %x, @top) {axis = 2}
          %y = cvm.concatenate(@side, %r, @side) {axis = -1}
          return %y
        }
        """)]
    public void Every_sample_gets_what_it_gets_alone(string text)
    {
        const int Samples = 3;
        var graph = TextParser.ParseOne(text);
        var several = Rebatch.Of(graph, Samples);
        var random = new Random(11);
        var inputs = several.Inputs.Select(input => Agreement.RandomInput(input.Type, random)).ToList();
        using var alone = new InterpreterEngine().Prepare(graph);
        using var together = new InterpreterEngine().Prepare(several);
        var outputs = together.Run(inputs);
        Assert.All(outputs, output => Assert.Equal(Samples, output.Shape[0]));
        for (int sample = 0; sample < Samples; sample++)
        {
            var expected = alone.Run([.. inputs.Zip(graph.Inputs).Select(pair => Sample(pair.First, sample, pair.Second.Type.Shape))]);
            for (int i = 0; i < expected.Count; i++) Assert.Equal(expected[i].Data, Sample(outputs[i], sample, expected[i].Shape).Data);
        }
    }

    [Fact]
    public void Operations_that_mix_samples_are_named()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 2, 3]) {
              %turned = cvm.transpose(%x) {axes = [1, 0, 2]}
              %total = cvm.sum(%x) {axis = [0], keepdims = true}
              %backwards = cvm.strided_slice(%x) {begin = [0], end = [-2], stride = [-1]}
              %flat = cvm.flatten(%x)
              %product = cvm.dense(%flat, %flat) {units = 1, use_bias = false}
              return %turned, %total, %backwards, %product
            }
            """);
        var error = Assert.Throws<DiagnosticException>(() => Rebatch.Of(graph, 2));
        Assert.Equal(
            ["cvm.transpose 'turned'", "cvm.sum 'total'", "cvm.strided_slice 'backwards'", "cvm.dense 'product'"],
            error.Diagnostics.Select(d => d.Message.Replace(" does not work on 2 samples one by one", "", StringComparison.Ordinal)));
        Assert.All(error.Diagnostics, d => Assert.Equal(LibraryCodes.NotBatchable, d.Code));
    }

    [Fact]
    public void More_samples_than_the_operator_takes_are_refused_with_its_reason()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 4]) {
              %y = cvm.relu(%x)
              return %y
            }
            """);
        var error = Assert.Throws<DiagnosticException>(() => Rebatch.Of(graph, 2_000_000_000));
        Assert.Equal(
            "cvm.relu 'y' does not work on 2000000000 samples one by one: operand 0, [2000000000, 4]: a dimension of 2000000000, allowed are 1..16777216",
            error.Diagnostics[0].Message);
    }

    [Fact]
    public void Constants_are_not_repeated_beyond_what_a_value_may_have()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 4]) {
              @c: i8[1, 4] = 3
              %y = cvm.concatenate(%x, @c) {axis = 1}
              return %y
            }
            """);
        var error = Assert.Throws<DiagnosticException>(() => Rebatch.Of(graph, 2_000_000_000));
        Assert.Contains("a dimension of 2000000000, allowed are 1..16777216", error.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    private static Tensor<int> Sample(Tensor<int> tensor, int number, Shape shape) =>
        Tensor.Create(shape, tensor.Data.AsSpan(number * (int)shape.Count, (int)shape.Count).ToArray());
}
