using CortexMl.Engines.Cpu.MachineCode;

namespace CortexMl.Engines.Float.MachineCode;

/// <summary>A generated tile.</summary>
internal abstract unsafe class TileKernel : IDisposable
{
    public abstract void Run(TileCall* call);

    public abstract void Dispose();
}

/// <summary>A tile that the processor runs.</summary>
internal sealed unsafe class NativeTile(byte[] code) : TileKernel
{
    private readonly CodeMemory _memory = new(code);

    public override void Run(TileCall* call)
    {
        ((delegate* unmanaged<TileCall*, void>)_memory.Start)(call);
        GC.KeepAlive(_memory);
    }

    public override void Dispose() => _memory.Dispose();
}

/// <summary>The tiles of one instruction set: each form is generated when it is first asked for, and goes with this.</summary>
/// <param name="make">Of code.</param>
internal sealed class TileKernels(TileSet set, Func<byte[], TileKernel> make) : IDisposable
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

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var kernel in _kernels.Values) kernel.Dispose();
            _kernels.Clear();
        }
    }
}
