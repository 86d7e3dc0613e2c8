using System.Runtime.InteropServices;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// What a call of a generated kernel works on: consecutive tiles of result pixels, and one column of result channels. The kernel finds the
/// fields at their offsets (<see cref="Offset"/>), and counts <see cref="Tile"/> up.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CodeArguments
{
    /// <summary>Tensors that a group may add to its sums.</summary>
    public const int MostOthers = 4;

    /// <summary>The first pixel of the tile, or the first matrix of the block.</summary>
    public long Tile;

    /// <summary>The pixel behind the last tile, or the matrix behind the last block.</summary>
    public long End;

    /// <summary>The packed data, at the first channel that pixels of the column look at.</summary>
    public byte* Data;

    /// <summary>Byte offset in the data for every result pixel, or run of them, whole tiles; or for every matrix, whole blocks.</summary>
    public int* Pixels;

    /// <summary>The packed result, at the column's first channel.</summary>
    public byte* Result;

    /// <summary>Byte offset in the result of every pixel; whole tiles.</summary>
    public int* Results;

    /// <summary>Weights of the column's steps, in their order.</summary>
    public byte* Weights;

    /// <summary>Byte offset of every step from a pixel.</summary>
    public int* Steps;

    /// <summary>For every entry of <see cref="Pixels"/> the byte offsets of its window's first step and of their end.</summary>
    public int* Windows;

    /// <summary>Weights that the caches get while these are multiplied, and how many bytes of them with every step.</summary>
    public byte* Ahead;

    public long AheadStep;

    /// <summary>Where the steps end that are taken four, three, two at a time and alone.</summary>
    public fixed long StepEnds[CodeForm.MostMerged];

    /// <summary>The column's addends and factors, a row of vectors each.</summary>
    public byte* Tables;

    /// <summary>Tables that entries are looked up in, one after the other (<see cref="LookupTables"/>).</summary>
    public byte* Lookups;

    /// <summary>Numbers that all lanes have alike, a vector each.</summary>
    public byte* Constants;

    /// <summary>Tensors that are added, at the column's first channel.</summary>
    public fixed long Others[MostOthers];

    /// <summary>Byte offset in each of them of every result pixel; whole tiles.</summary>
    public fixed long OtherPixels[MostOthers];

    /// <summary>For every matrix of pixels the entry of results with which its block begins, and the end of the last block's.</summary>
    public int* Firsts;

    /// <summary>Byte offset of every entry's sums in the scratch memory.</summary>
    public int* Sums;

    /// <summary>Where a block's sums lie between products and results.</summary>
    public byte* Scratch;

    /// <summary>The entry behind the block's last one.</summary>
    public long EntriesEnd;

    /// <summary>Whether the arguments of another call lie behind these: columns that are computed one after the other.</summary>
    public long More;

    /// <summary>Bytes from the beginning to a field.</summary>
    public static int Offset(string field) => (int)Marshal.OffsetOf<CodeArguments>(field);
}
