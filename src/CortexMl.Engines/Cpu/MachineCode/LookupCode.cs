using CortexMl.Engines.Cpu.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Entries of a table in place of the tile's sums, which are indices that were clamped: vpgatherdd. Its mask, which it clears, is set anew
/// for every vector, and so is its result, which otherwise waits for the one before it.
/// </summary>
/// <param name="sums">Behind them are two registers that nothing needs.</param>
internal sealed class LookupCode(VectorWriter write, int sums)
{
    private int Entries => sums;

    private int Mask => sums + 1;

    private bool IsWide => write.Codes == VectorCodes.Zmm;

    public void Write(LookupForm lookup)
    {
        bool isShort = lookup.Entry == ElementKind.Short;
        write.Note($"entries of a table: {lookup.Entry}");
        write.Assembler.mov(rdx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Lookups))]);
        for (int sum = 0; sum < sums; sum++)
        {
            write.Zero(Entries);
            Gather(VectorWriter.At(Register.RDX, write[sum], (int)lookup.Entry, lookup.Offset));
            if (isShort) write.ShiftRight(sum, Entries, bits: 16);
            else write.Copy(sum, Entries);
        }
    }

    private void Gather(MemoryOperand from)
    {
        if (IsWide)
        {
            write.Assembler.kxnorw(k1, k0, k0);
            var gather = Instruction.Create(Code.EVEX_Vpgatherdd_zmm_k1_vm32z, write[Entries], from);
            gather.OpMask = Register.K1;
            write.Assembler.AddInstruction(gather);
            return;
        }
        write.Two(Code.VEX_Vpcmpeqd_ymm_ymm_ymmm256, Mask, Mask, Mask);
        write.Assembler.AddInstruction(Instruction.Create(Code.VEX_Vpgatherdd_ymm_vm32y_ymm, write[Entries], from, write[Mask]));
    }
}
