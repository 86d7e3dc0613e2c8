using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>Where a convolution reads: a start per result pixel, and runs of elements at fixed distances from it.</summary>
/// <param name="Pixels">Byte offset of the first tap of every result pixel.</param>
/// <param name="Runs">Byte offset of every run from there.</param>
/// <param name="Length">Elements of a run, whole lanes.</param>
/// <param name="Taps">Kernel positions of a run; more than 1 where a row of the kernel lies in memory without a gap.</param>
/// <param name="PerTap">Elements from one kernel position of a run to the next.</param>
internal sealed record Window(Pinned<int> Pixels, Pinned<int> Runs, int Length, int Taps, int PerTap)
{
    /// <param name="channels">That a result channel reads.</param>
    /// <param name="lane">Elements that are multiplied together; where a run ends inside a lane, the weights behind it are zero.</param>
    public static Window Of(PackedLayout data, Geometry geometry, int channels, int lane)
    {
        bool joins = geometry.DilationColumns == 1 && data.Stride <= Whole(channels, lane);
        int columns = joins ? 1 : geometry.KernelColumns, taps = joins ? geometry.KernelColumns : 1;
        int length = Whole(((taps - 1) * data.Stride) + channels, lane);
        return new Window(geometry.Starts(data), geometry.Offsets(data, columns), length, taps, data.Stride);
    }

    private static int Whole(int elements, int lane) => (elements + lane - 1) / lane * lane;
}

/// <summary>The numbers of a convolution; a dense layer is one of 1x1.</summary>
/// <param name="Height">Rows of the result.</param>
/// <param name="Width">Columns of the result.</param>
internal sealed record Geometry(
    int Height, int Width, int KernelRows, int KernelColumns, int StrideRows, int StrideColumns,
    int PaddingRows, int PaddingColumns, int DilationRows, int DilationColumns)
{
    public int Taps => KernelRows * KernelColumns;

    /// <summary>Byte offset of the first tap of every result pixel.</summary>
    public Pinned<int> Starts(PackedLayout data) =>
        new(data.Offsets(Height, Width, (i, j) => ((i * StrideRows) - PaddingRows, (j * StrideColumns) - PaddingColumns)));

    /// <summary>Byte offset of every tap from the first one, of the first columns of the kernel.</summary>
    public Pinned<int> Offsets(PackedLayout data, int columns) => new([.. from u in Enumerable.Range(0, KernelRows)
                                                                          from v in Enumerable.Range(0, columns)
                                                                          select (u * DilationRows * data.RowBytes)
                                                                              + (v * DilationColumns * data.PixelBytes)]);
}
