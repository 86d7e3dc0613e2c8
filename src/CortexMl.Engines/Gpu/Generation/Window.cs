using CortexMl.Engines.Gpu.Kernels;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>Where a sliding window lies in the data.</summary>
internal static class Window
{
    /// <summary>
    /// Whether a position lies in 0 .. size - 1. Without padding every position of a window does, because result shapes count whole
    /// windows only: then this is the constant 1.
    /// </summary>
    public static Expr Inside(Expr position, int size, long padding) => padding == 0 ? 1 : ((Expr)(-1) < position) & (position < size);
}
