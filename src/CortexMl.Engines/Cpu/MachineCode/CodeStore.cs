using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>A generated kernel, and the constants that it reads.</summary>
internal abstract class GeneratedKernel(Pinned<int> constants) : IDisposable
{
    public Pinned<int> Constants => constants;

    public abstract unsafe void Run(CodeArguments* arguments);

    public abstract void Dispose();
}

/// <summary>A kernel that the processor runs.</summary>
internal sealed unsafe class NativeKernel(byte[] code, Pinned<int> constants) : GeneratedKernel(constants)
{
    private readonly CodeMemory _memory = new(code);

    /// <summary>Whether its pages are gone.</summary>
    public bool IsFreed => _memory.Start == 0;

    public override void Run(CodeArguments* arguments) => ((delegate* unmanaged<CodeArguments*, void>)_memory.Start)(arguments);

    public override void Dispose() => _memory.Dispose();
}

/// <summary>
/// Kernels of the process: those of equal form are generated once, however many layers and executables run them, and go when the last
/// executable is disposed.
/// </summary>
/// <param name="make">Of code and constants.</param>
internal sealed class CodeStore(Func<byte[], Pinned<int>, GeneratedKernel> make)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (GeneratedKernel Code, int Holders)> _kernels = new(StringComparer.Ordinal);

    public static CodeStore OfProcess { get; } = new((code, constants) => new NativeKernel(code, constants));

    /// <summary>Whose calls the kernels are made for.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    public int Count
    {
        get
        {
            lock (_lock) return _kernels.Count;
        }
    }

    public GeneratedKernel Take(CodeForm form)
    {
        string key = form.Key;
        lock (_lock)
        {
            var (kernel, holders) = _kernels.TryGetValue(key, out var entry) ? entry : (Generate(form), 0);
            _kernels[key] = (kernel, holders + 1);
            return kernel;
        }
    }

    public void Release(CodeForm form)
    {
        string key = form.Key;
        lock (_lock)
        {
            var (kernel, holders) = _kernels[key];
            if (holders > 1)
            {
                _kernels[key] = (kernel, holders - 1);
                return;
            }
            _kernels.Remove(key);
            kernel.Dispose();
        }
    }

    private GeneratedKernel Generate(CodeForm form)
    {
        var constants = new ConstantTable(form.Vectors.Lanes);
        byte[] code = KernelFrame.Write(form, constants, IsWindows);
        return make(code, constants.ToMemory());
    }
}
