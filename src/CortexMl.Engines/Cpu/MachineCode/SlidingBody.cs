using CortexMl.Engines.Cpu.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Depthwise convolution of bytes over neighbouring pixels of a row. The bytes of up to four rows of a column of the image are
/// interleaved, so that a 32-bit lane holds those of one channel, once for all pixels that look at the column. Interleaving works inside
/// 128 bits: of 16 channels there the first eight become two vectors (0 to 3, 4 to 7), the others belong to another column of channels
/// that starts 8 bytes later. Weights are [row / 4][kernel column][vector][lane][4].
/// </summary>
internal sealed class SlidingBody(VectorWriter write, CodeForm form, ConstantTable constants)
{
    /// <summary>Vectors that the first eight channels of 16 make.</summary>
    public const int Halves = 2;

    /// <summary>Rows that a lane holds.</summary>
    public const int RowsOfLane = 4;

    private const int OnesOf16Bits = 0x00010001;

    private readonly SlidingForm _window = form.Sliding!;
    private readonly SlidingRegisters _registers = new(form.Set, form.Tile);

    private VectorCodes Codes => write.Codes;

    private SlidingCodes Own => SlidingCodes.Of(Codes);

    public void Write()
    {
        write.Note($"sums: {form.Tile.InWords}");
        ProductBody.Begin(write, form);
        write.Zero(_registers.Zero);
        if (!form.Set.HasVnni())
        {
            write.Assembler.mov(rcx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Constants))]);
            write.Load(_registers.Ones, VectorWriter.At(Register.RCX, constants.Uniform(OnesOf16Bits)));
        }
        write.Assembler.mov(rsi, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Weights))]);
        int positions = ((form.Tile.Pixels - 1) * _window.Stride) + ((_window.Columns - 1) * _window.Dilation) + 1;
        for (int first = 0; first < _window.Rows; first += RowsOfLane)
        {
            for (int position = 0; position < positions; position++)
            {
                var readers = Readers(position).ToList();
                if (readers.Count == 0) continue;
                write.Note($"rows from {first} on, column {position}");
                Interleave(first, position);
                for (int half = 0; half < Halves; half++) Multiply(first / RowsOfLane, half, readers);
            }
        }
    }

    /// <summary>Pixels that look at a column of the image, each with the column of the kernel that does.</summary>
    private IEnumerable<(int Pixel, int Column)> Readers(int position) =>
        from pixel in Enumerable.Range(0, form.Tile.Pixels)
        from column in Enumerable.Range(0, _window.Columns)
        where (pixel * _window.Stride) + (column * _window.Dilation) == position
        select (pixel, column);

    /// <summary>Two rows each as pairs of bytes; rows that the kernel lacks are zeros.</summary>
    private void Interleave(int first, int position)
    {
        Pair(_registers.Upper, first, position);
        if (first + 2 < _window.Rows) Pair(_registers.Lower, first + 2, position);
    }

    private void Pair(int to, int row, int position)
    {
        write.Load(to, At(row, position));
        if (row + 1 < _window.Rows) write.Two(Own.InterleaveBytes, to, to, At(row + 1, position));
        else write.Two(Own.InterleaveBytes, to, to, _registers.Zero);

        MemoryOperand At(int r, int column) =>
            VectorWriter.At(CodeRegisters.Pixel(0), ((long)r * _window.RowBytes) + ((long)column * _window.PixelBytes));
    }

    private void Multiply(int group, int half, List<(int Pixel, int Column)> readers)
    {
        bool hasLower = (group * RowsOfLane) + 2 < _window.Rows;
        write.Two(half == 0 ? Own.InterleaveLow : Own.InterleaveHigh, _registers.Data, _registers.Upper,
            hasLower ? _registers.Lower : _registers.Zero);
        foreach (var (pixel, column) in readers)
        {
            int sum = (pixel * Halves) + half;
            var weight = VectorWriter.At(
                Register.RSI, (long)((((group * _window.Columns) + column) * Halves) + half) * Codes.Bytes);
            if (form.Set.HasVnni())
            {
                write.Two(Codes.DotBytes, sum, _registers.Data, weight);
                continue;
            }
            write.Two(Codes.PairsOfBytes, _registers.Product, _registers.Data, weight);
            write.Two(Codes.PairsOfShorts, _registers.Product, _registers.Product, _registers.Ones);
            write.Two(Codes.Add32, sum, sum, _registers.Product);
        }
    }
}

/// <summary>Which vector registers hold what while a depthwise convolution is computed.</summary>
internal readonly record struct SlidingRegisters(CodeSet Set, TileShape Tile)
{
    private const int Others = 6;

    public int Zero => Tile.Sums;

    /// <summary>Rows 0 and 1 of a column.</summary>
    public int Upper => Zero + 1;

    /// <summary>Rows 2 and 3.</summary>
    public int Lower => Zero + 2;

    public int Data => Zero + 3;

    public int Product => Zero + 4;

    /// <summary>Ones of 16 bits.</summary>
    public int Ones => Zero + 5;

    /// <summary>Pixels of a tile, at most.</summary>
    public static int MostPixels(CodeSet set) =>
        Math.Min(CodeRegisters.StoredAtOnce, (set.Vectors().Registers - Others) / SlidingBody.Halves);
}

/// <summary>Instructions that interleave inside 128 bits, of either width.</summary>
internal sealed record SlidingCodes(Code InterleaveBytes, Code InterleaveLow, Code InterleaveHigh)
{
    private static readonly SlidingCodes s_ymm = new(
        Code.VEX_Vpunpcklbw_ymm_ymm_ymmm256, Code.VEX_Vpunpcklwd_ymm_ymm_ymmm256, Code.VEX_Vpunpckhwd_ymm_ymm_ymmm256);

    private static readonly SlidingCodes s_zmm = new(Code.EVEX_Vpunpcklbw_zmm_k1z_zmm_zmmm512,
        Code.EVEX_Vpunpcklwd_zmm_k1z_zmm_zmmm512, Code.EVEX_Vpunpckhwd_zmm_k1z_zmm_zmmm512);

    public static SlidingCodes Of(VectorCodes vectors) => vectors == VectorCodes.Ymm ? s_ymm : s_zmm;
}
