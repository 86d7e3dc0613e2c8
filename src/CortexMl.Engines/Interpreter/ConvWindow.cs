namespace CortexMl.Engines.Interpreter;

/// <summary>
/// Where one tap of a kernel meets the data along an axis: result index i in From..To-1 reads data index i · stride + Shift.
/// </summary>
internal readonly record struct ConvTap(int From, int To, int Shift);

/// <summary>A convolution along one axis.</summary>
internal sealed record ConvAxis(int Data, int Kernel, int Result, int Stride, int Padding, int Dilation)
{
    /// <summary>The tap at index <paramref name="u"/> of the kernel, without the result indices for which it lies in the padding.</summary>
    public ConvTap Tap(int u)
    {
        int shift = (u * Dilation) - Padding;
        int from = shift >= 0 ? 0 : (Stride - 1 - shift) / Stride;
        int to = shift >= Data ? 0 : Math.Min(Result, ((Data - 1 - shift) / Stride) + 1);
        return new ConvTap(from, to, shift);
    }
}

/// <summary>The numbers of a conv2d.</summary>
internal sealed record ConvWindow(int Batch, int InputChannels, int Channels, int Groups, ConvAxis Rows, ConvAxis Columns)
{
    /// <summary>Input channels of a group.</summary>
    public int Depth => InputChannels / Groups;

    public int ChannelsPerGroup => Channels / Groups;

    /// <summary>Products per result element.</summary>
    public int Terms => Depth * Rows.Kernel * Columns.Kernel;

    public int DataSize => Rows.Data * Columns.Data;

    public int ResultSize => Rows.Result * Columns.Result;

    public static ConvWindow Of(KernelContext context)
    {
        var (data, result, rule) = (context.Inputs[0].Shape, context.Output.Shape, context.Rule);
        var (kernel, strides, padding, dilation) =
            (rule.Pair("kernel_size"), rule.Pair("strides"), rule.Pair("padding"), rule.Pair("dilation"));
        var rows = new ConvAxis(data[2], (int)kernel.H, result[2], (int)strides.H, (int)padding.H, (int)dilation.H);
        var columns = new ConvAxis(data[3], (int)kernel.W, result[3], (int)strides.W, (int)padding.W, (int)dilation.W);
        bool pointwise = rows is { Kernel: 1, Stride: 1, Padding: 0 } && columns is { Kernel: 1, Stride: 1, Padding: 0 };
        if (pointwise)
        {
            // Every pixel by itself: one long row is faster than many short ones.
            columns = columns with { Data = data[2] * data[3], Result = data[2] * data[3] };
            rows = rows with { Data = 1, Result = 1 };
        }
        return new ConvWindow(data[0], data[1], result[1], (int)rule.Int("groups"), rows, columns);
    }
}
