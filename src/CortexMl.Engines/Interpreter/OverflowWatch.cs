namespace CortexMl.Engines.Interpreter;

/// <summary>Sums of products in 128 bits, for runs that must report every result that does not fit 32 bits.</summary>
internal static class OverflowWatch
{
    /// <summary>Whether a sum of that many products could leave 32 bits, judged from the largest magnitudes at hand.</summary>
    public static bool MayOverflow(KernelContext context, int terms)
    {
        Int128 bound = (Int128)Largest(context.Inputs[0]) * Largest(context.Inputs[1]) * terms;
        if (context.Rule.Has(2)) bound += Largest(context.Inputs[2]);
        return bound > int.MaxValue;
    }

    public static void Dense(KernelContext context)
    {
        var (data, weight) = (context.Inputs[0], context.Inputs[1]);
        int columns = data.Shape[1], units = weight.Shape[0];
        for (int i = 0; i < context.Output.Length; i++)
        {
            Int128 sum = Bias(context, i % units);
            for (int k = 0; k < columns; k++) sum += (long)data.Data[(i / units * columns) + k] * weight.Data[(i % units * columns) + k];
            context.Output.Data[i] = Wrap(context, sum);
        }
    }

    public static void Conv2D(KernelContext context, ConvWindow window)
    {
        for (int i = 0; i < context.Output.Length; i++)
        {
            int position = i % window.ResultSize, plane = i / window.ResultSize;
            context.Output.Data[i] = Wrap(context, At(context, window, plane / window.Channels, plane % window.Channels, position));
        }
    }

    private static Int128 At(KernelContext context, ConvWindow window, int n, int o, int position)
    {
        var (rows, columns) = (window.Rows, window.Columns);
        int first = (n * window.InputChannels) + (o / window.ChannelsPerGroup * window.Depth), at = o * window.Terms;
        int top = (position / columns.Result * rows.Stride) - rows.Padding,
        left = (position % columns.Result * columns.Stride) - columns.Padding;
        Int128 sum = Bias(context, o);
        for (int c = 0; c < window.Depth; c++)
        {
            for (int u = 0; u < rows.Kernel; u++)
            {
                for (int v = 0; v < columns.Kernel; v++, at++)
                {
                    int row = top + (u * rows.Dilation), column = left + (v * columns.Dilation);
                    if ((uint)row >= (uint)rows.Data || (uint)column >= (uint)columns.Data) continue;
                    sum += (long)context.Inputs[0].Data[((first + c) * window.DataSize) + (row * columns.Data)
                        + column] * context.Inputs[1].Data[at];
                }
            }
        }
        return sum;
    }

    private static long Bias(KernelContext context, int channel) => context.Rule.Has(2) ? context.Inputs[2].Data[channel] : 0;

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
