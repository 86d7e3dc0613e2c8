using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Passes.Quantize;

//  %1 = nn.max_pool2d(%0) {dilation = [d, d], kernel = [2, 2]}   ⇒   the CVM's pools have no dilation: a slice for each tap
//    %2 = cvm.strided_slice(%0) {begin = [0, 0, 0, 0], …}              rows 0, s, 2s, …
//    %3 = cvm.strided_slice(%0) {begin = [0, 0, d, 0], …}              rows d, d + s, …
//    %4 = cvm.broadcast_max(%2, %3)                                    and the same along the columns of %4
internal static class DilatedMaxPool
{
    /// <summary>Taps along rows and columns together: two operations for each.</summary>
    private const int MaxTaps = 64;

    public static string? Refusal(Operation op) =>
        op.Context.Ints("kernel").Sum() <= MaxTaps ? null : $"a dilated window of more than {MaxTaps} rows and columns";

    public static Value Lower(Operation op, Lowering lowering)
    {
        var context = op.Context;
        var data = lowering.At(op.Operands[0], lowering.Demands.Of(op.Result));
        var (top, left, _, _) = NnWindow.Padding(context);
        Tensors.Shape image = op.Operands[0].Type.Shape, result = op.Result.Type.Shape;
        var (kernelH, kernelW) = context.Pair("kernel");
        var (strideH, strideW) = context.Pair("strides");
        var (stepH, stepW) = context.Pair("dilation");
        int bottom = Behind(image[2] + top, result[2], strideH, kernelH, stepH),
            right = Behind(image[3] + left, result[3], strideW, kernelW, stepW);
        data = Padding.Emit(lowering, data, [0, 0, (int)top, (int)left], [0, 0, bottom, right], -data.Type.Element.Bound);
        data = Along(lowering, data, 2, result[2], strideH, kernelH, stepH);
        return Along(lowering, data, 3, result[3], strideW, kernelW, stepW);
    }

    /// <summary>Elements that the last window reaches behind the data.</summary>
    private static int Behind(long size, long positions, long stride, long kernel, long step) =>
        (int)Math.Max(0, (positions - 1) * stride + (kernel - 1) * step + 1 - size);

    private static Value Along(Lowering lowering, Value data, int axis, int positions, long stride, long kernel, long step)
    {
        var largest = Tap(0);
        for (long k = 1; k < kernel; k++) largest = lowering.Emit(CvmBinary.BroadcastMax, [largest, Tap(k * step)], null, data.Type.Scale!);
        return largest;

        Value Tap(long first)
        {
            long end = first + (positions - 1) * stride + 1;
            var shape = data.Type.Shape;
            if (first == 0 && stride == 1 && end == shape[axis]) return data;
            long[] begins = [.. shape.Select((_, a) => a == axis ? first : 0)], ends = [.. shape.Select((d, a) => a == axis ? end : d)];
            long[] strides = [.. shape.Select((_, a) => a == axis ? stride : 1)];
            return lowering.Emit(CvmShape.StridedSlice, [data], Attributes.Of(("begin", begins), ("end", ends), ("stride", strides)),
                data.Type.Scale!);
        }
    }
}
