using CortexMl.Engines.Cpu.MachineCode;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Flags and branches of the machine, by their definition, and on the processor where that is an x64.</summary>
public sealed unsafe class X86GeneralTests
{
    private static readonly ulong[] s_numbers =
        [0, 1, 2, 0x7fffffffffffffff, 0x8000000000000000, 0x8000000000000001, ulong.MaxValue, 1234567];

    private static readonly (string Name, Action<Assembler, Label> Jump, Func<ulong, ulong, bool> IsTaken)[] s_jumps =
    [
        ("jb", (a, to) => a.jb(to), (left, right) => left < right),
        ("jae", (a, to) => a.jae(to), (left, right) => left >= right),
        ("jbe", (a, to) => a.jbe(to), (left, right) => left <= right),
        ("ja", (a, to) => a.ja(to), (left, right) => left > right),
        ("je", (a, to) => a.je(to), (left, right) => left == right),
        ("jne", (a, to) => a.jne(to), (left, right) => left != right),
        ("jl", (a, to) => a.jl(to), (left, right) => (long)left < (long)right),
        ("jge", (a, to) => a.jge(to), (left, right) => (long)left >= (long)right),
        ("jle", (a, to) => a.jle(to), (left, right) => (long)left <= (long)right),
        ("jg", (a, to) => a.jg(to), (left, right) => (long)left > (long)right),
        ("jmp", (a, to) => a.jmp(to), (_, _) => true),
    ];

    public static TheoryData<string> Jumps => [.. s_jumps.Select(jump => jump.Name)];

    [Theory]
    [MemberData(nameof(Jumps))]
    public void A_comparison_decides_on_the_branch(string name)
    {
        var (_, jump, isTaken) = s_jumps.Single(j => j.Name == name);
        Each((a, none) =>
        {
            a.cmp(rax, rdx);
            jump(a, none);
        }, (left, right) => isTaken(left, right) ? left : 0);
    }

    /// <summary>The carry of a sum: it is less than what was added.</summary>
    [Fact]
    public void Sums_and_differences_wrap_and_carry()
    {
        Each((a, none) =>
        {
            a.add(rax, rdx);
            a.jb(none);
        }, (left, right) => left + right < left ? left + right : 0);
        Each((a, none) =>
        {
            a.sub(rax, rdx);
            a.jb(none);
        }, (left, right) => left < right ? left - right : 0);
        Each((a, none) =>
        {
            a.add(rax, rdx);
            a.jl(none);
        }, (left, right) => (Int128)(long)left + (long)right < 0 ? left + right : 0);
        Each((a, none) =>
        {
            a.add(rax, -5);
            a.jae(none);
        }, (left, _) => left < 5 ? left - 5 : 0);
    }

    [Fact]
    public void Numbers_of_32_bits_keep_their_sign() => Each((a, none) =>
    {
        a.movsxd(rax, edx);
        a.lea(rax, __[rax + (rdx * 4) - 100]);
        a.push(rax);
        a.mov(rax, 7);
        a.pop(rax);
        a.jmp(none);
    }, (_, right) => (ulong)(int)right + (4 * right) - 100);

    /// <param name="body">What it leaves in rax is the result where it goes to the label, else that is 0.</param>
    private static void Each(Action<Assembler, Label> body, Func<ulong, ulong, ulong> expected)
    {
        var convention = X86Convention.Of(OperatingSystem.IsWindows());
        byte[] code = Assemble(new AssemblerRegister64(convention.Argument), body);
        var program = new X86Program(code);
        using var native = CodeMemory.IsAllowed ? new CodeMemory(code) : null;
        ulong* memory = stackalloc ulong[3];
        foreach (ulong left in s_numbers)
        {
            foreach (ulong right in s_numbers)
            {
                (memory[0], memory[1], memory[2]) = (left, right, 1);
                X86Call.Run(program, convention, memory, [new X86Range("memory", memory, 3 * sizeof(ulong), isWritten: true)]);
                Assert.Equal((left, right, expected(left, right)), (left, right, memory[2]));
                if (native is null) continue;
                memory[2] = 1;
                ((delegate* unmanaged<ulong*, void>)native.Start)(memory);
                Assert.Equal((left, right, expected(left, right)), (left, right, memory[2]));
            }
        }
    }

    private static byte[] Assemble(AssemblerRegister64 pointer, Action<Assembler, Label> body)
    {
        var a = new Assembler(64);
        var taken = a.CreateLabel();
        a.mov(r8, pointer);
        a.mov(rax, __[r8]);
        a.mov(rdx, __[r8 + 8]);
        body(a, taken);
        a.mov(rax, 0);
        a.Label(ref taken);
        a.mov(__[r8 + 16], rax);
        a.ret();
        using var bytes = new MemoryStream();
        a.Assemble(new StreamCodeWriter(bytes), rip: 0);
        return bytes.ToArray();
    }
}
