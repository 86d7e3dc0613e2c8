using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>Convolutions and dense layers of shapes that take every way through the generators, against the interpreter.</summary>
public sealed class ProductTests
{
    [Theory]
    // One tile and many; channels and pixels that fill tiles and that do not.
    [InlineData("1, 16, 8, 8", "16, 16, 3, 3", "padding = [1, 1]")]
    [InlineData("1, 32, 8, 8", "64, 32, 1, 1", "strides = [1, 1]")]
    [InlineData("2, 32, 5, 7", "70, 32, 3, 3", "padding = [1, 1], strides = [2, 1]")]
    [InlineData("1, 5, 9, 9", "18, 5, 3, 2", "padding = [2, 0], dilation = [2, 2]")]
    [InlineData("1, 64, 8, 8", "24, 64, 2, 2", "strides = [1, 2]")]
    // Few channels, few pixels, one channel, a kernel that is not unrolled.
    [InlineData("1, 3, 4, 4", "3, 3, 3, 3", "padding = [1, 1]")]
    [InlineData("1, 1, 9, 9", "20, 1, 5, 5", "strides = [2, 2]")]
    [InlineData("1, 2, 9, 10", "5, 2, 8, 7", "padding = [3, 3]")]
    // Groups: the generator of single elements.
    [InlineData("1, 8, 6, 6", "8, 1, 3, 3", "groups = 8, padding = [1, 1]")]
    [InlineData("1, 6, 4, 4", "9, 2, 2, 2", "groups = 3")]
    public void Convolution_gives_the_interpreters_numbers(string data, string weight, string attributes)
    {
        int[] kernel = [.. weight.Split(", ").Select(int.Parse)];
        string given = $"{{channels = {kernel[0]}, kernel_size = [{kernel[2]}, {kernel[3]}], {attributes}}}";
        GpuAgreement.Check(TextParser.ParseOne($$"""
            graph @g(%x: i8[{{data}}]) {
              @w: i8[{{weight}}] = random(3)
              @b: i12[{{kernel[0]}}] = random(4)
              @m: i6[{{kernel[0]}}, 1, 1] = random(5)
              %c = cvm.conv2d(%x, @w, @b) {{given}}
              %r = cvm.relu(%c)
              %p = cvm.broadcast_mul(%r, @m)
              %s = cvm.cvm_right_shift(%p) {precision = 8, shift_bit = 9}
              @v: i8[17, {{kernel[0]}}, 1, 1] = random(6)
              %d = cvm.conv2d(%s, @v) {channels = 17, kernel_size = [1, 1], use_bias = false}
              return %d, %s
            }
            """), seed: 8);
    }

    [Theory]
    [InlineData(1, 10, 7)]
    [InlineData(40, 33, 20)]
    public void Dense_layer_gives_the_interpreters_numbers(int rows, int columns, int units) => GpuAgreement.Check(TextParser.ParseOne($$"""
        graph @g(%x: i8[{{rows}}, {{columns}}]) {
          @w: i8[{{units}}, {{columns}}] = random(3)
          @b: i20[{{units}}] = random(4)
          %d = cvm.dense(%x, @w, @b) {units = {{units}}}
          %y = cvm.cvm_right_shift(%d) {precision = 8, shift_bit = 7}
          @v: i8[3, {{units}}] = random(8)
          %e = cvm.dense(%y, @v) {units = 3, use_bias = false}
          return %e
        }
        """), seed: rows);

    [Fact]
    public void Weights_may_be_computed() => GpuAgreement.Check(TextParser.ParseOne("""
        graph @g(%x: i8[1, 2, 4, 4], %w: i8[3, 2, 2, 2], %m: i8[2, 5], %v: i8[4, 5]) {
          %c = cvm.conv2d(%x, %w) {channels = 3, kernel_size = [2, 2], use_bias = false}
          %d = cvm.dense(%m, %v) {units = 4, use_bias = false}
          return %c, %d
        }
        """), seed: 3);

    [Fact]
    public void Flattened_channels_feed_a_dense_layer() => GpuAgreement.Check(TextParser.ParseOne("""
        graph @g(%x: i8[2, 8, 6, 6]) {
          @w: i8[20, 8, 3, 3] = random(3)
          %c = cvm.conv2d(%x, @w) {channels = 20, kernel_size = [3, 3], use_bias = false}
          %s = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 8}
          %f = cvm.flatten(%s)
          @v: i8[10, 320] = random(8)
          %d = cvm.dense(%f, @v) {units = 10, use_bias = false}
          return %d
        }
        """), seed: 3);
}
