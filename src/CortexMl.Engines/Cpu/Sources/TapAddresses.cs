using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ops;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>Where in packed data a window lies at every pixel of its result; a dense layer's is as large as the image.</summary>
/// <param name="Height">Rows of the result.</param>
/// <param name="Width">Columns of the result.</param>
internal sealed record TapAddresses(SlidingWindow Window, int Height, int Width)
{
    public int Taps => (int)Window.TapCount;

    /// <summary>Taps in a row of the kernel.</summary>
    public int KernelColumns => (int)Window.Columns.Kernel;

    /// <summary>Byte offset of the first tap of every result pixel.</summary>
    public Pinned<int> Starts(PackedLayout data) =>
        new(data.Offsets(Height, Width, (i, j) => ((int)Window.Rows.Start(i), (int)Window.Columns.Start(j))));

    /// <summary>Byte offset of every tap from the first one, of the first columns of the kernel.</summary>
    public Pinned<int> Offsets(PackedLayout data, int columns) => new([.. from u in Enumerable.Range(0, (int)Window.Rows.Kernel)
                                                                          from v in Enumerable.Range(0, columns)
                                                                          select (u * (int)Window.Rows.Dilation * data.RowBytes)
                                                                              + (v * (int)Window.Columns.Dilation * data.PixelBytes)]);
}

/// <summary>The taps of a product as runs of elements at fixed distances from the first tap of every result pixel.</summary>
/// <param name="Pixels">Byte offset of the first tap of every result pixel.</param>
/// <param name="Runs">Byte offset of every run from there.</param>
/// <param name="Length">Elements of a run, whole lanes.</param>
/// <param name="Taps">Kernel positions of a run; more than 1 where a row of the kernel lies in memory without a gap.</param>
/// <param name="PerTap">Elements from one kernel position of a run to the next.</param>
internal sealed record TapRuns(Pinned<int> Pixels, Pinned<int> Runs, int Length, int Taps, int PerTap)
{
    /// <param name="channels">That a result channel reads.</param>
    /// <param name="lane">Elements that are multiplied together; where a run ends inside a lane, the weights behind it are zero.</param>
    public static TapRuns Of(PackedLayout data, TapAddresses addresses, int channels, int lane)
    {
        var (columns, taps, length) = Form(data, addresses, channels, lane);
        return new TapRuns(addresses.Starts(data), addresses.Offsets(data, columns), length, taps, data.Stride);
    }

    /// <summary>Steps of so many elements that all runs need, each for itself.</summary>
    public static int Steps(PackedLayout data, TapAddresses addresses, int channels, int lane, int elements)
    {
        var (_, taps, length) = Form(data, addresses, channels, lane);
        return addresses.Taps / taps * ((length + elements - 1) / elements);
    }

    private static (int Columns, int Taps, int Length) Form(PackedLayout data, TapAddresses addresses, int channels, int lane)
    {
        bool joins = addresses.Window.Columns.Dilation == 1 && data.Stride <= Whole(channels, lane);
        int columns = joins ? 1 : addresses.KernelColumns, taps = joins ? addresses.KernelColumns : 1;
        return (columns, taps, Whole(((taps - 1) * data.Stride) + channels, lane));
    }

    private static int Whole(int elements, int lane) => (elements + lane - 1) / lane * lane;
}
