using Iced.Intel;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>An instruction on its operands.</summary>
internal delegate void X86Action(X86State state, X86Operand[] operands);

/// <summary>Instructions on general registers, the stack and flags, of 64 bits.</summary>
internal static class X86General
{
    /// <summary>By mnemonic, with the shapes of operands that are known (<see cref="X86Operand.Shape"/>).</summary>
    public static IReadOnlyDictionary<Mnemonic, (string Shapes, X86Action Action)> Rows { get; } =
        new Dictionary<Mnemonic, (string, X86Action)>
        {
            [Mnemonic.Nop] = ("", (_, _) => { }),
            // A hint alone: what is not there is not fetched.
            [Mnemonic.Prefetcht0] = ("m", (_, _) => { }),
            [Mnemonic.Prefetcht1] = ("m", (_, _) => { }),
            [Mnemonic.Push] = ("g", (state, o) => state.Push(o[0].Read(state))),
            [Mnemonic.Pop] = ("g", (state, o) => o[0].Write(state, state.Pop())),
            [Mnemonic.Mov] = ("gg gm mg gi", (state, o) => o[0].Write(state, o[1].Read(state))),
            [Mnemonic.Movsxd] = ("gg gm", (state, o) => o[0].Write(state, (ulong)(int)o[1].Read(state))),
            [Mnemonic.Lea] = ("gm", (state, o) => o[0].Write(state, o[1].AddressIn(state))),
            [Mnemonic.Add] = ("gg gm mg gi", (state, o) => o[0].Write(state, Add(state, o[0].Read(state), o[1].Read(state)))),
            [Mnemonic.Sub] = ("gg gm mg gi", (state, o) => o[0].Write(state, Subtract(state, o[0].Read(state), o[1].Read(state)))),
            [Mnemonic.Cmp] = ("gg gm mg gi", (state, o) => Subtract(state, o[0].Read(state), o[1].Read(state))),
            [Mnemonic.Jmp] = Jump(_ => true),
            [Mnemonic.Jb] = Jump(state => state.Carry),
            [Mnemonic.Jae] = Jump(state => !state.Carry),
            [Mnemonic.Jbe] = Jump(state => state.Carry || state.Zero),
            [Mnemonic.Ja] = Jump(state => !state.Carry && !state.Zero),
            [Mnemonic.Je] = Jump(state => state.Zero),
            [Mnemonic.Jne] = Jump(state => !state.Zero),
            [Mnemonic.Jl] = Jump(state => state.Sign != state.Overflow),
            [Mnemonic.Jge] = Jump(state => state.Sign == state.Overflow),
            [Mnemonic.Jle] = Jump(state => state.Zero || state.Sign != state.Overflow),
            [Mnemonic.Jg] = Jump(state => !state.Zero && state.Sign == state.Overflow),
            [Mnemonic.Ret] = ("", (state, _) => Return(state)),
            [Mnemonic.Vzeroupper] = ("", (state, _) => state.ClearUpper()),
        };

    /// <summary>The return address of a call: no instruction is there.</summary>
    public const ulong Done = 0x7ff1_d09e_5eed_d09e;

    private static (string Shapes, X86Action Action) Jump(Func<X86State, bool> isTaken)
    {
        return ("b", Action);

        // The number of a branch is that of an instruction.
        void Action(X86State state, X86Operand[] operands)
        {
            if (isTaken(state)) state.Next = (int)operands[0].Number;
        }
    }

    private static void Return(X86State state)
    {
        if (state.Pop() is var to and not Done) throw new X86Fault($"returns to {to}, where no call was");
        state.Next = -1;
    }

    private static ulong Add(X86State state, ulong left, ulong right)
    {
        ulong sum = left + right;
        state.Carry = sum < left;
        state.Overflow = (long)((left ^ sum) & (right ^ sum)) < 0;
        return Signed(state, sum);
    }

    private static ulong Subtract(X86State state, ulong left, ulong right)
    {
        ulong difference = left - right;
        state.Carry = left < right;
        state.Overflow = (long)((left ^ right) & (left ^ difference)) < 0;
        return Signed(state, difference);
    }

    private static ulong Signed(X86State state, ulong result)
    {
        (state.Zero, state.Sign) = (result == 0, (long)result < 0);
        return result;
    }
}
