namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>What an instruction does. A number is the width of operands in bits, where it matters.</summary>
internal enum PtxOp : byte
{
    Move,
    Select,
    Convert,

    Add32,
    Add64,
    Subtract32,
    Subtract64,
    Multiply32,
    Multiply64,
    MultiplyWide,
    MultiplyAdd32,
    Dot4,
    Divide32,
    Divide64,
    Remainder32,
    Remainder64,
    Least32,
    Least64,
    Greatest32,
    Greatest64,

    And,
    Or,
    Xor,
    ShiftLeft32,
    ShiftLeft64,
    ShiftRight32,
    ShiftRight64,

    Equal,
    NotEqual,
    Less32,
    Less64,
    LessOrEqual32,
    LessOrEqual64,

    LoadParameter,
    LoadGlobal,
    LoadShared,
    LoadLocal,
    StoreGlobal,
    StoreShared,
    StoreLocal,

    /// <summary>Leaves the next instruction out where the predicate is false.</summary>
    Unless,

    /// <summary>Leaves the next instruction out where the predicate is true.</summary>
    If,
    Branch,
    Barrier,
    Exit,
}

/// <summary>
/// An instruction whose operands are slots: of registers, constants, and what is known of the thread.
/// </summary>
/// <param name="D">The result's slot; of a store, the value's; of a branch, the next instruction.</param>
/// <param name="A">Of a load or store, the address.</param>
/// <param name="Width">Of what is loaded or stored, in bytes.</param>
/// <param name="Extra">Offset of an address; of a conversion, the bits of the result's register.</param>
internal readonly record struct PtxInstruction(PtxOp Op, int D = 0, int A = 0, int B = 0, int C = 0, int Width = 0, ulong Extra = 0);
