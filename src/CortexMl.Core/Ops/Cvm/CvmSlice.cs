using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Ops.Cvm;

/// <summary>strided_slice along one axis: elements <c>Begin + i * Stride</c> for i in 0..Length-1.</summary>
public readonly record struct CvmSlice(long Begin, long Stride, long Length)
{
    /// <summary>The slice of each axis of the data.</summary>
    public static IReadOnlyList<CvmSlice> Of(IOperation op)
    {
        Shape data = op.Shape(0);
        var (begin, end, stride) = (op.Ints("begin"), op.Ints("end"), op.Ints("stride"));
        // The reference reads behind the shape here.
        if (begin.Length > data.Rank)
            throw op.Logic($"begin has {Counted.Of(begin.Length, "element")} for {Counted.Of(data.Rank, "dimension")}");
        return
        [
            .. data.Select((dim, axis) => Along(
                op, axis, dim,
                axis < begin.Length ? begin[axis] : 0, axis < end.Length ? end[axis] : dim, axis < stride.Length ? stride[axis] : 1)),
        ];
    }

    internal static long[] Shape(IOperation op) => [.. Of(op).Select(slice => slice.Length)];

    private static CvmSlice Along(IOperation op, int axis, long dim, long begin, long end, long stride)
    {
        if (stride == 0) throw op.Logic($"stride of axis {axis} is 0");
        var (low, high) = stride > 0 ? (0L, dim) : (-1L, dim - 1);
        long first = Math.Clamp(begin < 0 ? dim + begin : begin, low, high), last = Math.Clamp(end < 0 ? dim + end : end, low, high);
        long distance = stride > 0 ? last - first : first - last;
        if (distance <= 0)
            throw op.Logic($"axis {axis} of {Counted.Of(dim, "element")}: {begin}..{end} with stride {stride} selects nothing");
        // Division before magnitude, for the stride that has none.
        return new CvmSlice(first, stride, 1 + ((distance - 1) / (stride == long.MinValue ? long.MaxValue : Math.Abs(stride))));
    }
}
