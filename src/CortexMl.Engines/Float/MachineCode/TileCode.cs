using System.Runtime.InteropServices;
using CortexMl.Engines.Cpu.MachineCode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Float.MachineCode;

/// <summary>What a generated tile works on. It reads the fields at their offsets and changes none.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TileCall
{
    /// <summary>[steps, rows]</summary>
    public float* Left;

    /// <summary>The columns of a step begin as many floats behind this as the step says.</summary>
    public float* Right;

    public int* Steps;

    /// <summary>Behind the last step.</summary>
    public int* StepsEnd;

    /// <summary>The first row's first column.</summary>
    public float* Result;

    /// <summary>From a row of the result to the next.</summary>
    public long RowBytes;

    /// <summary>By the form: of the first row on, of the first column on, or nothing.</summary>
    public float* Bias;

    /// <summary>Bytes from the beginning to a field.</summary>
    public static int Offset(string field) => (int)Marshal.OffsetOf<TileCall>(field);
}

/// <summary>
/// Writes a tile as a function of one pointer, to its <see cref="TileCall"/>: sums that stay in registers from 0 on through all steps.
/// </summary>
/// <remarks>sum[r, c] = fma(left[k, r], right[k, c], sum[r, c]) for k = 0, 1, …, then + bias: the definition, lane by lane.</remarks>
internal static class TileCode
{
    private static readonly AssemblerRegister64 s_left = rsi, s_step = rdx, s_end = rcx, s_right = r8, s_result = r9, s_rowBytes = r10,
        s_bias = r11, s_columns = rax;

    /// <param name="isWindows">Whose calls pass the pointer elsewhere, and expect more registers to be as they were.</param>
    public static byte[] Write(TileSet set, TileForm form, bool isWindows)
    {
        var assembler = new Assembler(64);
        var vectors = new VectorWriter(assembler, set.Vectors);
        KernelFrame.Enter(assembler, isWindows);
        Load(s_left, nameof(TileCall.Left));
        Load(s_right, nameof(TileCall.Right));
        Load(s_step, nameof(TileCall.Steps));
        Load(s_end, nameof(TileCall.StepsEnd));
        Load(s_result, nameof(TileCall.Result));
        Load(s_rowBytes, nameof(TileCall.RowBytes));
        if (form.Bias != TileBias.None) Load(s_bias, nameof(TileCall.Bias));
        for (int sum = 0; sum < form.Sums; sum++) vectors.Zero(sum);
        Label next = assembler.CreateLabel(), done = assembler.CreateLabel();
        assembler.cmp(s_step, s_end);
        assembler.jae(done);
        assembler.Label(ref next);
        Step(vectors, set, form);
        assembler.add(s_left, form.Rows * sizeof(float));
        assembler.add(s_step, sizeof(int));
        assembler.cmp(s_step, s_end);
        assembler.jb(next);
        assembler.Label(ref done);
        Store(vectors, set, form);
        KernelFrame.Leave(assembler, isWindows);
        return KernelFrame.Assembled(assembler);

        void Load(AssemblerRegister64 to, string field) => assembler.mov(to, __[rdi + TileCall.Offset(field)]);
    }

    private static void Step(VectorWriter vectors, TileSet set, TileForm form)
    {
        vectors.Assembler.movsxd(s_columns, __dword_ptr[s_step]);
        if (form.HoldsColumns)
            for (int vector = 0; vector < form.Vectors; vector++) vectors.Load(form.Column(vector), Columns(vector));
        for (int row = 0; row < form.Rows; row++)
        {
            vectors.Broadcast(form.Factor, VectorWriter.At(s_left, row * sizeof(float)));
            for (int vector = 0; vector < form.Vectors; vector++)
            {
                if (form.HoldsColumns) vectors.Two(set.MultiplyAdd, form.Sum(row, vector), form.Factor, form.Column(vector));
                else vectors.Two(set.MultiplyAdd, form.Sum(row, vector), form.Factor, Columns(vector));
            }
        }

        MemoryOperand Columns(int vector) => VectorWriter.At(s_right, s_columns, sizeof(float), vector * set.Vectors.Bytes);
    }

    private static void Store(VectorWriter vectors, TileSet set, TileForm form)
    {
        if (form.Bias == TileBias.Columns && form.HoldsColumns)
            for (int vector = 0; vector < form.Vectors; vector++) vectors.Load(form.Column(vector), Bias(vector));
        for (int row = 0; row < form.Rows; row++)
        {
            if (form.Bias == TileBias.Rows) vectors.Broadcast(form.Factor, VectorWriter.At(s_bias, row * sizeof(float)));
            for (int vector = 0; vector < form.Vectors; vector++)
            {
                int sum = form.Sum(row, vector);
                if (form.Bias == TileBias.Rows) vectors.Two(set.Add, sum, sum, form.Factor);
                else if (form.Bias == TileBias.Columns && form.HoldsColumns) vectors.Two(set.Add, sum, sum, form.Column(vector));
                else if (form.Bias == TileBias.Columns) vectors.Two(set.Add, sum, sum, Bias(vector));
                vectors.Store(VectorWriter.At(s_result, vector * set.Vectors.Bytes), sum);
            }
            if (row + 1 < form.Rows) vectors.Assembler.add(s_result, s_rowBytes);
        }

        MemoryOperand Bias(int vector) => VectorWriter.At(s_bias, vector * set.Vectors.Bytes);
    }
}
