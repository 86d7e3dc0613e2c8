using CortexMl.Engines.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>Runs single kernels.</summary>
public abstract class KernelRunner
{
    /// <param name="buffers">One array for every buffer of the kernel: sbyte[], short[] or int[]. Written ones are changed.</param>
    internal abstract void Run(DeviceKernel kernel, params Array[] buffers);
}

/// <summary>Runs single kernels on ILGPU's CPU accelerator.</summary>
public sealed class Simulator : KernelRunner, IDisposable
{
    private readonly Context _context = Context.Create(builder => builder.CPU());
    private readonly Accelerator _accelerator;

    public Simulator() => _accelerator = _context.CreateCPUAccelerator(0);

    internal override void Run(DeviceKernel kernel, params Array[] buffers)
    {
        var method = IlEmitter.Emit(kernel);
        using var compiled = kernel.Launch.IsGrouped ? _accelerator.LoadKernel(method) : _accelerator.LoadAutoGroupedKernel(method);
        var memory = Array.ConvertAll(buffers, b => b switch { sbyte[] x => Upload(x), short[] x => Upload(x), _ => Upload((int[])b) });
        object[] views = [.. memory.Select((m, i) => buffers[i] switch
        {
            sbyte[] => (object)m.AsArrayView<sbyte>(0, m.Length),
            short[] => m.AsArrayView<short>(0, m.Length),
            _ => m.AsArrayView<int>(0, m.Length),
        })];
        if (kernel.Launch.IsGrouped)
            compiled.Launch(_accelerator.DefaultStream, new KernelConfig(kernel.Launch.Groups, kernel.Launch.Lanes), views);
        else compiled.Launch(_accelerator.DefaultStream, new Index1D(kernel.Launch.Groups), views);
        _accelerator.Synchronize();
        for (int i = 0; i < buffers.Length; i++)
        {
            if (buffers[i] is sbyte[] bytes) m(i).AsArrayView<sbyte>(0, bytes.Length).CopyToCPU(bytes);
            else if (buffers[i] is short[] words) m(i).AsArrayView<short>(0, words.Length).CopyToCPU(words);
            else m(i).AsArrayView<int>(0, buffers[i].Length).CopyToCPU((int[])buffers[i]);
            m(i).Dispose();
        }

        MemoryBuffer m(int i) => memory[i];
    }

    public void Dispose()
    {
        _accelerator.Dispose();
        _context.Dispose();
    }

    private MemoryBuffer Upload<T>(T[] data) where T : unmanaged => _accelerator.Allocate1D(data);
}
