using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Ops.Nn;

/// <summary>How many positions the windows of the float rows have, and which windows are refused.</summary>
public static class NnWindowRule
{
    /// <summary>Number of window positions along height and width.</summary>
    /// <param name="data">[N, C, H, W]</param>
    /// <exception cref="RuleException">The window does not fit the padded data, or its numbers are too large.</exception>
    public static (long H, long W) Positions(IOperation op, SlidingWindow window, Shape data, bool roundsUp = false) =>
        (Positions(op, "height", window.Rows, data[2], roundsUp), Positions(op, "width", window.Columns, data[3], roundsUp));

    /// <summary>Refuses a window that sees nothing but padding: it has no largest element, and no mean of what is there.</summary>
    /// <param name="image">[N, C, H, W]</param>
    /// <exception cref="RuleException">The first such window.</exception>
    public static void RequireElements(IOperation op, SlidingWindow window, Shape image, (long H, long W) positions)
    {
        RequireElements(op, "row", window.Rows, image[2], positions.H);
        RequireElements(op, "column", window.Columns, image[3], positions.W);
    }

    private static long Positions(IOperation op, string side, WindowAxis axis, long size, bool roundsUp)
    {
        Int128 extent = (Int128)axis.Dilation * (axis.Kernel - 1) + 1, padded = (Int128)size + axis.Before + axis.After;
        if (extent > long.MaxValue || padded > long.MaxValue || (roundsUp && padded - extent + axis.Stride - 1 > long.MaxValue))
            throw op.Logic($"kernel, padding or dilation along {side} is too large");
        if (extent > padded)
            throw op.Logic($"a window of {extent} does not fit {side} {size} padded to {padded}",
                "use a larger input, more padding or a smaller kernel");
        return axis.Positions(size, roundsUp);
    }

    private static void RequireElements(IOperation op, string side, WindowAxis axis, long size, long positions)
    {
        for (long position = 0; position < positions; position++)
        {
            var (from, to) = axis.Taps(position, size);
            if (from >= to)
                throw op.Logic($"the window at {side} {axis.Start(position)} lies wholly in the padding, where nothing is",
                    "use padding that is smaller than the kernel");
            // Further on, only the end can run into the padding: the last window alone needs a look.
            if (axis.Start(position) >= 0 && position < positions - 1) position = positions - 2;
        }
    }
}
