using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Gpu;
using CortexMl.Engines.Gpu.Devices;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

public sealed class DeviceTests
{
    [Fact]
    public void Every_machine_has_the_simulator()
    {
        var device = Assert.Single(GpuDevices.Of(GpuKind.IlgpuCpu).Devices);
        using var session = DeviceSession.Open(GpuKind.IlgpuCpu, 0);
        Assert.Equal(device, session.Device);
        Assert.Equal(ILGPU.Runtime.AcceleratorType.CPU, session.Accelerator.AcceleratorType);
    }

    [Theory]
    [InlineData(GpuKind.IlgpuCpu)]
    [InlineData(GpuKind.OpenCl)]
    [InlineData(GpuKind.Cuda)]
    public void A_device_that_is_not_there_is_a_coded_error_and_no_crash(GpuKind kind)
    {
        var error = Assert.Throws<DiagnosticException>(() => DeviceSession.Open(kind, 1000));
        Assert.Equal(EngineCodes.NoDevice, error.Diagnostics[0].Code);
        Assert.Contains(kind.Name(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_without_devices_says_why()
    {
        foreach (var kind in GpuKinds.All)
        {
            var (_, devices, why) = GpuDevices.Of(kind);
            Assert.Equal(devices.Count == 0, why is not null);
        }
    }

    [Fact]
    public void A_discarded_session_is_replaced()
    {
        using var runtime = new GpuRuntime();
        var first = runtime.Session(GpuKind.IlgpuCpu, 0);
        Assert.Same(first, runtime.Session(GpuKind.IlgpuCpu, 0));
        first.Discard();
        Assert.NotSame(first, runtime.Session(GpuKind.IlgpuCpu, 0));
    }

    [SkippableFact]
    public void OpenCL_leaves_integer_division_of_this_process_alone()
    {
        Skip.If(GpuDevices.Of(GpuKind.OpenCl).Devices.Count == 0, GpuDevices.Of(GpuKind.OpenCl).Why);
        using var session = DeviceSession.Open(GpuKind.OpenCl, 0);
        int zero = session.Device.Index;
        Assert.Throws<DivideByZeroException>(() => 1 / zero);
    }

    [Fact]
    public void Names_are_found_again() => Assert.All(GpuKinds.All, kind => Assert.Equal(kind, GpuKinds.Find(kind.Name())));
}
