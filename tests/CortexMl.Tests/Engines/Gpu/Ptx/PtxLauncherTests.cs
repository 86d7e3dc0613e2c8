using System.Reflection;
using System.Runtime.InteropServices;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Tests.Engines.Gpu.Ptx.Machine;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>What the launcher takes for granted.</summary>
public sealed class PtxLauncherTests
{
    [Theory]
    [InlineData(typeof(sbyte)), InlineData(typeof(int))]
    public void A_view_is_an_address_and_a_length_in_ILGPUs_parameters(Type element)
    {
        var view = typeof(ILGPU.Context).Assembly.GetType("ILGPU.Backends.PointerViews.ViewImplementation`1", throwOnError: true)!
            .MakeGenericType(element);
        var fields = view.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        Assert.Equal([("Ptr", typeof(void*)), ("Length", typeof(long))], fields.Select(f => (f.Name, f.FieldType)));
        Assert.Equal(LayoutKind.Sequential, view.StructLayoutAttribute!.Value);
    }

    /// <summary>ILGPU writes for 8.0 what is for newer ones; their drivers compile it.</summary>
    [Theory]
    [InlineData(75, 75), InlineData(80, 80), InlineData(90, 80)]
    public void Kernels_are_for_the_architecture_or_an_older_one(int architecture, int target)
    {
        var k = new KernelBuilder("one");
        k.Store(k.Write("y", KernelElement.I32, 1), 0, 1);
        Assert.Equal(target, PtxCompiler.For(architecture).Compile(k.Build(LaunchShape.Threads(1))).Target);
    }

    [Theory]
    [InlineData(0, "4, 16, 16")]
    [InlineData(4, "16, 16")]
    public void Parameters_are_those_that_the_kernel_declares(int lanes, string expected)
    {
        var k = new KernelBuilder("copy");
        KernelBuffer x = k.Read("x", KernelElement.I8, 8), y = k.Write("y", KernelElement.I32, 8);
        var index = lanes == 0 ? k.Thread : (k.Group * 4) + k.Lane;
        k.Store(y, index, x[index]);
        var kernel = k.Build(new LaunchShape(lanes == 0 ? 8 : 2, lanes));
        Assert.Equal(expected, string.Join(", ", PtxCompiler.For().Compile(kernel).Parameters.Select(p => p.Bytes)));
        int[] result = new int[8];
        new PtxRunner().Run(kernel, new sbyte[] { 1, -2, 3, -4, 5, -6, 127, -128 }, result);
        Assert.Equal([1, -2, 3, -4, 5, -6, 127, -128], result);
        var fault = Assert.Throws<PtxFault>(() => new PtxRunner().Run(kernel, new sbyte[7], result));
        Assert.Equal("x has 8 bytes, its memory 7", fault.Message);
    }
}
