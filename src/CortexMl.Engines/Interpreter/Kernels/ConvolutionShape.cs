using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>How a conv2d's data, weight and result lie in memory.</summary>
/// <param name="Data">[N, C, H, W]</param>
/// <param name="Result">[N, O, H, W]</param>
internal sealed record ConvolutionShape(Shape Data, Shape Result, int Groups, SlidingWindow Window)
{
    /// <summary>Input channels of a group.</summary>
    public int Depth { get; } = Data[1] / Groups;

    /// <summary>Products per result element.</summary>
    public int Terms { get; } = Data[1] / Groups * (int)Window.TapCount;

    /// <summary>Elements of a channel of the data.</summary>
    public int DataSize { get; } = Data[2] * Data[3];

    /// <summary>Elements of a channel of the result.</summary>
    public int ResultSize { get; } = Result[2] * Result[3];

    public static ConvolutionShape Of(KernelContext context)
    {
        var (data, result, window) = (context["data"].Shape, context.Output.Shape, SlidingWindow.Of(context.Op));
        // Every pixel by itself: one long row is faster than many short ones.
        if (window.IsPointwise) (data, result) = (Flat(data), Flat(result));
        return new ConvolutionShape(data, result, (int)context.Op.Int("groups"), window);
    }

    /// <summary>The first channel of the data that an output channel reads.</summary>
    public int FirstChannel(int output) => output / (Result[1] / Groups) * Depth;

    private static Shape Flat(Shape image) => Shape.Of(image[0], image[1], 1, image[2] * image[3]);
}

/// <summary>
/// Where one tap of a kernel meets the data along an axis: result index i in From..To-1 reads data index i · Stride + Shift.
/// </summary>
internal readonly record struct TapRange(int From, int To, int Shift, int Stride)
{
    /// <summary>Of every tap of the kernel.</summary>
    public static TapRange[] All(WindowAxis axis, int size, int positions)
    {
        var ranges = new TapRange[axis.Kernel];
        for (int tap = 0; tap < ranges.Length; tap++)
        {
            var (from, to) = axis.PositionsOf(tap, positions, size);
            ranges[tap] = new TapRange((int)from, (int)to, (int)((tap * axis.Dilation) - axis.Before), (int)axis.Stride);
        }
        return ranges;
    }
}
