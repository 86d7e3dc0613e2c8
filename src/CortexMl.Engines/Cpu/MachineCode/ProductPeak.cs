using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Products of bytes between registers, as many at once as hide their latency: the rate that a core cannot exceed unless products are added
/// up in 16 bits. No memory, no cache, no epilogue.
/// </summary>
public sealed unsafe class ProductPeak : IDisposable
{
    private const int Rounds = 1 << 16, ProductsOfLane = 4, OperationsOfProduct = 2;

    private readonly CodeMemory _code;

    private ProductPeak(CodeSet set)
    {
        int sums = set.Vectors().Registers * 3 / 4;
        Operations = (long)Rounds * sums * set.Vectors().Lanes * ProductsOfLane * OperationsOfProduct;
        _code = new CodeMemory(Write(set, sums));
    }

    /// <summary>Multiplications and additions of a run.</summary>
    public long Operations { get; }

    /// <summary>For the instructions of a set, whether they are generated or intrinsics.</summary>
    /// <returns>Null where the machine has no such instructions, or forbids generated code.</returns>
    public static ProductPeak? Of(CpuInstructions instructions)
    {
        var generated = InstructionSet.Resolve(instructions) switch
        {
            CpuInstructions.Avx2 => CpuInstructions.CodeAvx2,
            CpuInstructions.AvxVnni => CpuInstructions.CodeAvxVnni,
            var other => other,
        };
        try
        {
            return generated.Code() is { } set && InstructionSet.AtHand.Contains(generated) ? new ProductPeak(set) : null;
        }
        catch (CodeRefusedException)
        {
            return null;
        }
    }

    /// <summary>Some milliseconds on one thread.</summary>
    public void Run() => ((delegate* unmanaged<CodeArguments*, void>)_code.Start)(null);

    public void Dispose() => _code.Dispose();

    private static byte[] Write(CodeSet set, int sums)
    {
        var assembler = new Assembler(64);
        var write = new VectorWriter(assembler, set.Vectors());
        var codes = write.Codes;
        KernelFrame.Enter(assembler, OperatingSystem.IsWindows());
        for (int register = 0; register < codes.Registers; register++) write.Zero(register);
        assembler.mov(rcx, Rounds);
        var next = assembler.CreateLabel();
        assembler.Label(ref next);
        int data = sums, weights = sums + 1, product = sums + 2, ones = sums + 3;
        for (int sum = 0; sum < sums; sum++)
        {
            if (set.HasVnni())
            {
                write.Two(codes.DotBytes, sum, data, weights);
                continue;
            }
            write.Two(codes.PairsOfBytes, product, data, weights);
            write.Two(codes.PairsOfShorts, product, product, ones);
            write.Two(codes.Add32, sum, sum, product);
        }
        assembler.dec(rcx);
        assembler.jnz(next);
        KernelFrame.Leave(assembler, OperatingSystem.IsWindows());
        return KernelFrame.Assembled(assembler);
    }
}
