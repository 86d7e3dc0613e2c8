using CortexMl.Engines.Cpu.Memory;
using Iced.Intel;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Writes operations on vectors of 32-bit lanes; registers are numbers from 0.</summary>
/// <param name="notes">Where what the code does is told; null where nobody reads it.</param>
internal sealed class VectorWriter(Assembler assembler, VectorCodes codes, CodeNotes? notes = null)
{
    public Assembler Assembler => assembler;

    public VectorCodes Codes => codes;

    public Register this[int index] => codes.First + index;

    /// <summary>Writes behind this one, on vectors of another width.</summary>
    public VectorWriter On(VectorCodes others) => new(assembler, others, notes);

    /// <summary>Says what the instructions behind this are for.</summary>
    public void Note(string text) => notes?.Add(assembler.Instructions.Count, text);

    public void Zero(int to) => Two(codes.Zero, to, to, to);

    public void Load(int to, MemoryOperand from) => assembler.AddInstruction(Instruction.Create(codes.Load, this[to], from));

    public void Store(MemoryOperand to, int from) => assembler.AddInstruction(Instruction.Create(codes.Store, to, this[from]));

    public void Broadcast(int to, MemoryOperand from) => assembler.AddInstruction(Instruction.Create(codes.Broadcast, this[to], from));

    /// <summary>Elements of memory as 32 bits.</summary>
    public void Widen(ElementKind kind, int to, MemoryOperand from) => assembler.AddInstruction(Instruction.Create(kind switch
    {
        ElementKind.Byte => codes.WidenBytes,
        ElementKind.Short => codes.WidenShorts,
        _ => codes.Load,
    }, this[to], from));

    public void Copy(int to, int from) => assembler.AddInstruction(Instruction.Create(codes.Load, this[to], this[from]));

    public void ShiftRight(int register, int bits) => ShiftRight(register, register, bits);

    public void ShiftRight(int to, int from, int bits) => Shift(codes.ShiftRight32, to, from, bits);

    public void ShiftLeft(int register, int bits) => Shift(codes.ShiftLeft32, register, register, bits);

    /// <summary>An operation of two registers.</summary>
    public void Two(Code code, int to, int left, int right) =>
        assembler.AddInstruction(Instruction.Create(code, this[to], this[left], this[right]));

    /// <summary>An operation of a register and memory.</summary>
    public void Two(Code code, int to, int left, MemoryOperand right) =>
        assembler.AddInstruction(Instruction.Create(code, this[to], this[left], right));

    /// <summary>An address of memory.</summary>
    public static MemoryOperand At(Register start, long bytes = 0) =>
        bytes == 0 ? new MemoryOperand(start) : new MemoryOperand(start, bytes, displSize: 1);

    /// <summary>An address of memory with an index, scaled.</summary>
    public static MemoryOperand At(Register start, Register index, int scale, long bytes = 0) =>
        bytes == 0 ? new MemoryOperand(start, index, scale) : new MemoryOperand(start, index, scale, bytes, displSize: 1);

    private void Shift(Code code, int to, int from, int bits)
    {
        if (bits > 0) assembler.AddInstruction(Instruction.Create(code, this[to], this[from], bits));
    }
}
