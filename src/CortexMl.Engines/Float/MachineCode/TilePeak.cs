using CortexMl.Engines.Cpu.MachineCode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Float.MachineCode;

/// <summary>
/// Multiply-adds between registers, as many at once as hide their latency: the rate that no product of floats exceeds on a core. No memory.
/// </summary>
public sealed unsafe class TilePeak : IDisposable
{
    private const int Rounds = 1 << 14, OperationsOfProduct = 2;

    private readonly CodeMemory _code;

    private TilePeak(TileSet set)
    {
        int sums = set.Vectors.Registers * 3 / 4;
        Operations = (long)Rounds * sums * set.Lanes * OperationsOfProduct;
        _code = new CodeMemory(Write(set, sums));
    }

    /// <summary>Multiplications and additions of a run.</summary>
    public long Operations { get; }

    /// <summary>Of the widest registers; null where products are not machine code.</summary>
    public static TilePeak? OfWidest() => TileSet.AtHand is [.., var widest] ? new TilePeak(widest) : null;

    /// <summary>Some tenths of a millisecond on one thread.</summary>
    public void Run() => ((delegate* unmanaged<TileCall*, void>)_code.Start)(null);

    public void Dispose() => _code.Dispose();

    private static byte[] Write(TileSet set, int sums)
    {
        var assembler = new Assembler(64);
        var vectors = new VectorWriter(assembler, set.Vectors);
        KernelFrame.Enter(assembler, OperatingSystem.IsWindows());
        for (int register = 0; register < set.Vectors.Registers; register++) vectors.Zero(register);
        assembler.mov(rcx, Rounds);
        var next = assembler.CreateLabel();
        assembler.Label(ref next);
        for (int sum = 0; sum < sums; sum++) vectors.Two(set.MultiplyAdd, sum, sums, sums + 1);
        assembler.dec(rcx);
        assembler.jnz(next);
        KernelFrame.Leave(assembler, OperatingSystem.IsWindows());
        return KernelFrame.Assembled(assembler);
    }
}
