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
