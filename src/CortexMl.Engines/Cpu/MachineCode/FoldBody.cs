using CortexMl.Engines.Cpu.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Sums or maxima over the windows of a tile's pixels, whose steps are a list of offsets: one for every pixel of the window. Windows of a
/// tile are equal, those of the next one may be others. Maxima that go into the result as they are stay bytes or shorts.
/// </summary>
internal sealed class FoldBody(VectorWriter sums, CodeForm form, FoldForm fold, ConstantTable constants)
{
    private const int OfAllBytes = 0x01010101, LeastShorts = unchecked((int)0x80008000), WindowBytes = 2 * sizeof(int);

    private readonly VectorWriter _write = fold.Bytes > 0 ? sums.On(CodesOf(fold.Bytes)) : sums;

    private Assembler Assembler => _write.Assembler;

    private VectorCodes Codes => _write.Codes;

    private bool IsNarrow => fold.Bytes > 0;

    /// <summary>Bytes of memory that fill a vector.</summary>
    private int Bytes => IsNarrow ? fold.Bytes : Codes.Lanes * (int)form.Data;

    public void Write()
    {
        Assembler.mov(rcx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Constants))]);
        _write.Note($"{(fold.Sums ? "sums" : "maxima")}: {form.Tile.InWords}");
        Begin();
        Steps();
        if (IsNarrow) Store();
    }

    public static VectorCodes CodesOf(int bytes) =>
        new[] { VectorCodes.Xmm, VectorCodes.Ymm, VectorCodes.Zmm }.Single(codes => codes.Bytes == bytes);

    private void Begin()
    {
        if (fold.Sums)
        {
            ProductBody.Begin(_write, form);
            return;
        }
        for (int sum = 0; sum < form.Tile.Sums; sum++)
        {
            if (form.Data == ElementKind.Byte) _write.Zero(sum);
            else _write.Load(sum, Constant(IsNarrow ? LeastShorts : int.MinValue));
        }
    }

    private void Steps()
    {
        var next = Assembler.CreateLabel();
        Assembler.mov(rbp, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Windows))]);
        Assembler.mov(rsi, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Steps))]);
        Assembler.movsxd(rdx, __dword_ptr[rbp + (rbx * WindowBytes)]);
        Assembler.movsxd(rax, __dword_ptr[rbp + (rbx * WindowBytes) + sizeof(int)]);
        Assembler.add(rdx, rsi);
        Assembler.add(rsi, rax);
        Assembler.Label(ref next);
        _write.Note("steps: a pixel of every window");
        Assembler.movsxd(rax, __dword_ptr[rdx]);
        for (int sum = 0; sum < form.Tile.Sums; sum++)
        {
            Take(sum, VectorWriter.At(
                CodeRegisters.Pixel(sum / form.Tile.Vectors), Register.RAX, scale: 1, (long)(sum % form.Tile.Vectors) * Bytes));
        }
        Assembler.add(rdx, sizeof(int));
        Assembler.cmp(rdx, rsi);
        Assembler.jb(next);
    }

    private void Take(int sum, MemoryOperand from)
    {
        int widened = form.Tile.Sums;
        if (IsNarrow)
        {
            _write.Two(form.Data == ElementKind.Byte ? Codes.GreatestBytes : Codes.GreatestShorts, sum, sum, from);
            return;
        }
        var code = fold.Sums ? Codes.Add32 : Codes.Greatest32;
        if (form.Data == ElementKind.Int)
        {
            _write.Two(code, sum, sum, from);
            return;
        }
        _write.Widen(form.Data, widened, from);
        _write.Two(code, sum, sum, widened);
    }

    /// <summary>As they are, bytes clamped.</summary>
    private void Store()
    {
        _write.Note($"store: {form.Result}");
        KernelFrame.LoadPixels(Assembler, form.ResultStep, nameof(CodeArguments.Results), nameof(CodeArguments.Result));
        var (least, greatest) = form.Bytes;
        for (int sum = 0; sum < form.Tile.Sums; sum++)
        {
            if (greatest < byte.MaxValue) _write.Two(Codes.LeastBytes, sum, sum, Constant(greatest * OfAllBytes));
            if (least > 0) _write.Two(Codes.GreatestBytes, sum, sum, Constant(least * OfAllBytes));
            _write.Store(
                VectorWriter.At(CodeRegisters.Pixel(sum / form.Tile.Vectors), (long)(sum % form.Tile.Vectors) * Bytes), sum);
        }
    }

    private MemoryOperand Constant(int number) => VectorWriter.At(Register.RCX, constants.Uniform(number));
}
