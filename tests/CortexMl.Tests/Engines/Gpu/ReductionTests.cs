using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>Reductions of many elements, which a group of threads shares on devices, against the interpreter.</summary>
public sealed class ReductionTests
{
    [Theory]
    [InlineData("cvm.sum", "axis = [2, 3]")]
    [InlineData("cvm.max", "axis = [1, 3], keepdims = true")]
    [InlineData("cvm.sum", "axis = [2], exclude = true")]
    [InlineData("cvm.max", "")]
    public void Long_reduction_gives_the_interpreters_numbers(string row, string attributes) => GpuAgreement.Check(TextParser.ParseOne($$"""
        graph @g(%x: i9[2, 5, 18, 61]) {
          %r = {{row}}(%x) {{{attributes}}}
          %y = cvm.cvm_right_shift(%r) {precision = 8, shift_bit = 3}
          return %y
        }
        """), seed: 4);

    [Fact]
    public void Global_pooling_between_convolutions_gives_the_interpreters_numbers() => GpuAgreement.Check(TextParser.ParseOne("""
        graph @g(%x: i8[2, 3, 18, 17]) {
          @w: i8[6, 3, 1, 1] = random(3)
          %c = cvm.conv2d(%x, @w) {channels = 6, kernel_size = [1, 1], use_bias = false}
          %q = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 8}
          %s = cvm.sum(%q) {axis = [2, 3], keepdims = true}
          %p = cvm.cvm_right_shift(%s) {precision = 8, shift_bit = 8}
          @v: i8[4, 6, 1, 1] = random(4)
          %y = cvm.conv2d(%p, @v) {channels = 4, kernel_size = [1, 1], use_bias = false}
          return %y
        }
        """), seed: 5);

    [Fact]
    public void Maximum_of_negative_numbers_without_an_axis_list_is_zero() => GpuAgreement.Check(TextParser.ParseOne("""
        graph @g(%x: i9[20, 30]) {
          %n = cvm.abs(%x)
          @one: i2[1] = [1]
          %p = cvm.broadcast_add(%n, @one)
          %m = cvm.negative(%p)
          %all = cvm.max(%m)
          %listed = cvm.max(%m) {axis = [0, 1]}
          return %all, %listed
        }
        """), seed: 6);
}
