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

    private static readonly AssemblerRegisterTMM[] s_matrices = [tmm0, tmm1, tmm2, tmm3, tmm4, tmm5];

    private readonly CodeMemory _code;

    private ProductPeak(CodeSet set)
    {
        int sums = set.HasMatrices() ? MatrixBody.MostSums : set.Vectors().Registers * 3 / 4;
        long products = set.HasMatrices() ? MatrixPixels.MostRows * 16 * 64 : set.Vectors().Lanes * ProductsOfLane;
        Operations = Rounds * sums * products * OperationsOfProduct;
        _code = new CodeMemory(set.HasMatrices() ? OfMatrices(sums) : OfVectors(set, sums));
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
    public void Run()
    {
        SignalStack.Enlarge();
        ((delegate* unmanaged<CodeArguments*, void>)_code.Start)(null);
    }

    public void Dispose() => _code.Dispose();

    private static byte[] OfVectors(CodeSet set, int sums)
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

    private static byte[] OfMatrices(int sums)
    {
        var assembler = new Assembler(64);
        KernelFrame.Enter(assembler, OperatingSystem.IsWindows());
        int[] configuration = MatrixBody.Configuration(s_matrices.Length, MatrixPixels.MostRows);
        assembler.sub(rsp, configuration.Length * sizeof(int));
        for (int i = 0; i < configuration.Length; i++) assembler.mov(__dword_ptr[rsp + (i * sizeof(int))], configuration[i]);
        assembler.ldtilecfg(__[rsp]);
        assembler.add(rsp, configuration.Length * sizeof(int));
        foreach (var register in s_matrices) assembler.tilezero(register);
        assembler.mov(rcx, Rounds);
        var next = assembler.CreateLabel();
        assembler.Label(ref next);
        foreach (var sum in s_matrices[..sums]) assembler.tdpbusd(sum, s_matrices[sums], s_matrices[sums + 1]);
        assembler.dec(rcx);
        assembler.jnz(next);
        assembler.tilerelease();
        KernelFrame.Leave(assembler, OperatingSystem.IsWindows());
        return KernelFrame.Assembled(assembler);
    }
}
