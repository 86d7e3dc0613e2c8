using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Gpu.Generation;
using CortexMl.Ir;
using CortexMl.Ops;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>The operators of <see cref="EngineContract"/> on devices, as many of its cases as there is time for.</summary>
public sealed class OperatorTests
{
    public static TheoryData<string> Rows => EngineContract.Rows;

    /// <summary>PoCL takes half a second to compile a kernel: one of the simulator's cases.</summary>
    [SkippableTheory]
    [MemberData(nameof(Rows))]
    public void Operators_give_the_interpreters_numbers_on_OpenCL(string row)
    {
        Skip.If(GpuDevices.Of(GpuKind.OpenCl).Devices.Count == 0, GpuDevices.Of(GpuKind.OpenCl).Why);
        Check(row, seed: 3, GpuKind.OpenCl);
    }

    [SkippableFact]
    public void Operators_give_the_interpreters_numbers_on_CUDA()
    {
        Skip.If(GpuDevices.Of(GpuKind.Cuda).Devices.Count == 0, GpuDevices.Of(GpuKind.Cuda).Why);
        foreach (var row in OperatorGraphs.Rows)
            for (int seed = 0; seed < EngineContract.OperatorSeeds; seed++) Check(row.Name, seed, GpuKind.Cuda);
    }

    [Fact]
    public void Every_cvm_row_has_a_generator() =>
        Assert.DoesNotContain(
            OpTable.Rows, row => row.Levels.HasFlag(Level.Cvm) && OperatorGenerators.Find(row) is null);

    private static void Check(string row, int seed, GpuKind kind)
    {
        var graph = OperatorGraphs.Of(OpTable.Find(row)!, seed);
        GpuAgreement.Check(graph, Agreement.RandomInputs(graph, seed), kind);
    }
}
