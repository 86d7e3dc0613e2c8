using CortexMl.Engines.Cpu.MachineCode;

namespace CortexMl.Engines.Float.MachineCode;

/// <summary>A generated tile.</summary>
internal abstract unsafe class TileKernel
{
    public abstract void Run(TileCall* call);
}

/// <summary>A tile that the processor runs. Its pages go with it.</summary>
internal sealed unsafe class NativeTile(byte[] code) : TileKernel
{
    private readonly CodeMemory _memory = new(code);

    public override void Run(TileCall* call)
    {
        ((delegate* unmanaged<TileCall*, void>)_memory.Start)(call);
        GC.KeepAlive(_memory);
    }
}

/// <summary>The tiles of one instruction set: each form is generated when it is first asked for, and stays as long as this does.</summary>
/// <param name="make">Of code.</param>
internal sealed class TileKernels(TileSet set, Func<byte[], TileKernel> make)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TileForm, TileKernel> _kernels = [];

    /// <summary>Whose calls the tiles are made for.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    public TileSet Set => set;

    /// <exception cref="CodeRefusedException">The system gives no more memory for code.</exception>
    public TileKernel this[TileForm form]
    {
        get
        {
            lock (_lock)
            {
                if (!_kernels.TryGetValue(form, out var kernel))
                    _kernels.Add(form, kernel = make(TileCode.Write(set, form, IsWindows)));
                return kernel;
            }
        }
    }
}
