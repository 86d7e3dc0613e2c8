using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Sums that stay in registers: pixels by vectors of channels.</summary>
/// <param name="Run">Pixels that lie at one distance from each other in the data, so that one register says where they lie.</param>
internal readonly record struct TileShape(int Pixels, int Vectors, int Run = 1)
{
    public int Sums => Pixels * Vectors;

    public int Runs => Pixels / Run;

    /// <summary>As a comment in a listing.</summary>
    public string InWords => $"{Counted.Of(Pixels, "pixel")} of {Counted.Of(Vectors, "vector")}";
}

/// <summary>What decides about the code of a stage (<see cref="Sweeps.Stage"/>): its numbers per channel come from tables.</summary>
/// <param name="Other">Elements of the tensor that is added; null where there is none.</param>
/// <param name="LeftShift">Bits of a factor that is the same power of two everywhere, which then needs no table.</param>
internal readonly record struct StageForm(
    ElementKind? Other, bool Subtracts, bool Adds, int Low, int High, bool Multiplies, int LeftShift,
    int FirstShift, int Rounding, int LastShift, int LastLow, int LastHigh)
{
    /// <summary>The table whose entry is the result; null where there is none.</summary>
    public LookupForm? Lookup { get; init; }
}

/// <summary>What decides about the code of a lookup.</summary>
/// <param name="Offset">Byte offset of what is read for index 0 (<see cref="LookupTables"/>).</param>
/// <param name="Entry">Shorts, or 32 bits.</param>
internal readonly record struct LookupForm(int Offset, ElementKind Entry);

/// <summary>What decides about the code of a depthwise convolution.</summary>
/// <param name="Rows">Of the kernel.</param>
/// <param name="Columns">Of the kernel.</param>
/// <param name="RowBytes">From a row that the kernel looks at to the next.</param>
/// <param name="Dilation">Pixels from a column that the kernel looks at to the next.</param>
/// <param name="Stride">Pixels from a result pixel's first column to the next one's.</param>
/// <param name="PixelBytes">Of the data.</param>
/// <param name="ResultPixelBytes">Of the result.</param>
internal sealed record SlidingForm(int Rows, int Columns, int RowBytes, int Dilation, int Stride, int PixelBytes, int ResultPixelBytes);

/// <summary>What decides about the code of a sum or maximum over windows.</summary>
/// <param name="Sums">Whether elements are added; else the largest one is taken.</param>
/// <param name="Bytes">
/// Of vectors in which elements stay as they lie in memory, from the first load to the store; 0 where they are widened to 32 bits.
/// </param>
internal sealed record FoldForm(bool Sums, int Bytes);

/// <summary>What decides about the code of a product between matrices, whose rows are 64 bytes of a pixel each.</summary>
/// <param name="Rows">Pixels of a matrix.</param>
/// <param name="Matrices">Matrices of pixels that are multiplied with the same weights: a block.</param>
/// <param name="PixelBytes">In the data, from a pixel of a matrix to the next.</param>
internal sealed record MatrixForm(int Rows, int Matrices, int PixelBytes);

/// <summary>Everything that the code of a kernel depends on: kernels of equal form are the same code.</summary>
internal sealed record CodeForm
{
    /// <summary>Steps that may be added up in 16 bits, at most.</summary>
    public const int MostMerged = 4;

    public required CodeSet Set { get; init; }

    public required TileShape Tile { get; init; }

    /// <summary>Of the elements; those that are multiplied are bytes or shorts.</summary>
    public required ElementKind Data { get; init; }

    /// <summary>Bytes in the data from a pixel of a run to the next; 0 where runs have one pixel.</summary>
    public int RunBytes { get; init; }

    /// <summary>Steps that are added up in 16 bits, at most; 1 where none are.</summary>
    public required int Merged { get; init; }

    public required IReadOnlyList<StageForm> Stages { get; init; }

    public required ElementKind Result { get; init; }

    /// <summary>What a byte of the result holds for a zero.</summary>
    public required int ResultOffset { get; init; }

    /// <summary>What a stored byte is clamped to.</summary>
    public (byte Least, byte Greatest) Bytes { get; init; } = (0, byte.MaxValue);

    /// <summary>Of a depthwise convolution; null for others.</summary>
    public SlidingForm? Sliding { get; init; }

    /// <summary>Of a sum or maximum over windows; null for others.</summary>
    public FoldForm? Fold { get; init; }

    /// <summary>Whether elements are taken as they are: nothing is multiplied, and there are no windows.</summary>
    public bool Loads { get; init; }

    /// <summary>Of a product between matrices; <see cref="Tile"/> then says how many pixels are stored at once.</summary>
    public MatrixForm? Matrix { get; init; }

    /// <summary>Entries of a tile, or of a block of matrices, in the tables of the data's pixels.</summary>
    public int TileStep => Matrix is { } matrix ? matrix.Matrices : ResultStep;

    /// <summary>Whether sums begin with the first stage's addends instead of zeros.</summary>
    public bool BeginsWithAddends => Matrix is null && !Loads && Fold is not { Sums: false } && Stages is [{ Adds: true }, ..];

    /// <summary>Addresses in the data that a tile begins with.</summary>
    public int Starts => Matrix is null && Sliding is null ? Tile.Runs : TileStep;

    /// <summary>Entries of a tile in the tables of the result's pixels.</summary>
    public int ResultStep => Sliding is null ? Tile.Pixels : 1;

    /// <summary>Whether weights are fetched ahead: with vpdpbusd steps are so short that they would wait for a cache.</summary>
    public bool FetchesAhead => Set.HasVnni() && this is { Sliding: null, Fold: null, Loads: false, Matrix: null };

    public VectorCodes Vectors => Set.Vectors();

    /// <summary>Channels of a column.</summary>
    public int Channels => Tile.Vectors * (Fold is { Bytes: > 0 and var bytes } ? bytes / (int)Data : Vectors.Lanes);

    /// <summary>Equal for kernels that are the same code.</summary>
    public string Key => string.Create(
        Invariant,
        $"{Set} {Tile} {RunBytes} {Data} {Merged} {Result} {ResultOffset} {Bytes} {Sliding} {Fold} {Loads} {Matrix} {StagesKey}");

    /// <summary>
    /// The same with the last clamp left to the store where that packs bytes: packing saturates to the range of a byte, which holds the
    /// proven range of the result, and what is left of the clamp is done on bytes.
    /// </summary>
    public CodeForm Simplified()
    {
        if (Result != ElementKind.Byte || Stages.Count == 0 || Stages[^1].Lookup is not null) return this;
        var last = Stages[^1];
        int low = Math.Max(last.LastLow, -ResultOffset) + ResultOffset,
            high = Math.Min(last.LastHigh, byte.MaxValue - ResultOffset) + ResultOffset;
        return this with
        {
            Stages = [.. Stages.SkipLast(1), last with { LastLow = int.MinValue, LastHigh = int.MaxValue }],
            Bytes = ((byte)low, (byte)high),
        };
    }

    private string StagesKey => string.Join(';', Stages);

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;
}
