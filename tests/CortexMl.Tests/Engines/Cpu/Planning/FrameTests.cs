using CortexMl.Engines.Cpu;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Planning;

/// <summary>Padding by concatenation lies around what it pads, in one memory; where it cannot, it is copied, with the same bits.</summary>
public sealed class FrameTests
{
    /// <param name="columns">What pads the columns of %r, and what is done with it.</param>
    /// <param name="copies">The concatenations that are steps.</param>
    [Theory]
    [InlineData("%c = cvm.concatenate(@side, %r, @side) {axis = 3}", "")]
    // Another number around: what is inside is copied into it.
    [InlineData("%c = cvm.concatenate(@zero, %r, @zero) {axis = 3}", "r")]
    // Not the same on both sides.
    [InlineData("%c = cvm.concatenate(@zero, %r, @side) {axis = 3}", "c")]
    [InlineData("%c = cvm.concatenate(@side, %r, @wide) {axis = 3}", "")]
    [InlineData("%c = cvm.concatenate(@wide, %r) {axis = 3}", "")]
    [InlineData("%c = cvm.concatenate(%r, @side) {axis = 3}", "")]
    [InlineData("%c = cvm.concatenate(%r, %r) {axis = 3}", "c")]
    [InlineData("%c = cvm.concatenate(@side, %r, @side, @side) {axis = 3}", "c")]
    public void Borders_of_one_number_are_no_copies(string columns, string copies) => Check(Network(columns), copies);

    [Theory]
    // Somebody else reads zeros around it; somebody who reads none, or adds it, does not mind.
    [InlineData("%e = cvm.conv2d(%b, @w) {channels = 20, kernel_size = [3, 3], padding = [1, 1], use_bias = false}", "r")]
    [InlineData("%e = cvm.conv2d(%b, @v) {channels = 20, kernel_size = [1, 1], use_bias = false}", "")]
    [InlineData("%e = cvm.max_pool2d(%b) {pool_size = [3, 3], strides = [1, 1], padding = [1, 1]}", "")]
    [InlineData("%e = cvm.elemwise_add(%b, %b)", "")]
    [InlineData("%e = cvm.concatenate(@top, %b, @top) {axis = 2}", "r")]
    public void Others_that_read_what_is_framed(string other, string copies)
    {
        string network = Network("%c = cvm.concatenate(@side, %r, @side) {axis = 3}")
            .Replace("  %r =", $"  {other}\n  %r =", StringComparison.Ordinal)
            .Replace("return %y", "return %y, %e, %b", StringComparison.Ordinal);
        Check(network, copies);
    }

    [Fact]
    public void What_is_framed_may_be_returned_with_its_frame() => Check(
        Network("%c = cvm.concatenate(@side, %r, @side) {axis = 3}")
            .Replace("return %y", "return %c, %b, %r, %y", StringComparison.Ordinal),
        "r c");

    /// <summary>The input of a network that standardises pixels: few channels, packed narrowly with its frame.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(20)]
    public void An_input_is_packed_with_its_frame(int channels) => Check($$"""
        graph @g(%x: i8[2, {{channels}}, 5, 6]) {
          @w: i8[7, {{channels}}, 3, 3] = random(1)
          @top: i8[2, {{channels}}, 2, 6] = -127
          @side: i8[2, {{channels}}, 9, 2] = -127
          %r = cvm.concatenate(@top, %x, @top) {axis = 2}
          %c = cvm.concatenate(@side, %r, @side) {axis = 3}
          %d = cvm.conv2d(%c, @w) {channels = 7, kernel_size = [3, 3], use_bias = false, strides = [2, 2]}
          %y = cvm.cvm_right_shift(%d) {precision = 8, shift_bit = 10}
          return %y
        }
        """, "");

    /// <summary>Black is another number in each channel where each has its own mean.</summary>
    /// <param name="columns">What pads the columns.</param>
    /// <param name="copies">The concatenations that are steps.</param>
    [Theory]
    [InlineData("%c = cvm.concatenate(@side, %r, @side) {axis = 3}", "")]
    // The same numbers in other channels.
    [InlineData("%c = cvm.concatenate(@other, %r, @other) {axis = 3}", "r")]
    [InlineData("%c = cvm.concatenate(@side, %r, @other) {axis = 3}", "r c")]
    // On one side only.
    [InlineData("%c = cvm.concatenate(@side, %r) {axis = 3}", "")]
    [InlineData("%c = cvm.concatenate(%r, @side) {axis = 3}", "")]
    public void Borders_of_one_number_a_channel(string columns, string copies) => Check($$"""
        graph @g(%x: i8[1, 3, 2, 2]) {
          @w: i8[7, 3, 2, 2] = random(1)
          @top: i8[1, 3, 1, 2] = {{Planes(2, -5, 7, 100)}}
          @side: i8[1, 3, 4, 1] = {{Planes(4, -5, 7, 100)}}
          @other: i8[1, 3, 4, 1] = {{Planes(4, 7, -5, 100)}}
          %r = cvm.concatenate(@top, %x, @top) {axis = 2}
          {{columns}}
          %d = cvm.conv2d(%c, @w) {channels = 7, kernel_size = [2, 2], use_bias = false}
          %y = cvm.cvm_right_shift(%d) {precision = 8, shift_bit = 10}
          return %y
        }
        """, copies);

