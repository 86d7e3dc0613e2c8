using CortexMl.Engines.Cpu.MachineCode;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>What no generated code may do is found, whichever convention it is called by.</summary>
public sealed unsafe class X86FaultTests
{
    [Fact]
    public void An_unknown_instruction_is_named() => Finds("unknown instruction: vpavgb ymm0,ymm1,ymm2", a => a.vpavgb(ymm0, ymm1, ymm2));

    [Fact]
    public void An_unknown_form_of_a_known_instruction_is_named()
    {
        Finds("unknown instruction: vmovdqu32 zmm0{k1},zmm1", a => a.vmovdqu32(zmm0.k1, zmm1));
        Finds("unknown instruction: vpaddd zmm0,zmm1,dword bcst [rdi]", a => a.vpaddd(zmm0, zmm1, __dword_bcst[rdi]));
        Finds("unknown instruction: vpslld ymm0,ymm1,xmm2", a => a.vpslld(ymm0, ymm1, xmm2));
        Finds("unknown instruction: add eax,ecx", a => a.add(eax, ecx));
        Finds("unknown instruction: mov rax,fs:[rdi]",
            a => a.AddInstruction(Instruction.Create(
                Code.Mov_r64_rm64, Register.RAX, new MemoryOperand(Register.RDI, Register.None, 1, 0, 0, false, Register.FS))));
    }

    [Fact]
    public void An_instruction_that_the_processor_lacks()
    {
        Finds("vpaddd ymm16,ymm1,ymm2 needs AVX512VL",
            a => a.AddInstruction(Instruction.Create(
                Code.EVEX_Vpaddd_ymm_k1z_ymm_ymmm256b32, Register.YMM16, Register.YMM1, Register.YMM2)), CodeSet.Avx512Vnni);
        Finds("needs AVX512_VNNI", a => a.vpdpbusd(zmm0, zmm1, zmm2), CodeSet.Avx512);
        Finds("needs AVX_VNNI", a => a.vex.vpdpbusd(ymm0, ymm1, ymm2), CodeSet.Avx2);
        Finds("needs AVX512F", a => a.vpaddd(zmm0, zmm1, zmm2), CodeSet.AvxVnni);
    }

    [Fact]
    public void A_saved_register_that_is_not_as_it_was()
    {
        Finds("RBX is not as it was", a => a.add(rbx, 1));
        Finds("R15 is not as it was", a => a.mov(r15, rax));
        Finds("RSI is not as it was", a => a.add(rsi, 1), CodeSet.Avx2, isWindows: true);
        Finds("XMM6 is not as it was", a => a.vpxor(xmm6, xmm6, xmm6), CodeSet.Avx2, isWindows: true);
        Runs(a => a.add(rsi, 1));
        Runs(a => a.vpxor(xmm6, xmm6, xmm6));
    }

    [Fact]
    public void A_stack_that_is_not_as_it_was()
    {
        Finds("where no call was", a => a.push(rbx));
        Finds("ret: reads 8 bytes at byte", a => a.add(rsp, 8));
        Finds("where no call was", a => a.sub(rsp, 8));
        Finds("push rax: writes 8 bytes at byte -", a =>
        {
            a.sub(rsp, 4000);
            a.push(rax);
        });
    }

    [Fact]
    public void Memory_that_is_not_the_functions()
    {
        Finds("ymmword ptr [rdi+21h]: reads 32 bytes at byte 33 of x, which has 64", a => a.vmovdqu(ymm0, __ymmword_ptr[rdi + 33]));
        Finds("mov rax,[rdi-1]: reads 8 bytes", a => a.mov(rax, __[rdi - 1]));
        Finds("writes 8 bytes of x, which is only read", a => a.mov(__[rdi], rax));
        Runs(a =>
        {
            a.vmovdqu(ymm0, __ymmword_ptr[rdi + 32]);
            a.vzeroupper();
        });
    }

    [Fact]
    public void Vectors_that_are_left_full() =>
        Finds("YMM3 is used above 128 bits", a => a.vpaddd(ymm3, ymm3, __ymmword_ptr[rdi]), fill: 7);

    [Fact]
    public void An_end_without_a_return()
    {
        Assert.Equal("runs past its end", Assert.Throws<X86Fault>(() => Call([0x90], CodeSet.Avx2, isWindows: false)).Message);
        Assert.Equal("no instruction at byte 1", Assert.Throws<X86Fault>(() => new X86Program([0x90, 0x06])).Message);
    }

    private static void Finds(string expected, Action<Assembler> body, CodeSet? set = null, bool isWindows = false, byte fill = 0) =>
        Assert.Contains(expected, Assert.Throws<X86Fault>(() => Call(Assemble(body), set, isWindows, fill)).Message,
            StringComparison.Ordinal);

    private static void Runs(Action<Assembler> body) => Call(Assemble(body), CodeSet.Avx2, isWindows: false);

    private static byte[] Assemble(Action<Assembler> body)
    {
        var assembler = new Assembler(64);
        body(assembler);
        assembler.ret();
        using var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), rip: 0);
        return bytes.ToArray();
    }

    private static void Call(byte[] code, CodeSet? set, bool isWindows, byte fill = 0)
    {
        var program = new X86Program(code, set is { } known ? X86Processor.Of(known, isWindows).Features : null);
        byte[] x = [.. Enumerable.Repeat(fill, 64)];
        fixed (byte* start = x) X86Call.Run(program, X86Convention.Of(isWindows), start, [new X86Range("x", start, x.Length)]);
    }
}
