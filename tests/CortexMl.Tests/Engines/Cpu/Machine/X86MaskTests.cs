using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.MachineCode;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>
/// Gathers as the machine runs them, by their definition, and on the processor where that has them: a function of one pointer, to an index,
/// a mask and what the result holds before, then the result, the mask behind it, and what is read.
/// </summary>
public sealed unsafe class X86MaskTests
{
    private const int Index = 0, Mask = 64, Old = 128, Result = 192, Rest = 256, Table = 320, Entries = 100, Scale = 2;
    private const int Bytes = Table + (Entries * Scale) + sizeof(int);

    /// <summary>All that are tried here.</summary>
    internal static IReadOnlyList<Code> Tried { get; } =
        [Iced.Intel.Code.VEX_Vpgatherdd_ymm_vm32y_ymm, Iced.Intel.Code.EVEX_Vpgatherdd_zmm_k1_vm32z];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Machine_gathers_what_is_defined(bool isWide)
    {
        for (int seed = 0; seed < 100; seed++)
        {
            byte[] before = Memory(seed), after = Emulated(before, isWide);
            for (int lane = 0; lane < (isWide ? 16 : 8); lane++)
            {
                bool isRead = isWide ? (before[Mask + (lane / 8)] >> (lane % 8) & 1) == 1 : before[Mask + (4 * lane) + 3] > 127;
                int from = isRead ? Table + (Scale * BitConverter.ToInt32(before, Index + (4 * lane))) : Old + (4 * lane);
                Assert.Equal(BitConverter.ToInt32(before, from), BitConverter.ToInt32(after, Result + (4 * lane)));
            }
            Assert.All(after[Rest..Table], left => Assert.Equal(0, left));
        }
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Processor_gathers_what_the_machine_does(bool isWide)
    {
        var set = isWide ? CpuInstructions.CodeAvx512 : CpuInstructions.CodeAvx2;
        Skip.IfNot(InstructionSet.AtHand.Contains(set), $"the processor has no {set}");
        using var code = new CodeMemory(Code(isWide));
        for (int seed = 0; seed < 100; seed++)
        {
            byte[] before = Memory(seed), native = [.. before];
            fixed (byte* memory = native) ((delegate* unmanaged<nuint, void>)code.Start)((nuint)memory);
            Assert.Equal(Convert.ToHexString(Emulated(before, isWide)), Convert.ToHexString(native));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_mask_leaves_out_is_not_read(bool isWide)
    {
        byte[] memory = Memory(seed: 1);
        BitConverter.GetBytes(Bytes).CopyTo(memory, Index + 8);
        memory[Mask] |= 1 << 2;
        memory[Mask + 11] |= 0x80;
        Assert.Contains("reads 4 bytes at byte", Assert.Throws<X86Fault>(() => Emulated(memory, isWide)).Message, StringComparison.Ordinal);
        memory[Mask] &= 0xfb;
        memory[Mask + 11] &= 0x7f;
        Emulated(memory, isWide);
    }

    [Fact]
    public void A_gather_into_its_index_is_no_instruction()
    {
        var assembler = new Assembler(64);
        assembler.AddInstruction(Wide(Register.ZMM1));
        byte[] code = KernelFrame.Assembled(assembler);
        Assert.Contains("no instruction", Assert.Throws<X86Fault>(() => new X86Program(code)).Message, StringComparison.Ordinal);
    }

    /// <summary>By the mask k3.</summary>
    private static Instruction Wide(Register to)
    {
        var gather = Instruction.Create(Iced.Intel.Code.EVEX_Vpgatherdd_zmm_k1_vm32z, to, At(Register.ZMM1));
        gather.OpMask = Register.K3;
        return gather;
    }

    private static byte[] Emulated(byte[] before, bool isWide)
    {
        byte[] memory = [.. before];
        fixed (byte* start = memory)
        {
            X86Call.Run(new X86Program(Code(isWide)), X86Convention.Of(OperatingSystem.IsWindows()), start,
                [new X86Range("operands", start, Bytes, isWritten: true)]);
        }
        return memory;
    }

    /// <summary>Indices of the table, and anything else elsewhere.</summary>
    private static byte[] Memory(int seed)
    {
        var random = new Random(seed);
        byte[] memory = new byte[Bytes];
        random.NextBytes(memory);
        for (int lane = 0; lane < 16; lane++) BitConverter.GetBytes(random.Next(Entries)).CopyTo(memory, Index + (4 * lane));
        memory.AsSpan(Result, Table - Result).Clear();
        return memory;
    }

    private static MemoryOperand At(Register index) => new(Pointer, index, Scale, Table, displSize: 1);

    private static Register Pointer => X86Convention.Of(OperatingSystem.IsWindows()).Argument;

    private static byte[] Code(bool isWide)
    {
        var (a, pointer) = (new Assembler(64), new AssemblerRegister64(Pointer));
        if (isWide)
        {
            a.vmovdqu32(zmm1, __zmmword_ptr[pointer + Index]);
            a.vmovdqu32(zmm0, __zmmword_ptr[pointer + Old]);
            a.mov(rax, __[pointer + Mask]);
            a.kmovw(k3, eax);
            a.AddInstruction(Wide(Register.ZMM0));
            a.vmovdqu32(__zmmword_ptr[pointer + Result], zmm0);
            a.kmovw(eax, k3);
            a.mov(__[pointer + Rest], rax);
        }
        else
        {
            a.vmovdqu(ymm1, __ymmword_ptr[pointer + Index]);
            a.vmovdqu(ymm2, __ymmword_ptr[pointer + Mask]);
            a.vmovdqu(ymm0, __ymmword_ptr[pointer + Old]);
            a.AddInstruction(Instruction.Create(
                Iced.Intel.Code.VEX_Vpgatherdd_ymm_vm32y_ymm, Register.YMM0, At(Register.YMM1), Register.YMM2));
            a.vmovdqu(__ymmword_ptr[pointer + Result], ymm0);
            a.vmovdqu(__ymmword_ptr[pointer + Rest], ymm2);
        }
        a.vzeroupper();
        a.ret();
        return KernelFrame.Assembled(a);
    }
}
