using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ops;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>
/// A sliding window's indices as expressions of a kernel. It is that of a cvm row: its padding is symmetric, its numbers fit 32 bits.
/// </summary>
internal static class WindowExpressions
{
    /// <summary>Index of the first tap at a position.</summary>
    public static Expr Start(WindowAxis axis, Expr position) => (position * (int)axis.Stride) - (int)axis.Before;

    /// <summary>Index of a tap where the first one lies at <paramref name="start"/>.</summary>
    public static Expr Tap(WindowAxis axis, Expr start, Expr tap) => start + (tap * (int)axis.Dilation);

    /// <summary>
    /// Whether a tap's index lies in 0 .. size - 1. Without padding every one does, because result shapes count whole windows only: then
    /// this is the constant 1.
    /// </summary>
    public static Expr Inside(WindowAxis axis, Expr index, int size) => axis.HasPadding ? ((Expr)(-1) < index) & (index < size) : 1;
}
