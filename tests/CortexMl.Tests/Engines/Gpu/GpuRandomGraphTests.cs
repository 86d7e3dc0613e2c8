using CortexMl.Engines.Gpu.Devices;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>A fixed twentieth of what tools/CortexMl.RandomGraphs runs on each device.</summary>
public sealed class GpuRandomGraphTests
{
    [SkippableTheory]
    [InlineData(GpuKind.IlgpuCpu)]
    [InlineData(GpuKind.OpenCl)]
    [InlineData(GpuKind.Cuda)]
    public void Any_graph_gives_the_interpreters_numbers(GpuKind kind)
    {
        var (_, devices, why) = GpuDevices.Of(kind);
        Skip.If(devices.Count == 0, why);
        Assert.Null(Campaign.Run(kind.Name(), count: 50, seed: 1));
    }
}
