using CortexMl.Engines.Gpu.Devices;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>
/// A fixed part of what tools/CortexMl.RandomGraphs runs on each device; fewer graphs where a kernel takes long to compile.
/// </summary>
public sealed class GpuRandomGraphTests
{
    [SkippableTheory]
    [InlineData(GpuKind.IlgpuCpu, 50)]
    [InlineData(GpuKind.OpenCl, 20)]
    [InlineData(GpuKind.Cuda, 50)]
    public void Any_graph_gives_the_interpreters_numbers(GpuKind kind, int count)
    {
        var (_, devices, why) = GpuDevices.Of(kind);
        Skip.If(devices.Count == 0, why);
        Assert.Null(Campaign.Run(kind.Name(), count, seed: 1));
    }
}
