using System.Buffers.Binary;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Tests.Engines.Gpu.Ptx.Machine;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>Launches kernels on the machine as ILGPU launches them on a device.</summary>
/// <param name="compiler">Compiles them.</param>
/// <param name="threads">Of a block where the kernel leaves that open: a device's driver chooses.</param>
internal sealed class PtxLauncher(PtxCompiler compiler, int threads = 256)
{
    /// <summary>See <see cref="PtxLaunch.AllowsNegativeRemainders"/>.</summary>
    public bool AllowsNegativeRemainders { get; init; }

    /// <param name="buffers">The memory of every buffer; one memory may be that of several.</param>
    public void Run(DeviceKernel kernel, IReadOnlyList<PtxStorage> buffers)
    {
        var program = compiler.Compile(kernel);
        var space = new PtxSpace();
        byte[] parameters = new byte[program.ParameterBytes];
        int first = kernel.Launch.IsGrouped ? 0 : 1;
        if (!kernel.Launch.IsGrouped) BinaryPrimitives.WriteInt32LittleEndian(parameters, kernel.Launch.Groups);
        var written = kernel.Buffers.Zip(buffers).Where(pair => pair.First.IsWritten).Select(pair => pair.Second.Data).ToHashSet();
        foreach (var (i, (buffer, storage)) in kernel.Buffers.Zip(buffers).Index())
        {
            storage.Shadow?.Meet();
            var window = Window(buffer, written.Contains(storage.Data) ? storage : storage with { Shadow = null });
            var view = parameters.AsSpan(program.Parameters[first + i].Offset, PtxCompiler.ViewBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(view, space.Add(window));
            BinaryPrimitives.WriteInt64LittleEndian(view[sizeof(ulong)..], buffer.Length);
        }
        var (groups, lanes) = kernel.Launch;
        var grid = new PtxExtent(kernel.Launch.IsGrouped ? groups : (groups + threads - 1) / threads);
        var block = new PtxExtent(kernel.Launch.IsGrouped ? lanes : threads);
        PtxMachine.Run(new PtxLaunch(program, grid, block, parameters, space) { AllowsNegativeRemainders = AllowsNegativeRemainders });
    }

    // No more than the buffer's elements, however large the memory is that values share.
    private static PtxWindow Window(KernelBuffer buffer, PtxStorage storage)
    {
        int bytes = buffer.Length * (int)buffer.Element;
        if (bytes > storage.Data.Length) throw new PtxFault($"{buffer.Name} has {bytes} bytes, its memory {storage.Data.Length}");
        return new(buffer.Name, storage, 0, bytes, buffer.IsWritten);
    }
}
