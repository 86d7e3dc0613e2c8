using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>Where a convolution reads: a start per result pixel, and runs of elements at fixed distances from it.</summary>
/// <param name="Pixels">Byte offset of the first tap of every result pixel.</param>
/// <param name="Runs">Byte offset of every run from there.</param>
/// <param name="Length">Elements of a run.</param>
/// <param name="Taps">Kernel positions of a run; more than 1 where a row of the kernel lies in memory without a gap.</param>
internal sealed record Window(Pinned<int> Pixels, Pinned<int> Runs, int Length, int Taps)
{
    public static Window Of(PackedLayout data, Geometry geometry, int group)
    {
        var pixels = data.Offsets(geometry.Height, geometry.Width, (i, j) => ((i * geometry.StrideRows) - geometry.PaddingRows, (j * geometry.StrideColumns) - geometry.PaddingColumns));
        int channels = (data.View.Channels + group - 1) / group * group;
        bool joins = geometry.DilationColumns == 1 && data.Stride == channels;
        int columns = joins ? 1 : geometry.KernelColumns;
        int[] runs = [.. from u in Enumerable.Range(0, geometry.KernelRows)
                         from v in Enumerable.Range(0, columns)
                         select (u * geometry.DilationRows * data.RowBytes) + (v * geometry.DilationColumns * data.PixelBytes)];
        int taps = joins ? geometry.KernelColumns : 1;
        return new Window(new Pinned<int>(pixels), new Pinned<int>(runs), taps * channels, taps);
    }
}

/// <summary>The numbers of a convolution; a dense layer is one of 1x1.</summary>
/// <param name="Height">Rows of the result.</param>
/// <param name="Width">Columns of the result.</param>
internal sealed record Geometry(
    int Height, int Width, int KernelRows, int KernelColumns, int StrideRows, int StrideColumns,
    int PaddingRows, int PaddingColumns, int DilationRows, int DilationColumns)
{
    public static readonly Geometry Dense = new(1, 1, 1, 1, 1, 1, 0, 0, 1, 1);

    public int Taps => KernelRows * KernelColumns;
}
