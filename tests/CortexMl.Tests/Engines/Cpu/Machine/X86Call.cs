using System.Runtime.Intrinsics;
using Iced.Intel;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>How functions are called: where the pointer is, and what they must leave as it was.</summary>
/// <param name="SavedVectors">The lower 128 bits of these.</param>
/// <param name="Home">Bytes above the return address that belong to the function.</param>
internal sealed record X86Convention(Register Argument, IReadOnlyList<Register> Saved, IReadOnlyList<int> SavedVectors, int Home)
{
    private static readonly Register[] s_everywhere = [Register.RBX, Register.RBP, Register.R12, Register.R13, Register.R14, Register.R15];

    /// <summary>Source: System V Application Binary Interface, AMD64 supplement, 3.2.</summary>
    public static X86Convention SystemV { get; } = new(Register.RDI, s_everywhere, [], Home: 0);

    /// <summary>Source: Microsoft, x64 calling convention.</summary>
    public static X86Convention Windows { get; } =
        new(Register.RCX, [.. s_everywhere, Register.RDI, Register.RSI], [.. Enumerable.Range(6, 10)], Home: 32);

    public static X86Convention Of(bool isWindows) => isWindows ? Windows : SystemV;
}

/// <summary>Calls a function of one pointer, and looks at what it leaves behind.</summary>
internal static unsafe class X86Call
{
    private const int StackBytes = 4096, Above = 256;

    /// <param name="ranges">Memory that the function may use, beside the stack; null for any.</param>
    /// <exception cref="X86Fault">The function does what no function may.</exception>
    public static void Run(X86Program program, X86Convention convention, void* pointer, IReadOnlyList<X86Range>? ranges, int seed = 1)
    {
        byte[] stack = GC.AllocateArray<byte>(StackBytes, pinned: true);
        fixed (byte* start = stack)
        {
            // As every caller has it: a multiple of 16 before the call.
            var top = (nuint)(start + StackBytes - Above) & ~(nuint)15;
            var own = new X86Range("the stack", (nuint)start, (long)(top - (nuint)start) + convention.Home, IsWritten: true);
            var state = new X86State(new X86Memory(ranges is null ? null : [own, .. ranges]), seed) { Stack = top };
            state.Push(X86General.Done);
            state[convention.Argument] = (ulong)pointer;
            ulong[] general = [.. state.General];
            byte[][] vectors = [.. convention.SavedVectors.Select(i => Lower(state, i))];
            program.Run(state);
            if (state.Stack != top) throw new X86Fault($"rsp is {(long)(state.Stack - top)} bytes from where it was");
            foreach (var register in convention.Saved)
            {
                if (state[register] != general[register.GetNumber()]) throw new X86Fault($"{register} is not as it was");
            }
            foreach (var (i, number) in convention.SavedVectors.Index())
            {
                if (!Lower(state, number).SequenceEqual(vectors[i])) throw new X86Fault($"{Register.XMM0 + number} is not as it was");
            }
            if (state.MatrixRows is not null) throw new X86Fault("matrices are not released");
            for (int i = 0; i < X86State.GeneralRegisters; i++)
            {
                if (state.Vector(i)[Vector128<byte>.Count..].ContainsAnyExcept((byte)0))
                    throw new X86Fault($"{Register.YMM0 + i} is used above 128 bits: whoever uses SSE next waits for it");
            }
        }
    }

    private static byte[] Lower(X86State state, int number) => state.Vector(number)[..Vector128<byte>.Count].ToArray();
}
