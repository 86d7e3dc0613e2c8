using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Analysis;

/// <summary>
/// What each integer row does to intervals. A rule gives the mathematically exact range; wrapping is the analysis' business. Operators
/// without a rule of their own hold whatever int32 holds.
/// </summary>
internal static class IntervalRules
{
    private delegate ValueRange Rule(Operation operation, Intervals ranges);

    private static readonly Dictionary<OpSpec, Rule> Table = new()
    {
        [Quant.Requantize] = RequantizeIntervals.Requantize,
        [CvmConv.Conv2D] = ProductIntervals.Conv2D,
        [CvmConv.Dense] = ProductIntervals.Dense,

        [CvmUnary.Abs] = (o, r) => r[o.Operands[0]].Map(x => x.Abs()),
        [CvmUnary.Negative] = (o, r) => r[o.Operands[0]].Map(x => -x),
        [CvmUnary.Relu] = (o, r) => r[o.Operands[0]].Map(x => x.Max(Interval.Of(0))),
        [CvmUnary.CvmPrecision] = (_, _) => ValueRange.Uniform(new Interval(1, 32)),
        [CvmUnary.Clip] = (o, r) => r[o.Operands[0]].Map(x => x.Clamp(o.Context.Int("a_min"), o.Context.Int("a_max"))),
        [CvmUnary.CvmClip] = (o, r) => Clamped(r[o.Operands[0]], Precision(o)),
        [CvmUnary.CvmRightShift] = RequantizeIntervals.RightShift,
        [CvmUnary.CvmLeftShift] = (o, _) => ValueRange.Uniform(Interval.Symmetric(Precisions.Bound(Precision(o)))),

        [CvmBinary.ElemwiseAdd] = Binary((a, b) => a + b),
        [CvmBinary.ElemwiseSub] = Binary((a, b) => a - b),
        [CvmBinary.BroadcastAdd] = Binary((a, b) => a + b),
        [CvmBinary.BroadcastSub] = Binary((a, b) => a - b),
        [CvmBinary.BroadcastMul] = Binary((a, b) => a * b),
        [CvmBinary.BroadcastMax] = Binary((a, b) => a.Max(b)),
        [CvmBinary.BroadcastGreater] = (_, _) => ValueRange.Uniform(new Interval(0, 1)),
        [CvmBinary.BroadcastDiv] = Binary(Quotient),

        [CvmPool.MaxPool2D] = Windowed,
        [CvmPool.UpSampling] = Windowed,
        [CvmReduce.Sum] = ReduceIntervals.Sum,
        [CvmReduce.Max] = ReduceIntervals.Max,

        [CvmShape.Flatten] = MoveIntervals.Reshape,
        [CvmShape.Reshape] = MoveIntervals.Reshape,
        [CvmShape.ExpandDims] = MoveIntervals.Reshape,
        [CvmShape.Squeeze] = MoveIntervals.Reshape,
        [CvmShape.Transpose] = MoveIntervals.Transpose,
        [CvmShape.Concatenate] = MoveIntervals.Concatenate,
        [CvmShape.Repeat] = MoveIntervals.Merged,
        [CvmShape.Tile] = MoveIntervals.Merged,
        [CvmShape.StridedSlice] = MoveIntervals.Slice,
        [CvmShape.SliceLike] = MoveIntervals.Merged,

        [CvmLookup.Take] = MoveIntervals.Merged,
        [CvmLookup.CvmLut] = (o, r) => LookupIntervals.Lut(o, r),
        [CvmLookup.Where] = (o, r) => ValueRange.Uniform(r[o.Operands[1]].All.Hull(r[o.Operands[2]].All)),
    };

    public static IReadOnlyList<ValueRange> Apply(Operation operation, Intervals ranges)
    {
        if (operation.Spec == CvmDetection.GetValidCounts)
        {
            var rows = operation.Operands[0].Type.Shape[1];
            return [ValueRange.Uniform(new Interval(0, rows)), ValueRange.Uniform(ranges[operation.Operands[0]].All.Hull(Interval.Of(-1)))];
        }
        if (operation.Spec == CvmDetection.NonMaxSuppression)
            return [ValueRange.Uniform(ranges[operation.Operands[0]].All.Hull(Interval.Of(-1)))];
        return [Table.TryGetValue(operation.Spec, out var rule) ? rule(operation, ranges) : ValueRange.Uniform(Interval.Int32)];
    }

    public static ValueRange Clamped(ValueRange range, int precision)
    {
        long bound = Precisions.Bound(precision);
        return range.Map(x => x.Clamp(-bound, bound));
    }

    public static int Precision(Operation operation) => (int)operation.Context.Int("precision");

    // Rows and columns of the result are others than those of the data; images and channels are the same.
    private static ValueRange Windowed(Operation operation, Intervals ranges)
    {
        var data = ranges[operation.Operands[0]];
        return data.Axis is 2 or 3 ? ValueRange.Uniform(data.All) : data;
    }

    private static Rule Binary(Func<Interval, Interval, Interval> f) => (operation, ranges) =>
    {
        Value a = operation.Operands[0], b = operation.Operands[1];
        return ValueRange.Broadcast(ranges[a], a.Type.Shape, ranges[b], b.Type.Shape, operation.Result.Type.Shape, f);
    };

    /// <summary>
    /// x / y truncated toward zero, x / 0 = 0: never further from zero than x, nor of larger magnitude than |x| / min |y|.
    /// </summary>
    private static Interval Quotient(Interval x, Interval y)
    {
        long least = y.Lo > 0 ? y.Lo : y.Hi < 0 ? -y.Hi : 1;
        long bound = x.Magnitude / least;
        bool mayFlip = y.Lo < 0;
        return new Interval(mayFlip || x.Lo < 0 ? -bound : 0, mayFlip || x.Hi > 0 ? bound : 0);
    }
}
