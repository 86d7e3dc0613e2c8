using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes;

/// <summary>Which of two forms an average pool gets (passes/Quantize/README.md §6).</summary>
internal static class AveragePools
{
    /// <summary>
    /// Up to so many elements a window, sums of slices cost hardly more gas than a convolution: 42 of 30 an element for 4, 102 of 55 for 9.
    /// </summary>
    private const int MostTaps = 4;

    /// <summary>Whether it becomes a convolution with ones, which reads 8 bits; else it reads 16, and is exact.</summary>
    public static bool IsConvolution(Operation op) => op.Spec == NnPool.AvgPool2D && !IsSum(SlidingWindow.Of(op), op);

    /// <summary>Few elements a window, all of them of the image.</summary>
    private static bool IsSum(SlidingWindow window, Operation op) => window.TapCount <= MostTaps && !window.HasPadding
        && window.Rows.Behind(op["data"].Type.Shape[2], op.Result.Type.Shape[2]) == 0
        && window.Columns.Behind(op["data"].Type.Shape[3], op.Result.Type.Shape[3]) == 0;
}
