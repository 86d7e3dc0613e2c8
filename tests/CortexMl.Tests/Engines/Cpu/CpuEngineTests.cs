using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Ir;
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
        using var executable = new CpuEngine(new CpuOptions { Observe = (value, _) => seen.Add(value.Name!) }).Prepare(TextParser.ParseOne(EngineGraphs.Residual));
        executable.Run([Tensor.Zeros<int>(Shape.Of(1, 4, 3, 3))]);
        Assert.Equal(["r", "y"], seen);
    }

    [Fact]
    public void Branches_that_are_joined_cut_and_flattened_stay_packed()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 4, 3, 3]) -> i18[1, 2] {
              @w: i4[4, 2, 1, 1] = random(3)
              @v: i4[2, 36] = random(4)
              %a = cvm.conv2d(%x, @w) {channels = 4, kernel_size = [1, 1], groups = 2, use_bias = false}
              %b = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 3}
              %c = cvm.relu(%b)
              %j = cvm.concatenate(%c, %b) {axis = 1}
              %s = cvm.strided_slice(%j) {begin = [0, 2], end = [1, 6]}
              %f = cvm.flatten(%s)
              %y = cvm.dense(%f, @v) {units = 2, use_bias = false}
              return %y
            }
            """);
        var steps = new List<string>();
        using var executable = new CpuEngine(new CpuOptions { Timed = (value, _) => steps.Add(value.Name!) }).Prepare(graph);
        executable.Run([Tensor.Zeros<int>(Shape.Of(1, 4, 3, 3))]);
        // The input is packed, and the output taken apart.
        Assert.Equal(["x", "b", "c", "j", "s", "y", "y"], steps);
        Agreement.Check(graph, seed: 2);
    }

    [Fact]
    public void Residual_gives_the_interpreters_numbers() => Agreement.Check(TextParser.ParseOne(EngineGraphs.Residual), seed: 5);

    [Fact]
    public void Inputs_beyond_their_precision_are_taken_as_they_are()
    {
        var input = Tensor.Create(Shape.Of(1, 4, 3, 3), [.. Enumerable.Range(0, 36).Select(i => (i * 1_000_003) - 7_000_000)]);
        Agreement.Check(TextParser.ParseOne(EngineGraphs.Residual), [input]);
    }

    [Fact]
    public void Largest_products_of_either_sign_are_exact()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 4]) -> i19[1, 2] {
              @w: i8[2, 4] = [127, 127, 127, 127, -127, -127, -127, -127]
              %c = cvm.cvm_clip(%x) {precision = 8}
              %y = cvm.dense(%c, @w) {units = 2, use_bias = false}
              return %y
            }
            """);
        Agreement.Check(graph, [Tensor.Create(Shape.Of(1, 4), [127, 127, 127, 127])]);
        Agreement.Check(graph, [Tensor.Create(Shape.Of(1, 4), [-127, -127, -127, -127])]);
    }

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
        Assert.Equal(EngineCodes.TooMuchMemory, Assert.Throws<DiagnosticException>(() => engine.Prepare(TextParser.ParseOne(EngineGraphs.Residual))).Diagnostics[0].Code);
    }
}
