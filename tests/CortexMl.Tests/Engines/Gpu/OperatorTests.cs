using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Gpu.Generation;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tests.Engines.Cpu;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

public sealed class OperatorTests
{
    public static TheoryData<string> Rows => [.. OperatorGraphs.Rows.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Operators_give_the_interpreters_numbers_on_the_simulator(string row)
    {
        for (int seed = 0; seed < 12; seed++) Check(row, seed, GpuKind.IlgpuCpu);
    }

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
            for (int seed = 0; seed < 12; seed++) Check(row.Name, seed, GpuKind.Cuda);
    }

    [Fact]
    public void Every_cvm_row_has_a_generator() =>
        Assert.DoesNotContain(OpTable.Rows, row => row.Levels.HasFlag(Level.Cvm) && row != OpTable.Constant && OperatorKernels.Find(row) is null);

    private static void Check(string row, int seed, GpuKind kind)
    {
        var graph = OperatorGraphs.Of(OpTable.Find(row)!, seed);
        var random = new Random(seed);
        GpuAgreement.Check(graph, [.. graph.Inputs.Select(input => Agreement.RandomInput(input.Type, random))], kind);
    }
}
