using CortexMl.Ir;

namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>Sums of products in 128 bits, for runs that must report every result that does not fit 32 bits.</summary>
internal static class OverflowWatch
{
    /// <summary>Whether a sum of that many products could leave 32 bits, judged from the largest magnitudes at hand.</summary>
    public static bool MayOverflow(KernelContext context, int terms)
    {
        Int128 bound = (Int128)Largest(context["data"]) * Largest(context["weight"]) * terms;
        if (context.Op.Has("bias")) bound += Largest(context["bias"]);
        return bound > int.MaxValue;
    }

    public static void Dense(KernelContext context)
    {
        var (data, weight) = (context["data"], context["weight"]);
        int columns = data.Shape[1], units = weight.Shape[0];
        for (int i = 0; i < context.Output.Length; i++)
        {
            Int128 sum = Bias(context, i % units);
            for (int k = 0; k < columns; k++) sum += (long)data.Data[(i / units * columns) + k] * weight.Data[(i % units * columns) + k];
            context.Output.Data[i] = Wrap(context, sum);
        }
    }

    public static void Conv2D(KernelContext context, ConvolutionShape shape)
    {
        for (int i = 0; i < context.Output.Length; i++)
        {
            int position = i % shape.ResultSize, plane = i / shape.ResultSize;
            context.Output.Data[i] = Wrap(context, At(context, shape, plane / shape.Result[1], plane % shape.Result[1], position));
        }
    }

    private static Int128 At(KernelContext context, ConvolutionShape shape, int n, int o, int position)
    {
        int first = (n * shape.Data[1]) + shape.FirstChannel(o), width = shape.Result[3];
        Int128 sum = Bias(context, o);
        int[] data = context["data"].Data, weight = context["weight"].Data;
        for (int c = 0; c < shape.Depth; c++)
        {
            ReadOnlySpan<int> channel = data.AsSpan((first + c) * shape.DataSize, shape.DataSize);
            int weights = (o * shape.Terms) + (c * (int)shape.Window.TapCount);
            foreach (var (tap, pixel) in shape.Window.Taps(shape.Data, position / width, position % width))
                sum += (long)channel[pixel] * weight[weights + tap];
        }
        return sum;
    }

    private static long Bias(KernelContext context, int channel) => context.Op.Has("bias") ? context["bias"].Data[channel] : 0;

    private static int Wrap(KernelContext context, Int128 exact)
    {
        int wrapped = unchecked((int)exact);
        if (wrapped != exact) context.Wraps++;
        return wrapped;
    }

    private static long Largest(Block block)
    {
        long largest = 0;
        foreach (int element in block.Span) largest = Math.Max(largest, Math.Abs((long)element));
        return largest;
    }
}
