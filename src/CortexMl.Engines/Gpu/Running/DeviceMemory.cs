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

    public static Words Allocate(Accelerator accelerator, long bytes) => accelerator.Allocate1D<int>(Math.Max(1, (bytes + sizeof(int) - 1) / sizeof(int)));

    /// <summary>The memory as a kernel's parameter takes it.</summary>
    public static object View(Words buffer, KernelElement element, int length) => element switch
    {
        KernelElement.I8 => View<sbyte>(buffer, length),
        KernelElement.I16 => View<short>(buffer, length),
        _ => (object)View<int>(buffer, length),
    };

    private static ArrayView<T> View<T>(Words buffer, int length) where T : unmanaged => buffer.View.Cast<int, T>().BaseView.SubView(0, length);

    /// <summary>Writes a tensor into a value's memory; the numbers fit its element.</summary>
    public static void Write(AcceleratorStream stream, Words buffer, ValueLayout layout, ReadOnlySpan<int> tensor)
    {
        int[] order = Order(layout);
        int length = (int)layout.Length;
        if (layout.Element == KernelElement.I8) Copy(tensor, order, x => (sbyte)x);
        else if (layout.Element == KernelElement.I16) Copy(tensor, order, x => (short)x);
        else Copy(tensor, order, x => x);

        void Copy<T>(ReadOnlySpan<int> from, int[] places, Func<int, T> narrow) where T : unmanaged
        {
            var elements = new T[length];
            for (int i = 0; i < length; i++)
                if (places[i] >= 0) elements[i] = narrow(from[places[i]]);
            View<T>(buffer, length).CopyFromCPU(stream, elements);
        }
    }

    /// <summary>Reads a value's memory into a new tensor.</summary>
    public static int[] Read(AcceleratorStream stream, Words buffer, ValueLayout layout)
    {
        return layout.Element == KernelElement.I8 ? Copy<sbyte>(x => x) : layout.Element == KernelElement.I16 ? Copy<short>(x => x) : Copy<int>(x => x);

        int[] Copy<T>(Func<T, int> widen) where T : unmanaged
        {
            var elements = new T[layout.Length];
            View<T>(buffer, elements.Length).CopyToCPU(stream, elements);
            stream.Synchronize();
            int[] tensor = new int[layout.Shape.Count], order = Order(layout);
            for (int i = 0; i < elements.Length; i++)
                if (order[i] >= 0) tensor[order[i]] = widen(elements[i]);
            return tensor;
        }
    }

    private static int[] Order(ValueLayout layout) => [.. layout.Order()];
}
