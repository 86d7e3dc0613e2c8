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
/// Writes a tile as a function of one pointer, to its <see cref="TileCall"/>: sums stay in registers from 0 on through all steps.
/// </summary>
/// <remarks>sum[r, c] = fma(left[k, r], right[k, c], sum[r, c]) for k = 0, 1, …, then + bias: the definition, lane by lane.</remarks>
internal sealed class TileCode
{
    private static readonly AssemblerRegister64 s_left = rsi, s_step = rdx, s_end = rcx, s_right = r8, s_result = r9, s_rowBytes = r10,
        s_bias = r11, s_columns = rax;

    private readonly Assembler _assembler = new(64);
    private readonly TileSet _set;
    private readonly TileForm _form;
    private readonly VectorWriter _vectors;

    private TileCode(TileSet set, TileForm form)
    {
        (_set, _form) = (set, form);
        _vectors = new VectorWriter(_assembler, set.Vectors);
    }

    /// <param name="isWindows">Whose calls pass the pointer elsewhere, and expect more registers to be as they were.</param>
    public static byte[] Write(TileSet set, TileForm form, bool isWindows)
    {
        var code = new TileCode(set, form);
        KernelFrame.Enter(code._assembler, isWindows);
        code.Begin();
        code.Steps();
        if (form.Bias == TileBias.Columns) code.AddToColumns();
        else if (form.Bias == TileBias.Rows) code.AddToRows();
        code.Store();
        KernelFrame.Leave(code._assembler, isWindows);
        return KernelFrame.Assembled(code._assembler);
    }

    private void Begin()
    {
        Load(s_left, nameof(TileCall.Left));
        Load(s_right, nameof(TileCall.Right));
        Load(s_step, nameof(TileCall.Steps));
        Load(s_end, nameof(TileCall.StepsEnd));
        for (int sum = 0; sum < _form.Sums; sum++) _vectors.Zero(sum);
    }

    private void Steps()
    {
        Label next = _assembler.CreateLabel(), done = _assembler.CreateLabel();
        _assembler.cmp(s_step, s_end);
        _assembler.jae(done);
        _assembler.Label(ref next);
        _assembler.movsxd(s_columns, __dword_ptr[s_step]);
        for (int vector = 0; vector < _form.Vectors; vector++)
            _vectors.Load(_form.Column(vector), VectorWriter.At(s_right, s_columns, sizeof(float), vector * _set.Vectors.Bytes));
        for (int row = 0; row < _form.Rows; row++)
        {
            _vectors.Broadcast(_form.Factor, VectorWriter.At(s_left, row * sizeof(float)));
            for (int vector = 0; vector < _form.Vectors; vector++)
                _vectors.Two(_set.MultiplyAdd, _form.Sum(row, vector), _form.Factor, _form.Column(vector));
        }
        _assembler.add(s_left, _form.Rows * sizeof(float));
        _assembler.add(s_step, sizeof(int));
        _assembler.cmp(s_step, s_end);
        _assembler.jb(next);
        _assembler.Label(ref done);
    }

    private void AddToColumns()
    {
        Load(s_bias, nameof(TileCall.Bias));
        for (int vector = 0; vector < _form.Vectors; vector++)
            _vectors.Load(_form.Column(vector), VectorWriter.At(s_bias, vector * _set.Vectors.Bytes));
        for (int sum = 0; sum < _form.Sums; sum++) _vectors.Two(_set.Add, sum, sum, _form.Column(sum % _form.Vectors));
    }

    private void AddToRows()
    {
        Load(s_bias, nameof(TileCall.Bias));
        for (int sum = 0; sum < _form.Sums; sum++)
        {
            if (sum % _form.Vectors == 0) _vectors.Broadcast(_form.Factor, VectorWriter.At(s_bias, sum / _form.Vectors * sizeof(float)));
            _vectors.Two(_set.Add, sum, sum, _form.Factor);
        }
    }

    private void Store()
    {
        Load(s_result, nameof(TileCall.Result));
        Load(s_rowBytes, nameof(TileCall.RowBytes));
        for (int row = 0; row < _form.Rows; row++)
        {
            for (int vector = 0; vector < _form.Vectors; vector++)
                _vectors.Store(VectorWriter.At(s_result, vector * _set.Vectors.Bytes), _form.Sum(row, vector));
            if (row + 1 < _form.Rows) _assembler.add(s_result, s_rowBytes);
        }
    }

    private void Load(AssemblerRegister64 to, string field) => _assembler.mov(to, __[rdi + TileCall.Offset(field)]);
}
