using CortexMl.Engines.Cpu.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>What happens to the sums of a tile where they are: the group's stages, then the store.</summary>
internal sealed class EpilogueCode(VectorWriter write, CodeForm form, ConstantTable constants)
{
    private readonly int _rowBytes = form.Tile.Vectors * write.Codes.Bytes;
    private int _row, _other;

    private Assembler Assembler => write.Assembler;

    private VectorCodes Codes => write.Codes;

    public void Write()
    {
        Assembler.mov(rax, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Tables))]);
        Assembler.mov(rcx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Constants))]);
        for (int i = 0; i < form.Stages.Count; i++)
        {
            write.Note($"stage {i + 1} of {form.Stages.Count}");
            Stage(form.Stages[i], isBegun: i == 0 && form.BeginsWithAddends);
        }
        write.Note($"store: {form.Result}");
        for (int first = 0; first < form.ResultStep; first += CodeRegisters.StoredAtOnce)
        {
            int count = Math.Min(CodeRegisters.StoredAtOnce, form.ResultStep - first);
            KernelFrame.LoadPixels(Assembler, count, nameof(CodeArguments.Results), nameof(CodeArguments.Result), first);
            if (form.Sliding is null) new StoreCode(write, form, constants, first, count).Write();
            else new SlidingStore(write, form, constants).Write();
        }
    }

    /// <param name="isBegun">Whether its addends are in the sums already.</param>
    private void Stage(StageForm stage, bool isBegun)
    {
        if (stage.Other is { } kind) Combine(kind, stage.Subtracts);
        int adds = stage.Adds ? _row++ : -1, multiplies = stage.Multiplies ? _row++ : -1;
        for (int sum = 0; sum < form.Tile.Sums; sum++)
        {
            if (adds >= 0 && !isBegun) write.Two(Codes.Add32, sum, sum, Table(adds, sum));
            Clamp(sum, stage.Low, stage.High);
            if (multiplies >= 0) write.Two(Codes.Multiply32, sum, sum, Table(multiplies, sum));
            write.ShiftLeft(sum, stage.LeftShift);
            write.ShiftRight(sum, stage.FirstShift);
            if (stage.Rounding != 0) write.Two(Codes.Add32, sum, sum, Constant(stage.Rounding));
            write.ShiftRight(sum, stage.LastShift);
            Clamp(sum, stage.LastLow, stage.LastHigh);
        }
        if (stage.Lookup is { } lookup) new LookupCode(write, form.Tile.Sums).Write(lookup);
    }

    /// <summary>Adds another tensor, or takes it away.</summary>
    private void Combine(ElementKind kind, bool subtracts)
    {
        int pixels = CodeArguments.Offset(nameof(CodeArguments.OtherPixels)) + (_other * sizeof(long)),
        start = CodeArguments.Offset(nameof(CodeArguments.Others)) + (_other++ * sizeof(long)), loaded = form.Tile.Sums;
        var combine = subtracts ? Codes.Subtract32 : Codes.Add32;
        Assembler.mov(rbp, __[rdi + pixels]);
        for (int sum = 0; sum < form.Tile.Sums; sum++)
        {
            int pixel = sum / form.Tile.Vectors, vector = sum % form.Tile.Vectors;
            if (vector == 0)
            {
                Assembler.movsxd(rdx, __dword_ptr[rbp + (rbx * sizeof(int)) + (pixel * sizeof(int))]);
                Assembler.add(rdx, __[rdi + start]);
            }
            var from = VectorWriter.At(Register.RDX, (long)vector * Codes.Lanes * (int)kind);
            if (kind == ElementKind.Int)
            {
                write.Two(combine, sum, sum, from);
                continue;
            }
            write.Widen(kind, loaded, from);
            write.Two(combine, sum, sum, loaded);
        }
    }

    private void Clamp(int sum, int low, int high)
    {
        if (high != int.MaxValue) write.Two(Codes.Least32, sum, sum, Constant(high));
        if (low != int.MinValue) write.Two(Codes.Greatest32, sum, sum, Constant(low));
    }

    private MemoryOperand Table(int row, int sum) =>
        VectorWriter.At(Register.RAX, ((long)row * _rowBytes) + (sum % form.Tile.Vectors * Codes.Bytes));

    private MemoryOperand Constant(int number) => VectorWriter.At(Register.RCX, constants.Uniform(number));
}
