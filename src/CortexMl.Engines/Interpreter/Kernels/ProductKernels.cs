using System.Numerics.Tensors;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using static CortexMl.Engines.Interpreter.KernelTable;

namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>
/// Convolution and dense layer. Products and sums wrap at 32 bits on the way: that is a ring, so the result is the exact one's low 32 bits.
/// </summary>
internal static class ProductKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, Kernel>> All => [Of(CvmConv.Conv2D, Conv2D), Of(CvmConv.Dense, Dense)];

    private static void Dense(KernelContext context)
    {
        if (context.CountsWraps && OverflowWatch.MayOverflow(context, context["data"].Shape[1]))
        {
            OverflowWatch.Dense(context);
            return;
        }
        ReadOnlySpan<int> data = context["data"].Span, weight = context["weight"].Span;
        ReadOnlySpan<int> bias = context.Op.Has("bias") ? context["bias"].Span : [];
        int columns = context["data"].Shape[1], at = 0;
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
        var shape = ConvolutionShape.Of(context);
        // With one group the CPU device takes data and weights for 8-bit numbers.
        bool truncates = context.IsReferenceCpu && shape.Groups == 1;
        int[] data = truncates ? Truncated(context["data"]) : context["data"].Data;
        int[] weight = truncates ? Truncated(context["weight"]) : context["weight"].Data;
        if (!truncates && context.CountsWraps && OverflowWatch.MayOverflow(context, shape.Terms))
        {
            OverflowWatch.Conv2D(context, shape);
            return;
        }
        TapRange[] rows = TapRange.All(shape.Window.Rows, shape.Data[2], shape.Result[2]);
        TapRange[] columns = TapRange.All(shape.Window.Columns, shape.Data[3], shape.Result[3]);
        for (int n = 0; n < shape.Data[0]; n++)
        {
            for (int o = 0; o < shape.Result[1]; o++) Plane(context, shape, rows, columns, data, weight, n, o);
        }
    }

    // y[n, o] = b[o] + Σ over c, u, v of w[o, c, u, v] · (x[n, c] shifted by u, v)
    private static void Plane(
        KernelContext context, ConvolutionShape shape, TapRange[] rows, TapRange[] columns, int[] data, int[] weight, int n, int o)
    {
        Span<int> plane = context.Output.Data.AsSpan(((n * shape.Result[1]) + o) * shape.ResultSize, shape.ResultSize);
        plane.Fill(context.Op.Has("bias") ? context["bias"].Data[o] : 0);
        int first = (n * shape.Data[1]) + shape.FirstChannel(o), at = o * shape.Terms;
        int dataWidth = shape.Data[3], resultWidth = shape.Result[3];
        for (int c = 0; c < shape.Depth; c++)
        {
            ReadOnlySpan<int> channel = data.AsSpan((first + c) * shape.DataSize, shape.DataSize);
            foreach (var row in rows)
            {
                foreach (var column in columns)
                {
                    if (weight[at] != 0) AddTap(plane, channel, weight[at], row, column, dataWidth, resultWidth);
                    at++;
                }
            }
        }
    }

    /// <summary>Adds factor times the shifted channel to the plane, where the shifted channel has elements.</summary>
    private static void AddTap(
        Span<int> plane, ReadOnlySpan<int> channel, int factor, TapRange row, TapRange column, int dataWidth, int resultWidth)
    {
        int count = column.To - column.From;
        if (count <= 0) return;
        for (int i = row.From; i < row.To; i++)
        {
            ReadOnlySpan<int> source = channel[(((i * row.Stride) + row.Shift) * dataWidth)..];
            source = source.Slice((column.From * column.Stride) + column.Shift, ((count - 1) * column.Stride) + 1);
            Span<int> target = plane.Slice((i * resultWidth) + column.From, count);
            if (column.Stride == 1) TensorPrimitives.MultiplyAdd(source, factor, target, target);
            else for (int j = 0; j < target.Length; j++) target[j] += factor * source[j * column.Stride];
        }
    }

    private static int[] Truncated(Block block)
    {
        int[] result = new int[block.Length];
        for (int i = 0; i < result.Length; i++) result[i] = unchecked((sbyte)block.Data[i]);
        return result;
    }
}