    /// <summary>
    /// The second number of a channel is the second image's; a border that differs from image to image is the interpreter's.
    /// </summary>
    [Theory]
    [InlineData(8, -5, 100, "")]
    [InlineData(8, 9, 100, "r c")]
    [InlineData(16, -5, 9000, "")]
    [InlineData(24, -5, 2000000, "")]
    public void Borders_of_batches(int bits, int second, int last, string copies) => Check($$"""
        graph @g(%x: i{{bits}}[2, 2, 2, 2]) {
          @top: i{{bits}}[2, 2, 1, 2] = {{Planes(2, -5, last, second, last)}}
          @side: i{{bits}}[2, 2, 4, 1] = {{Planes(4, -5, last, second, last)}}
          %r = cvm.concatenate(@top, %x, @top) {axis = 2}
          %c = cvm.concatenate(@side, %r, @side) {axis = 3}
          %y = cvm.max_pool2d(%c) {pool_size = [2, 2], strides = [1, 1], padding = [0, 0]}
          return %y
        }
        """, copies);

    /// <summary>Numbers of 16 and of 32 bits around numbers of as many.</summary>
    [Theory]
    [InlineData(14, -8000)]
    [InlineData(22, 2000000)]
    public void Borders_of_wide_numbers(int bits, int number) => Check($$"""
        graph @g(%x: i8[1, 20, 5, 5]) {
          @m: i14[1] = 8000
          @top: i{{bits}}[1, 20, 1, 5] = {{number}}
          @side: i{{bits}}[1, 20, 7, 1] = {{number}}
          @w: i8[20, 20, 3, 3] = random(1)
          %a = cvm.conv2d(%x, @w) {channels = 20, kernel_size = [3, 3], padding = [1, 1], use_bias = false}
          %b = cvm.cvm_right_shift(%a) {precision = {{bits}}, shift_bit = 1}
          %r = cvm.concatenate(@top, %b, @top) {axis = 2}
          %c = cvm.concatenate(@side, %r, @side) {axis = 3}
          %y = cvm.max_pool2d(%c) {pool_size = [2, 2], strides = [1, 1], padding = [0, 0]}
          return %y
        }
        """, "");

    private static string Network(string columns) => $$"""
        graph @g(%x: i8[1, 20, 5, 5]) {
          @w: i8[20, 20, 3, 3] = random(1)
          @v: i8[20, 20, 1, 1] = random(2)
          @top: i8[1, 20, 1, 5] = -127
          @side: i8[1, 20, 7, 1] = -127
          @zero: i8[1, 20, 7, 1] = 0
          @wide: i8[1, 20, 7, 2] = -127
          %a = cvm.conv2d(%x, @w) {channels = 20, kernel_size = [3, 3], padding = [1, 1], use_bias = false}
          %b = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 10}
          %r = cvm.concatenate(@top, %b, @top) {axis = 2}
          {{columns}}
          %d = cvm.conv2d(%c, @w) {channels = 20, kernel_size = [3, 3], use_bias = false}
          %y = cvm.cvm_right_shift(%d) {precision = 8, shift_bit = 10}
          return %y
        }
        """;

    private static string Planes(int elements, params int[] numbers) =>
        $"[{string.Join(", ", numbers.SelectMany(number => Enumerable.Repeat(number, elements)))}]";

    private static void Check(string text, string copies)
    {
        var graph = TextParser.ParseOne(text);
        var steps = new List<string>();
        using (var executable = new CpuEngine(new CpuOptions { Timed = (value, _) => steps.Add(value.Name!) }).Prepare(graph))
            executable.Run([.. graph.Inputs.Select(i => Tensor.Zeros<int>(i.Type.Shape))]);
        Assert.Equal(copies, string.Join(' ', steps.Where(s => s is "r" or "c").Distinct()));
        for (int seed = 0; seed < 3; seed++) CpuAgreement.Check(graph, seed);
    }
}
