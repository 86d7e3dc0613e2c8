using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Quantize.Products;

namespace CortexMl.Passes.Quantize.Shapes;

//  %1 = nn.max_pool2d(%0) {dilation = [d, d], kernel = [2, 2]}   ⇒   the CVM's pools have no dilation: a slice for each tap
//    %2 = cvm.strided_slice(%0) {begin = [0, 0, 0, 0], …}              rows 0, s, 2s, …
//    %3 = cvm.strided_slice(%0) {begin = [0, 0, d, 0], …}              rows d, d + s, …
//    %4 = cvm.broadcast_max(%2, %3)                                    and the same along the columns of %4
internal static class DilatedMaxPool
{
    /// <summary>Taps along rows and columns together: two operations for each.</summary>
    private const int MaxTaps = 64;

    public static string? Refusal(Operation op) =>
        SlidingWindow.Of(op).Kernel.Sum() <= MaxTaps ? null : $"a dilated window of more than {MaxTaps} rows and columns";

    public static Value Lower(Operation op, Quantizer quantizer)
    {
        var (rows, columns) = SlidingWindow.Of(op);
        var data = quantizer.At(op["data"], quantizer.Demands.Through(op, op["data"]));
        Tensors.Shape image = op["data"].Type.Shape, result = op.Result.Type.Shape;
        int bottom = (int)rows.Behind(image[2], result[2]), right = (int)columns.Behind(image[3], result[3]);
        data = Padding.Emit(
            quantizer, data, [0, 0, (int)rows.Before, (int)columns.Before], [0, 0, bottom, right], -data.Type.Element.Bound);
        data = Along(quantizer, data, 2, result[2], rows);
        return Along(quantizer, data, 3, result[3], columns);
    }

    private static Value Along(Quantizer quantizer, Value data, int axis, int positions, WindowAxis window)
    {
        var largest = Tap(0);
        for (long k = 1; k < window.Kernel; k++)
            largest = quantizer.Emit(CvmBinary.BroadcastMax, [largest, Tap(k * window.Dilation)], null, data.Type.Scale!);
        return largest;

        Value Tap(long first)
        {
            long stride = window.Stride, end = first + (positions - 1) * stride + 1;
            var shape = data.Type.Shape;
            if (first == 0 && stride == 1 && end == shape[axis]) return data;
            long[] begins = [.. shape.Select((_, a) => a == axis ? first : 0)], ends = [.. shape.Select((d, a) => a == axis ? end : d)];
            long[] strides = [.. shape.Select((_, a) => a == axis ? stride : 1)];
            return quantizer.Emit(CvmShape.StridedSlice, [data], Attributes.Of(("begin", begins), ("end", ends), ("stride", strides)),
                data.Type.Scale!);
        }
    }
}
