using CortexMl.Engines.Cpu.MachineCode;
using Iced.Intel;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>
/// One instruction as a function: it finds its operands in registers or in memory, where left, right and old result lie, 64 bytes each;
/// what it stores goes behind them, and then its result register as a whole.
/// </summary>
internal sealed unsafe class X86Snippet
{
    private const int Left = 0, Right = 64, Old = 128, Stored = 192, Result = 256, End = 320;

    private static readonly Register s_pointer = X86Convention.Of(OperatingSystem.IsWindows()).Argument;

    private readonly X86Program _program;

    /// <param name="inMemory">Whether an operand that may lie in memory does.</param>
    /// <param name="number">For the operand that is one.</param>
    public X86Snippet(Code code, bool inMemory, int number)
    {
        var assembler = new Assembler(64);
        bool isWide = code.ToOpCode().Encoding == EncodingKind.EVEX;
        Load(0, Left);
        Load(1, Right);
        Load(2, Old);
        assembler.AddInstruction(Make(code, inMemory, number));
        assembler.AddInstruction(isWide
            ? Instruction.Create(Code.EVEX_Vmovdqu32_zmmm512_k1z_zmm, At(Result), Register.ZMM2)
            : Instruction.Create(Code.VEX_Vmovdqu_ymmm256_ymm, At(Result), Register.YMM2));
        assembler.vzeroupper();
        assembler.ret();
        using var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), rip: 0);
        Bytes = bytes.ToArray();
        _program = new X86Program(Bytes);

        void Load(int register, int at) => assembler.AddInstruction(isWide
            ? Instruction.Create(Code.EVEX_Vmovdqu32_zmm_k1z_zmmm512, Register.ZMM0 + register, At(at))
            : Instruction.Create(Code.VEX_Vmovdqu_ymm_ymmm256, Register.YMM0 + register, At(at)));
    }

    public byte[] Bytes { get; }

    /// <returns>What is stored, and the register.</returns>
    public (byte[] Stored, byte[] Register) Emulate(byte[] left, byte[] right, byte[] old) => Run(left, right, old, memory => X86Call.Run(
        _program, X86Convention.Of(OperatingSystem.IsWindows()), (void*)memory, [new X86Range("operands", memory, End, IsWritten: true)]));

    /// <summary>On a processor that has the instruction.</summary>
    public static (byte[] Stored, byte[] Register) RunNatively(CodeMemory code, byte[] left, byte[] right, byte[] old) =>
        Run(left, right, old, memory => ((delegate* unmanaged<nuint, void>)code.Start)(memory));

    private static (byte[] Stored, byte[] Register) Run(byte[] left, byte[] right, byte[] old, Action<nuint> run)
    {
        byte[] all = [.. left, .. right, .. old, .. new byte[End - Stored]];
        fixed (byte* memory = all) run((nuint)memory);
        return (all[Stored..Result], all[Result..]);
    }

    private static Instruction Make(Code code, bool inMemory, int number)
    {
        var (instruction, info) = (new Instruction { Code = code }, code.ToOpCode());
        for (int i = 0; i < info.OpCount; i++)
        {
            string kind = info.GetOpKind(i).ToString();
            if (kind == "imm8")
            {
                instruction.SetOpKind(i, OpKind.Immediate8);
                instruction.Immediate8 = (byte)number;
            }
            else if (kind == "mem" || (inMemory && kind.EndsWith("_or_mem", StringComparison.Ordinal)))
            {
                instruction.SetOpKind(i, OpKind.Memory);
                (instruction.MemoryBase, instruction.MemoryDisplSize) = (s_pointer, 1);
                instruction.MemoryDisplacement64 = i switch { 0 => Stored, 1 => Left, _ => Right };
            }
            else
            {
                int register = i switch { 0 => 2, 1 => 0, _ => 1 };
                var first = kind[..3] switch { "xmm" => Register.XMM0, "ymm" => Register.YMM0, _ => Register.ZMM0 };
                instruction.SetOpKind(i, OpKind.Register);
                instruction.SetOpRegister(i, first + register);
            }
        }
        return instruction;
    }

    private static MemoryOperand At(int bytes) => new(s_pointer, bytes, displSize: 1);
}
