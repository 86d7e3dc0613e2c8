using CortexMl.Engines.Cpu.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// A kernel around its body: a function of one pointer, to the <see cref="CodeArguments"/> of one call or of several, that goes over tiles
/// of result pixels. The sums of a tile are registers 0, 1, … from the first product to the store.
/// </summary>
internal static unsafe class KernelFrame
{
    private static readonly AssemblerRegister64[] s_saved = [rbx, rbp, r12, r13, r14, r15];

    /// <param name="isWindows">Whose calls pass the pointer elsewhere, and expect more registers to be as they were.</param>
    /// <param name="notes">Is told what the parts are for.</param>
    public static byte[] Write(CodeForm form, ConstantTable constants, bool isWindows, CodeNotes? notes = null)
    {
        var assembler = new Assembler(64);
        var vectors = new VectorWriter(assembler, form.Vectors, notes);
        Enter(assembler, isWindows);
        var matrices = form.Matrix is { } matrix ? new MatrixBody(vectors, form, matrix, constants) : null;
        matrices?.Enter();
        var tile = assembler.CreateLabel();
        assembler.Label(ref tile);
        vectors.Note(matrices is null ? "every tile: where its pixels lie" : "every block: where its matrices of pixels begin");
        assembler.mov(rbx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Tile))]);
        LoadPixels(assembler, form.Starts, nameof(CodeArguments.Pixels), nameof(CodeArguments.Data));
        if (matrices is not null) matrices.Write();
        else if (form.Fold is { } fold) new FoldBody(vectors, form, fold, constants).Write();
        else if (form.Loads) new LoadBody(vectors, form).Write();
        else if (form.Sliding is null) new ProductBody(vectors, form, constants).Write();
        else new SlidingBody(vectors, form, constants).Write();
        assembler.mov(rbx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Tile))]);
        if (matrices is null && form.Fold is not { Bytes: > 0 }) new EpilogueCode(vectors, form, constants).Write();
        vectors.Note(matrices is null ? "the next tile" : "the next block");
        assembler.add(rbx, form.TileStep);
        assembler.mov(__[rdi + CodeArguments.Offset(nameof(CodeArguments.Tile))], rbx);
        assembler.cmp(rbx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.End))]);
        assembler.jb(tile);
        vectors.Note("the next call's arguments");
        assembler.mov(rax, __[rdi + CodeArguments.Offset(nameof(CodeArguments.More))]);
        assembler.add(rdi, sizeof(CodeArguments));
        assembler.cmp(rax, 0);
        assembler.jne(tile);
        vectors.Note("the end");
        if (matrices is not null) assembler.tilerelease();
        Leave(assembler, isWindows);
        return Assembled(assembler);
    }

    /// <summary>The bytes, which run wherever they lie.</summary>
    public static byte[] Assembled(Assembler assembler)
    {
        using var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), rip: 0);
        return bytes.ToArray();
    }

    /// <summary>Addresses of pixels, or of the first one where they are neighbours: table[rbx + first + i] + base.</summary>
    public static void LoadPixels(Assembler assembler, int count, string table, string start, int first = 0)
    {
        assembler.mov(rbp, __[rdi + CodeArguments.Offset(table)]);
        // The ninth gets rbx.
        bool takesAll = count > CodeRegisters.StoredAtOnce;
        if (takesAll) assembler.lea(rbp, __[rbp + (rbx * sizeof(int))]);
        for (int pixel = 0; pixel < count; pixel++)
        {
            var address = new AssemblerRegister64(CodeRegisters.Pixel(pixel));
            int at = (first + pixel) * sizeof(int);
            assembler.movsxd(address, takesAll ? __dword_ptr[rbp + at] : __dword_ptr[rbp + (rbx * sizeof(int)) + at]);
            assembler.add(address, __[rdi + CodeArguments.Offset(start)]);
        }
    }

    /// <summary>Saves what a caller expects to be as it was.</summary>
    public static void Enter(Assembler assembler, bool isWindows)
    {
        foreach (var register in s_saved) assembler.push(register);
        if (!isWindows) return;
        assembler.push(rdi);
        assembler.push(rsi);
        assembler.sub(rsp, WindowsVectors.Length * 16);
        for (int i = 0; i < WindowsVectors.Length; i++) assembler.vmovdqu(__xmmword_ptr[rsp + (16 * i)], WindowsVectors[i]);
        assembler.mov(rdi, rcx);
    }

    public static void Leave(Assembler assembler, bool isWindows)
    {
        assembler.vzeroupper();
        if (isWindows)
        {
            for (int i = 0; i < WindowsVectors.Length; i++) assembler.vmovdqu(WindowsVectors[i], __xmmword_ptr[rsp + (16 * i)]);
            assembler.add(rsp, WindowsVectors.Length * 16);
            assembler.pop(rsi);
            assembler.pop(rdi);
        }
        foreach (var register in s_saved.Reverse()) assembler.pop(register);
        assembler.ret();
    }

    private static AssemblerRegisterXMM[] WindowsVectors => [xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15];
}
