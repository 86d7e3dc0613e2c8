using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Ops;

/// <summary>Windows that slide over the last two axes of [N, C, H, W]: convolutions and pools.</summary>
public static class NnWindow
{
    /// <summary>Padding as top, left, bottom, right, from the attribute's 2- or 4-element form.</summary>
    public static (long Top, long Left, long Bottom, long Right) Padding(RuleContext op)
    {
        var p = op.Ints("padding");
        return p.Length switch
        {
            2 => (p[0], p[1], p[0], p[1]),
            4 => (p[0], p[1], p[2], p[3]),
            _ => throw op.Logic($"padding has {Counted.Of(p.Length, "element")}", "give 2 (height, width) or 4 (top, left, bottom, right)"),
        };
    }

    /// <summary>Number of window positions along height and width.</summary>
    public static (long H, long W) Positions(RuleContext op, Shape data, (long H, long W) dilation, bool ceil = false)
    {
        var (kernelH, kernelW) = op.Pair("kernel");
        var (strideH, strideW) = op.Pair("strides");
        var (top, left, bottom, right) = Padding(op);
        return (Positions(op, "height", data[2], top, bottom, kernelH, strideH, dilation.H, ceil),
            Positions(op, "width", data[3], left, right, kernelW, strideW, dilation.W, ceil));
    }

    /// <summary>
    /// floor((size + pads - extent) / stride) + 1, or with ceil; then the last window is dropped if it starts in the trailing padding
    /// (ONNX rule).
    /// </summary>
    private static long Positions(
        RuleContext op, string side, long size, long before, long after, long kernel, long stride, long dilation, bool ceil)
    {
        try
        {
            checked
            {
                long extent = dilation * (kernel - 1) + 1, padded = size + before + after;
                if (extent > padded)
                    throw op.Logic($"a window of {extent} does not fit {side} {size} padded to {padded}",
                        "use a larger input, more padding or a smaller kernel");
                long span = padded - extent;
                long positions = (ceil ? (span + stride - 1) / stride : span / stride) + 1;
                return ceil && (positions - 1) * stride >= size + before ? positions - 1 : positions;
            }
        }
        catch (OverflowException)
        {
            throw op.Logic($"kernel, padding or dilation along {side} is too large");
        }
    }

    /// <summary>Refuses a window that sees nothing but padding: it has no largest element, and no mean of what is there.</summary>
    /// <param name="image">[N, C, H, W]</param>
    /// <exception cref="RuleException">The first such window.</exception>
    public static void RequireElements(RuleContext op, Shape image, (long H, long W) positions, (long H, long W) dilation)
    {
        var (kernelH, kernelW) = op.Pair("kernel");
        var (strideH, strideW) = op.Pair("strides");
        var (top, left, _, _) = Padding(op);
        Require("row", image[2], positions.H, top, kernelH, strideH, dilation.H);
        Require("column", image[3], positions.W, left, kernelW, strideW, dilation.W);

        void Require(string side, long size, long count, long before, long kernel, long stride, long step)
        {
            for (long i = 0, start = -before; i < count; i++, start += stride)
            {
                long firstTap = start >= 0 ? 0 : (-start + step - 1) / step;
                bool isEmpty = firstTap >= kernel || start + firstTap * step >= size;
                if (isEmpty)
                    throw op.Logic($"the window at {side} {start} lies wholly in the padding, where nothing is",
                        "use padding that is smaller than the kernel");
                // Further on, only the end can run into the padding: the last window alone needs a look.
                if (start >= 0 && i < count - 1) (i, start) = (count - 2, (count - 2) * stride - before);
            }
        }
    }
}
