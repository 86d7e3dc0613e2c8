using System.Buffers.Binary;
using Iced.Intel;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>What an instruction reads or writes.</summary>
/// <param name="Shape">
/// v: vector register, k: mask, t: matrix, g: general register, m: memory, x: memory at each lane of an index, i: number, b: where a branch
/// goes.
/// </param>
/// <param name="Bytes">How many it holds.</param>
internal sealed record X86Operand(char Shape, int Bytes)
{
    /// <summary>Of the register, or of the address's base.</summary>
    public int Register { get; private init; } = -1;

    /// <summary>-1 where there is none.</summary>
    public int Index { get; init; } = -1;

    public ulong Scale { get; private init; }

    /// <summary>Added to the address, or the number itself.</summary>
    public ulong Number { get; init; }

    /// <exception cref="X86Fault">The machine does not know operands of that kind.</exception>
    public static X86Operand Of(Instruction instruction, int index)
    {
        switch (instruction.GetOpKind(index))
        {
            case OpKind.Register:
                var register = instruction.GetOpRegister(index);
                return Of(register);
            case OpKind.Memory:
                return Address(instruction);
            case OpKind.Immediate8 or OpKind.Immediate8to64 or OpKind.Immediate32to64 or OpKind.Immediate64:
                return new('i', sizeof(ulong)) { Number = instruction.GetImmediate(index) };
            case OpKind.NearBranch64:
                return new('b', sizeof(ulong)) { Number = instruction.NearBranch64 };
            default:
                return new('?', 0);
        }
    }

    public static X86Operand Of(Register register)
    {
        char shape = register.IsVectorRegister() ? 'v' : register.IsK() ? 'k' : register.IsTMM() ? 't'
            : register.IsGPR64() || register.IsGPR32() ? 'g' : '?';
        return new(shape, register.GetSize()) { Register = register.GetNumber() };
    }

    /// <param name="buffer">For what is read from memory or a general register.</param>
    public ReadOnlySpan<byte> ReadBytes(X86State state, Span<byte> buffer)
    {
        switch (Shape)
        {
            case 'v': return state.Vector(Register)[..Bytes];
            case 'm': state.Memory.Read(AddressIn(state), buffer[..Bytes]); break;
            default: BinaryPrimitives.WriteUInt64LittleEndian(buffer, Read(state)); break;
        }
        return buffer[..Bytes];
    }

    public void WriteBytes(X86State state, ReadOnlySpan<byte> from)
    {
        if (Shape == 'v') state.WriteVector(Register, from);
        else if (Shape == 'm') state.Memory.Write(AddressIn(state), from);
        else if (Bytes == sizeof(int)) Write(state, BinaryPrimitives.ReadUInt32LittleEndian(from));
        else Write(state, BinaryPrimitives.ReadUInt64LittleEndian(from));
    }

    /// <summary>Of up to 64 bits; smaller ones are what they are without a sign.</summary>
    public ulong Read(X86State state)
    {
        if (Shape is 'i' or 'b') return Number;
        if (Shape == 'g') return Bytes == sizeof(ulong) ? state.General[Register] : (uint)state.General[Register];
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        state.Memory.Read(AddressIn(state), bytes[..Bytes]);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Of up to 64 bits; a register of 32 gets zeros above them.</summary>
    public void Write(X86State state, ulong value)
    {
        if (Shape == 'g')
        {
            state.General[Register] = Bytes == sizeof(ulong) ? value : (uint)value;
            return;
        }
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        state.Memory.Write(AddressIn(state), bytes[..Bytes]);
    }

    public nuint AddressIn(X86State state)
    {
        ulong address = Number;
        if (Register >= 0) address += state.General[Register];
        if (Index >= 0) address += state.General[Index] * Scale;
        return (nuint)address;
    }

    /// <summary>Of a lane of memory at an index.</summary>
    public nuint AddressIn(X86State state, int lane)
    {
        long index = BitConverter.ToInt32(state.Vector(Index)[(lane * sizeof(int))..]);
        return (nuint)(Number + state.General[Register] + ((ulong)index * Scale));
    }

    private static X86Operand Address(Instruction instruction)
    {
        Register start = instruction.MemoryBase, index = instruction.MemoryIndex;
        bool hasSegment = instruction.SegmentPrefix != Iced.Intel.Register.None;
        bool isKnown = IsKnown(start) && IsKnown(index) && !hasSegment && !instruction.IsBroadcast;
        bool isAtLanes = index.IsVectorRegister() && start.IsGPR64() && !hasSegment;
        return new(isAtLanes ? 'x' : isKnown ? 'm' : '?', instruction.MemorySize.GetSize())
        {
            Register = start == Iced.Intel.Register.None ? -1 : start.GetNumber(),
            Index = index == Iced.Intel.Register.None ? -1 : index.GetNumber(),
            Scale = (ulong)instruction.MemoryIndexScale, Number = instruction.MemoryDisplacement64,
        };
    }

    private static bool IsKnown(Register register) => register == Iced.Intel.Register.None || register.IsGPR64();
}
