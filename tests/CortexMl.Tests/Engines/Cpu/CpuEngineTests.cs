using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu;

public sealed class CpuEngineTests
{
    [Fact]
    public void Convolution_requantization_and_residual_are_one_group()
    {
        var seen = new List<string>();
        using var executable = new CpuEngine(new CpuOptions { Observe = (value, _) => seen.Add(value.Name!) })
            .Prepare(TextParser.ParseOne(EngineGraphs.Residual));
        executable.Run([Tensor.Zeros<int>(Shape.Of(1, 4, 3, 3))]);
        Assert.Equal(["r", "y"], seen);
    }

    [Fact]
    public void Branches_that_are_joined_cut_and_flattened_stay_packed()
    {
        var graph = TextParser.ParseOne(EngineGraphs.JoinedBranches);
        var steps = new List<string>();
        using var executable = new CpuEngine(new CpuOptions { Timed = (value, _) => steps.Add(value.Name!) }).Prepare(graph);
        executable.Run([Tensor.Zeros<int>(Shape.Of(1, 4, 3, 3))]);
        // The input is packed, and the output taken apart.
        Assert.Equal(["x", "b", "c", "j", "s", "y", "y"], steps);
    }

    /// <summary>As centred layers pad: -127 stands for 0 there.</summary>
    [Fact]
    public void Padding_with_a_number_stays_packed()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 20, 5, 5]) {
              @w: i8[20, 20, 3, 3] = random(1)
              @rows: i8[1, 20, 1, 5] = -127
              @columns: i8[1, 20, 7, 1] = -127
              @most: i8[1, 20, 7, 1] = 90
              %a = cvm.conv2d(%x, @w) {channels = 20, kernel_size = [3, 3], padding = [1, 1], use_bias = false}
              %b = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 10}
              %r = cvm.concatenate(@rows, %b, @rows) {axis = 2}
              %c = cvm.concatenate(@columns, %r, @most) {axis = 3}
              %d = cvm.conv2d(%c, @w) {channels = 20, kernel_size = [3, 3], use_bias = false}
              %y = cvm.cvm_right_shift(%d) {precision = 8, shift_bit = 10}
              return %y
            }
            """);
        var steps = new List<string>();
        using (var executable = new CpuEngine(new CpuOptions { Timed = (value, _) => steps.Add(value.Name!) }).Prepare(graph))
            executable.Run([Tensor.Zeros<int>(Shape.Of(1, 20, 5, 5))]);
        Assert.Equal(["x", "b", "c", "y", "y"], steps);
        CpuAgreement.Check(graph, seed: 1);
    }

    /// <summary>The zeros around the image are larger than any number in it: merged sums must have room for them in 16 bits.</summary>
    [Fact]
    public void Zeros_around_numbers_that_are_all_negative() => CpuAgreement.Check(
        TextParser.ParseOne("""
            graph @g(%x: i8[1, 8, 4, 4]) {
              @w: i7[16, 8, 3, 3] = 63
              %n = cvm.clip(%x) {a_min = -63, a_max = -50}
              %y = cvm.conv2d(%n, @w) {channels = 16, kernel_size = [3, 3], padding = [3, 3], use_bias = false}
              return %y
            }
            """), seed: 1);

    /// <summary>What fills the last block of channels is 0 too, but of no channel.</summary>
    [Theory]
    [InlineData("4, 4, 0")]
    [InlineData("4, 4, 4")]
    [InlineData("0, 4, 4")]
    [InlineData("4, 0, 4")]
    [InlineData("-4, -4, -4")]
    [InlineData("4, 4, 2")]
    public void Factors_of_zero_are_no_powers_of_two(string factors) => CpuAgreement.Check(
        TextParser.ParseOne($$"""
            graph @g(%x: i8[1, 4, 3, 3]) {
              @w: i8[3, 4, 1, 1] = random(1)
              @m: i4[3, 1, 1] = [{{factors}}]
              %a = cvm.conv2d(%x, @w) {channels = 3, kernel_size = [1, 1], use_bias = false}
              %b = cvm.broadcast_mul(%a, @m)
              %y = cvm.cvm_right_shift(%b) {precision = 8, shift_bit = 6}
              return %y
            }
            """), seed: 1);

    [Fact]
    public void Inputs_of_another_shape_are_refused()
    {
        using var executable = new CpuEngine().Prepare(TextParser.ParseOne(EngineGraphs.Residual));
        var error = Assert.Throws<DiagnosticException>(() => executable.Run([Tensor.Vector(1, 2)]));
        Assert.Equal(EngineCodes.InputMismatch, error.Diagnostics[0].Code);
    }

    [Fact]
    public void More_memory_than_allowed_is_refused()
    {
        var engine = new CpuEngine(new CpuOptions { MaxBytes = 100 });
        Assert.Equal(EngineCodes.TooMuchMemory,
            Assert.Throws<DiagnosticException>(() => engine.Prepare(TextParser.ParseOne(EngineGraphs.Residual))).Diagnostics[0].Code);
    }
}
