using System.Numerics.Tensors;
using CortexMl.Ops;
using static CortexMl.Engines.Interpreter.Kernels;

namespace CortexMl.Engines.Interpreter;

/// <summary>
/// Convolution and dense layer. Products and sums wrap at 32 bits on the way: that is a ring, so the result is the exact one's low 32 bits.
/// </summary>
internal static class ProductKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, Kernel>> All => [Of(CvmConv.Conv2D, Conv2D), Of(CvmConv.Dense, Dense)];

    private static void Dense(KernelContext context)
    {
        if (context.CountsWraps && OverflowWatch.MayOverflow(context, context.Inputs[0].Shape[1]))
        {
            OverflowWatch.Dense(context);
            return;
        }
        ReadOnlySpan<int> data = context.Inputs[0].Span, weight = context.Inputs[1].Span;
        ReadOnlySpan<int> bias = context.Rule.Has(2) ? context.Inputs[2].Span : [];
        int columns = context.Inputs[0].Shape[1], at = 0;
        for (int row = 0; row < data.Length; row += columns)
        {
            for (int unit = 0; unit * columns < weight.Length; unit++)
            {
                int sum = TensorPrimitives.Dot(data.Slice(row, columns), weight.Slice(unit * columns, columns));
                context.Output.Data[at++] = bias.IsEmpty ? sum : unchecked(sum + bias[unit]);
            }
        }
    }

    private static void Conv2D(KernelContext context)
    {
        var window = ConvWindow.Of(context);
        // With one group the CPU device takes data and weights for 8-bit numbers.
        bool truncates = context.IsReferenceCpu && window.Groups == 1;
        int[] data = truncates ? Truncated(context.Inputs[0]) : context.Inputs[0].Data;
        int[] weight = truncates ? Truncated(context.Inputs[1]) : context.Inputs[1].Data;
        if (!truncates && context.CountsWraps && OverflowWatch.MayOverflow(context, window.Terms))
        {
            OverflowWatch.Conv2D(context, window);
            return;
        }
        for (int n = 0; n < window.Batch; n++)
        {
            for (int o = 0; o < window.Channels; o++) Plane(context, window, data, weight, n, o);
        }
    }

    // y[n, o] = b[o] + Σ over c, u, v of w[o, c, u, v] · (x[n, c] shifted by u, v)
    private static void Plane(KernelContext context, ConvWindow window, int[] data, int[] weight, int n, int o)
    {
        Span<int> plane = context.Output.Data.AsSpan(((n * window.Channels) + o) * window.ResultSize, window.ResultSize);
        plane.Fill(context.Rule.Has(2) ? context.Inputs[2].Data[o] : 0);
        int first = (n * window.InputChannels) + (o / window.ChannelsPerGroup * window.Depth), at = o * window.Terms;
        for (int c = 0; c < window.Depth; c++)
        {
            ReadOnlySpan<int> channel = data.AsSpan((first + c) * window.DataSize, window.DataSize);
            for (int u = 0; u < window.Rows.Kernel; u++)
            {
                for (int v = 0; v < window.Columns.Kernel; v++, at++)
                {
                    if (weight[at] != 0)
                        AddTap(plane, channel, weight[at], window.Rows.Tap(u), window.Columns.Tap(v), window.Rows, window.Columns);
                }
            }
        }
    }

    /// <summary>Adds factor times the shifted channel to the plane, where the shifted channel has elements.</summary>
    private static void AddTap(
        Span<int> plane, ReadOnlySpan<int> channel, int factor, ConvTap row, ConvTap column, ConvAxis rows, ConvAxis columns)
    {
        int count = column.To - column.From;
        if (count <= 0) return;
        for (int i = row.From; i < row.To; i++)
        {
            ReadOnlySpan<int> source = channel[(((i * rows.Stride) + row.Shift) * columns.Data)..];
            source = source.Slice((column.From * columns.Stride) + column.Shift, ((count - 1) * columns.Stride) + 1);
            Span<int> target = plane.Slice((i * columns.Result) + column.From, count);
            if (columns.Stride == 1) TensorPrimitives.MultiplyAdd(source, factor, target, target);
            else for (int j = 0; j < target.Length; j++) target[j] += factor * source[j * columns.Stride];
        }
    }

    private static int[] Truncated(Block block)
    {
        int[] result = new int[block.Length];
        for (int i = 0; i < result.Length; i++) result[i] = unchecked((sbyte)block.Data[i]);
        return result;
    }
}
