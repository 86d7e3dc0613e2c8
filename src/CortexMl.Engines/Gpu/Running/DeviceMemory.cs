using System.Numerics;
using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;
using Words = ILGPU.Runtime.MemoryBuffer1D<int, ILGPU.Stride1D.Dense>;

namespace CortexMl.Engines.Gpu.Running;

/// <summary>Moves numbers between int32 tensors in row-major order and the device.</summary>
internal static class DeviceMemory
{
    /// <summary>Runs calls to the device and turns what they throw into a diagnostic.</summary>
    /// <exception cref="DiagnosticException">CML0709: the driver failed.</exception>
    public static void Guard(DeviceSession session, Action calls)
    {
        try
        {
            calls();
        }
        catch (Exception error) when (error is not DiagnosticException)
        {
            throw DeviceSession.Failure(session.Device, error);
        }
    }

    /// <param name="elements">sbyte[], short[] or int[]; filled up to whole words.</param>
    public static Words Upload(Accelerator accelerator, Array elements)
    {
        int bytes = Buffer.ByteLength(elements);
        int[] words = new int[Math.Max(1, (bytes + sizeof(int) - 1) / sizeof(int))];
        Buffer.BlockCopy(elements, 0, words, 0, bytes);
        return accelerator.Allocate1D(words);
    }

    public static Words Allocate(Accelerator accelerator, long bytes) =>
        accelerator.Allocate1D<int>(Math.Max(1, (bytes + sizeof(int) - 1) / sizeof(int)));

    /// <summary>The memory as a kernel's parameter takes it.</summary>
    public static object View(Words buffer, KernelElement element, int length) => element switch
    {
        KernelElement.I8 => View<sbyte>(buffer, length),
        KernelElement.I16 => View<short>(buffer, length),
        _ => (object)View<int>(buffer, length),
    };

    private static ArrayView<T> View<T>(Words buffer, int length) where T : unmanaged =>
        buffer.View.Cast<int, T>().BaseView.SubView(0, length);

    /// <summary>Writes a tensor into a value's memory; the numbers fit its element.</summary>
    /// <param name="order">See <see cref="ValueLayout.Order"/>.</param>
    public static void Write(AcceleratorStream stream, Words buffer, ValueLayout layout, int[]? order, int[] tensor)
    {
        if (layout.Element == KernelElement.I8) Write<sbyte>(stream, buffer, layout, order, tensor);
        else if (layout.Element == KernelElement.I16) Write<short>(stream, buffer, layout, order, tensor);
        else Write<int>(stream, buffer, layout, order, tensor);
    }

    /// <summary>Reads a value's memory into a new tensor.</summary>
    /// <param name="order">See <see cref="ValueLayout.Order"/>.</param>
    public static int[] Read(AcceleratorStream stream, Words buffer, ValueLayout layout, int[]? order) => layout.Element switch
    {
        KernelElement.I8 => Read<sbyte>(stream, buffer, layout, order),
        KernelElement.I16 => Read<short>(stream, buffer, layout, order),
        _ => Read<int>(stream, buffer, layout, order),
    };

    private static void Write<T>(AcceleratorStream stream, Words buffer, ValueLayout layout, int[]? order, int[] tensor) where T
        : unmanaged, IBinaryInteger<T> =>
        View<T>(buffer, (int)layout.Length).CopyFromCPU(stream, layout.Pack<T>(order, tensor));

    private static int[] Read<T>(AcceleratorStream stream, Words buffer, ValueLayout layout, int[]? order) where T : unmanaged,
    IBinaryInteger<T>
    {
        var elements = new T[layout.Length];
        View<T>(buffer, elements.Length).CopyToCPU(stream, elements);
        stream.Synchronize();
        return layout.Unpack(order, elements);
    }
}
