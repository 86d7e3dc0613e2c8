using System.Runtime.Intrinsics;
using Iced.Intel;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>
/// Registers and flags of a running machine. What nothing has written yet is noise, but for the upper parts of registers 0 to 15, which a
/// caller leaves empty.
/// </summary>
internal sealed class X86State
{
    public const int VectorBytes = 64, Vectors = 32, GeneralRegisters = 16, MaskRegisters = 8;

    private readonly byte[] _vectors = new byte[Vectors * VectorBytes];
    private readonly byte[] _matrices = new byte[X86Matrices.Registers * X86Matrices.MostRows * X86Matrices.RowBytes];

    public X86State(X86Memory memory, int seed)
    {
        Memory = memory;
        var random = new Random(seed);
        for (int i = 0; i < GeneralRegisters; i++) General[i] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        random.NextBytes(_vectors);
        for (int i = 0; i < MaskRegisters; i++) Masks[i] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        ClearUpper();
    }

    public X86Memory Memory { get; }

    /// <summary>rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, …</summary>
    public ulong[] General { get; } = new ulong[GeneralRegisters];

    /// <summary>A bit for every lane.</summary>
    public ulong[] Masks { get; } = new ulong[MaskRegisters];

    /// <summary>The instruction that follows; -1 behind the last.</summary>
    public int Next { get; set; }

    public bool Carry { get; set; }

    public bool Zero { get; set; }

    public bool Sign { get; set; }

    public bool Overflow { get; set; }

    public ref ulong this[Register register] => ref General[register.GetNumber()];

    public ref ulong Stack => ref this[Register.RSP];

    /// <summary>All 512 bits.</summary>
    public Span<byte> Vector(int number) => _vectors.AsSpan(number * VectorBytes, VectorBytes);

    /// <summary>Of every matrix; null where they are not in use.</summary>
    public int[]? MatrixRows { get; set; }

    /// <summary>All rows that it could have.</summary>
    public Span<byte> Matrix(int number)
    {
        const int Bytes = X86Matrices.MostRows * X86Matrices.RowBytes;
        return _matrices.AsSpan(number * Bytes, Bytes);
    }

    /// <summary>An instruction with VEX or EVEX clears what of the register is above what it writes.</summary>
    public void WriteVector(int number, ReadOnlySpan<byte> from)
    {
        var register = Vector(number);
        from.CopyTo(register);
        register[from.Length..].Clear();
    }

    /// <summary>What is above 128 bits, of registers 0 to 15.</summary>
    public void ClearUpper()
    {
        for (int i = 0; i < GeneralRegisters; i++) Vector(i)[Vector128<byte>.Count..].Clear();
    }

    public void Push(ulong value)
    {
        Stack -= sizeof(ulong);
        Memory.Write((nuint)Stack, BitConverter.GetBytes(value));
    }

    public ulong Pop()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Memory.Read((nuint)Stack, bytes);
        Stack += sizeof(ulong);
        return BitConverter.ToUInt64(bytes);
    }
}
