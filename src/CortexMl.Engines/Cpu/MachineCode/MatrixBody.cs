using CortexMl.Diagnostics;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// The sums of a block as products of matrices: pixels in rows by 64 bytes of each, times these 64 bytes by 16 channels. A step loads such
/// matrices of data and of weights and multiplies each with each. The sums go through scratch memory into vector registers, where the
/// epilogue finds them as after any other product.
/// </summary>
internal sealed class MatrixBody(VectorWriter write, CodeForm form, MatrixForm matrix, ConstantTable constants)
{
    /// <summary>Matrices of sums, at most; the other four hold data and weights.</summary>
    public const int MostSums = 4;

    /// <summary>Sums of all matrices.</summary>
    public const int ScratchBytes = MostSums * MatrixPixels.MostRows * RowBytes;

    private const int RowBytes = 64, Registers = 8, WeightRows = RowBytes / sizeof(int);

    private static readonly AssemblerRegisterTMM[] s_registers = [tmm0, tmm1, tmm2, tmm3, tmm4, tmm5, tmm6, tmm7];

    private readonly int _vectors = form.Tile.Vectors;

    private Assembler Assembler => write.Assembler;

    private int Sums => matrix.Matrices * _vectors;

    /// <summary>Whether a step holds all matrices of data and takes those of weights in turn, or the other way around.</summary>
    private bool HoldsData => matrix.Matrices <= 2;

    private int DataRegisters => Math.Min(2, matrix.Matrices);

    /// <summary>Before the first block: the shape of every register.</summary>
    public void Enter()
    {
        write.Note($"matrices, rows of 64 bytes: data and sums have {matrix.Rows}, weights {WeightRows}");
        Assembler.mov(rcx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Constants))]);
        Assembler.ldtilecfg(__[rcx + constants.Vector(Configuration(Sums + DataRegisters, matrix.Rows))]);
    }

    /// <summary>A block, from its data to its stored results.</summary>
    public void Write()
    {
        write.Note($"sums: {Counted.Of(matrix.Matrices, "matrix", "matrices")} of pixels by {Counted.Of(_vectors, "vector")} of channels");
        for (int sum = 0; sum < Sums; sum++) Assembler.tilezero(s_registers[sum]);
        Assembler.mov(rbp, matrix.PixelBytes);
        Assembler.mov(rcx, _vectors * RowBytes);
        Steps();
        StoreSums();
        Entries();
    }

    private void Steps()
    {
        int end = CodeArguments.Offset(nameof(CodeArguments.StepEnds));
        Label next = Assembler.CreateLabel(), none = Assembler.CreateLabel();
        Assembler.mov(rsi, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Weights))]);
        Assembler.mov(rdx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Steps))]);
        Assembler.cmp(rdx, __[rdi + end]);
        Assembler.jae(none);
        Assembler.Label(ref next);
        write.Note("steps: 64 bytes of every pixel");
        Assembler.movsxd(rax, __dword_ptr[rdx]);
        if (HoldsData) ByWeights();
        else ByData();
        Assembler.add(rsi, _vectors * WeightRows * RowBytes);
        Assembler.add(rdx, sizeof(int));
        Assembler.cmp(rdx, __[rdi + end]);
        Assembler.jb(next);
        Assembler.Label(ref none);
        // A label stands in front of an instruction.
        Assembler.nop();
    }

    private void ByWeights()
    {
        for (int data = 0; data < matrix.Matrices; data++) LoadData(data);
        for (int vector = 0; vector < _vectors; vector++)
        {
            LoadWeights(vector);
            for (int data = 0; data < matrix.Matrices; data++) Multiply(data, vector);
        }
    }

    private void ByData()
    {
        for (int vector = 0; vector < _vectors; vector++) LoadWeights(vector);
        for (int data = 0; data < matrix.Matrices; data++)
        {
            LoadData(data);
            for (int vector = 0; vector < _vectors; vector++) Multiply(data, vector);
        }
    }

    private void LoadData(int index)
    {
        Assembler.lea(rbx, __[new AssemblerRegister64(CodeRegisters.Pixel(index)) + rax]);
        Assembler.tileloadd(Data(index), __[rbx + rbp]);
    }

    private void LoadWeights(int vector) => Assembler.tileloadd(Weights(vector), __[rsi + rcx + (vector * RowBytes)]);

    private void Multiply(int data, int vector) =>
        Assembler.tdpbusd(s_registers[(data * _vectors) + vector], Data(data), Weights(vector));

    private void StoreSums()
    {
        write.Note("sums to scratch memory");
        Assembler.mov(rsi, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Scratch))]);
        for (int sum = 0; sum < Sums; sum++)
        {
            int at = (sum / _vectors * MatrixPixels.MostRows * _vectors * RowBytes) + (sum % _vectors * RowBytes);
            Assembler.tilestored(__[rsi + rcx + at], s_registers[sum]);
        }
    }

    /// <summary>The block's result pixels, as many at once as <see cref="CodeForm.Tile"/> says.</summary>
    private void Entries()
    {
        var next = Assembler.CreateLabel();
        Assembler.mov(rbx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Tile))]);
        Assembler.mov(rbp, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Firsts))]);
        Assembler.movsxd(rax, __dword_ptr[rbp + (rbx * sizeof(int)) + (matrix.Matrices * sizeof(int))]);
        Assembler.mov(__[rdi + CodeArguments.Offset(nameof(CodeArguments.EntriesEnd))], rax);
        Assembler.movsxd(rbx, __dword_ptr[rbp + (rbx * sizeof(int))]);
        Assembler.Label(ref next);
        write.Note($"results: sums: {form.Tile.InWords}");
        Assembler.mov(rbp, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Sums))]);
        Assembler.mov(rsi, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Scratch))]);
        for (int pixel = 0; pixel < form.Tile.Pixels; pixel++)
        {
            Assembler.movsxd(rdx, __dword_ptr[rbp + (rbx * sizeof(int)) + (pixel * sizeof(int))]);
            Assembler.add(rdx, rsi);
            for (int vector = 0; vector < _vectors; vector++)
                write.Load((pixel * _vectors) + vector, VectorWriter.At(Register.RDX, (long)vector * RowBytes));
        }
        new EpilogueCode(write, form, constants).Write();
        Assembler.add(rbx, form.Tile.Pixels);
        Assembler.cmp(rbx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.EntriesEnd))]);
        Assembler.jb(next);
    }

    private AssemblerRegisterTMM Data(int index) => s_registers[Sums + (index % DataRegisters)];

    private AssemblerRegisterTMM Weights(int vector) => s_registers[Sums + DataRegisters + (vector % Math.Min(2, _vectors))];

    /// <summary>Palette 1 (Intel SDM, volume 1, 18.2): bytes of a row of every register from byte 16, rows from byte 48.</summary>
    /// <param name="ofPixels">The first registers, whose rows are pixels; those of the others are weights.</param>
    public static int[] Configuration(int ofPixels, int rows)
    {
        byte[] bytes = new byte[RowBytes];
        bytes[0] = 1;
        for (int register = 0; register < Registers; register++)
        {
            bytes[16 + (register * sizeof(short))] = RowBytes;
            bytes[48 + register] = (byte)(register < ofPixels ? rows : WeightRows);
        }
        return [.. Enumerable.Range(0, bytes.Length / sizeof(int)).Select(i => BitConverter.ToInt32(bytes, i * sizeof(int)))];
    }
}
