using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.MachineCode;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Instructions on matrices, as the machine runs them, by their definition, and on the processor where that has them.</summary>
public sealed unsafe class X86MatrixTests
{
    private const int Distance = 80, Operand = X86Matrices.MostRows * Distance,
        Sums = 64, Left = Sums + Operand, Right = Left + Operand, Stored = Right + Operand, End = Stored + Operand;

    public static TheoryData<int> Rows => [.. Enumerable.Range(1, X86Matrices.MostRows)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Machine_computes_what_is_defined(int rows)
    {
        byte[] memory = Memory(rows), expected = [.. memory];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < 16; column++)
            {
                int sum = BitConverter.ToInt32(memory, At(Sums, row, column));
                for (int i = 0; i < 64; i++) sum += memory[Left + (row * Distance) + i] * (sbyte)memory[At(Right, i / 4, column) + (i % 4)];
                BitConverter.GetBytes(sum).CopyTo(expected, At(Stored, row, column));
            }
        }
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(Emulated(rows, memory)));
    }

    [SkippableTheory]
    [MemberData(nameof(Rows))]
    public void Processor_computes_what_the_machine_does(int rows)
    {
        Skip.IfNot(InstructionSet.AtHand.Contains(CpuInstructions.CodeAmx), "the processor, or the system, has no matrices");
        byte[] memory = Memory(rows), found = [.. memory];
        using var code = new CodeMemory(Code());
        fixed (byte* start = found) ((delegate* unmanaged<nuint, void>)code.Start)((nuint)start);
        Assert.Equal(Convert.ToHexString(Emulated(rows, memory)), Convert.ToHexString(found));
    }

    [Fact]
    public void Shapes_that_no_kernel_has_are_faults()
    {
        byte[] memory = Memory(rows: 4);
        memory[0] = 2;
        Assert.Contains("palette 2", Assert.Throws<X86Fault>(() => Emulated(4, memory)).Message, StringComparison.Ordinal);
        memory = Memory(rows: 4);
        memory[49] = 17;
        Assert.Contains("matrix 1 has 17 rows", Assert.Throws<X86Fault>(() => Emulated(4, memory)).Message, StringComparison.Ordinal);
    }

    private static int At(int operand, int row, int column) => operand + (row * Distance) + (column * sizeof(int));

    /// <summary>sums + left times right, stored; the pointer is that of the configuration.</summary>
    private static byte[] Code()
    {
        var assembler = new Assembler(64);
        var pointer = new AssemblerRegister64(X86Convention.Of(OperatingSystem.IsWindows()).Argument);
        assembler.ldtilecfg(__[pointer]);
        assembler.mov(rax, Distance);
        assembler.tilezero(tmm0);
        assembler.tileloadd(tmm0, __[pointer + rax + Sums]);
        assembler.tileloadd(tmm1, __[pointer + rax + Left]);
        assembler.tileloadd(tmm2, __[pointer + rax + Right]);
        assembler.tdpbusd(tmm0, tmm1, tmm2);
        assembler.tilestored(__[pointer + rax + Stored], tmm0);
        assembler.tilerelease();
        assembler.ret();
        return KernelFrame.Assembled(assembler);
    }

    private static byte[] Emulated(int rows, byte[] memory)
    {
        byte[] own = [.. memory];
        var processor = X86Processor.Of(CodeSet.Amx, OperatingSystem.IsWindows());
        fixed (byte* start = own)
        {
            X86Call.Run(new X86Program(Code(), processor.Features), processor.Convention, start,
                [new X86Range($"operands of {rows} rows", (nuint)start, End, IsWritten: true)]);
        }
        return own;
    }

    /// <summary>The configuration, and numbers of which many are as large as they can be.</summary>
    private static byte[] Memory(int rows)
    {
        byte[] memory = new byte[End];
        var random = new Random(rows);
        random.NextBytes(memory.AsSpan(Sums, Stored - Sums));
        for (int i = Sums; i < Stored; i++)
        {
            if (random.Next(3) == 0) memory[i] = random.Next(2) == 0 ? byte.MaxValue : (byte)128;
        }
        int[] configuration = MatrixBody.Configuration(ofPixels: 2, rows);
        Buffer.BlockCopy(configuration, 0, memory, 0, Sums);
        return memory;
    }
}
