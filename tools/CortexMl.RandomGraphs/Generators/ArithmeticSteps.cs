using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.RandomGraphs;

/// <summary>Element-wise rows, reductions, and selection by value.</summary>
internal static class ArithmeticSteps
{
    private static readonly int[] s_limits = [0, 1, -1, 127, -127, 5, -300, 1 << 20, int.MaxValue, -int.MaxValue];

    public static IReadOnlyDictionary<OpSpec, Action<ValuePool>> All { get; } = new Dictionary<OpSpec, Action<ValuePool>>
    {
        [CvmUnary.Abs] = Unary(CvmUnary.Abs),
        [CvmUnary.Negative] = Unary(CvmUnary.Negative),
        [CvmUnary.Relu] = Unary(CvmUnary.Relu),
        [CvmUnary.CvmPrecision] = Unary(CvmUnary.CvmPrecision),
        [CvmUnary.Clip] = Clip,
        [CvmUnary.CvmClip] = pool => pool.Op(CvmUnary.CvmClip, [pool.Any()], ("precision", 1 + pool.Choices.Next(32))),
        [CvmUnary.CvmLeftShift] = LeftShift,
        [CvmUnary.CvmRightShift] = pool =>
            pool.Op(CvmUnary.CvmRightShift, [pool.Any()], ("precision", pool.Choices.Of(8, 8, 1 + pool.Choices.Next(32))),
                ("shift_bit", 1 + pool.Choices.Next(32))),
        [CvmBinary.ElemwiseAdd] = Elementwise(CvmBinary.ElemwiseAdd),
        [CvmBinary.ElemwiseSub] = Elementwise(CvmBinary.ElemwiseSub),
        [CvmBinary.BroadcastAdd] = Broadcast(CvmBinary.BroadcastAdd),
        [CvmBinary.BroadcastSub] = Broadcast(CvmBinary.BroadcastSub),
        [CvmBinary.BroadcastMul] = Broadcast(CvmBinary.BroadcastMul),
        [CvmBinary.BroadcastDiv] = Broadcast(CvmBinary.BroadcastDiv),
        [CvmBinary.BroadcastMax] = Broadcast(CvmBinary.BroadcastMax),
        [CvmBinary.BroadcastGreater] = Broadcast(CvmBinary.BroadcastGreater),
        [CvmReduce.Sum] = Reduce(CvmReduce.Sum),
        [CvmReduce.Max] = Reduce(CvmReduce.Max),
        [CvmLookup.CvmLut] = Lut,
        [CvmLookup.Where] = Where,
    };

    private static Action<ValuePool> Unary(OpSpec row) => pool => pool.Op(row, [pool.Any()]);

    private static void Clip(ValuePool pool)
    {
        long a = pool.Choices.Of(s_limits), b = pool.Choices.Of(s_limits);
        pool.Op(CvmUnary.Clip, [pool.Any()], ("a_min", Math.Min(a, b)), ("a_max", Math.Max(a, b)));
    }

    private static void LeftShift(ValuePool pool)
    {
        var data = pool.Narrow(pool.Any(), 24);
        pool.Op(CvmUnary.CvmLeftShift, [data], ("precision", 1 + pool.Choices.Next(32)),
            ("shift_bit", 1 + pool.Choices.Next(32 - data.Type.Precision)));
    }

    private static Action<ValuePool> Elementwise(OpSpec row) => pool =>
    {
        var (a, precision) = (pool.Any(), pool.Choices.Of(31, 20));
        var b = pool.Narrow(pool.Like(a.Type.Shape), precision);
        a = pool.Narrow(a, precision);
        pool.Op(row, pool.Choices.OneIn(2) ? [b, a] : [a, b]);
    };

    private static Action<ValuePool> Broadcast(OpSpec row) => pool =>
    {
        int precision = row == CvmBinary.BroadcastMul ? 16 : 31;
        var a = pool.Any();
        var shape = a.Type.Shape;
        Shape other = Shape.Of(shape.Skip(pool.Choices.Next(shape.Rank)).Select(d => pool.Choices.OneIn(3) ? 1 : d));
        var b = pool.Narrow(pool.Choices.OneIn(4) ? pool.Any() : pool.Like(other), precision);
        a = pool.Narrow(a, precision);
        pool.Op(row, pool.Choices.OneIn(3) ? [b, a] : [a, b]);
    };

    private static Action<ValuePool> Reduce(OpSpec row) => pool =>
    {
        var data = pool.Any();
        int axis = pool.Axis(data.Type.Shape), second = pool.Axis(data.Type.Shape);
        long[] axes = pool.Choices.Next(
            4) switch
        {
            0 => [],
            1 when second != axis => [axis, second],
            2 => [axis - data.Type.Shape.Rank],
            _ => [axis],
        };
        pool.Op(row, [data], ("axis", axes), ("keepdims", pool.Choices.OneIn(2)), ("exclude", axes.Length > 0 && pool.Choices.OneIn(3)));
    };

    private static void Lut(ValuePool pool)
    {
        int count = pool.Choices.Of(1, 2, 9, 255, 256);
        pool.Op(CvmLookup.CvmLut, [pool.Any(), pool.Constant(Shape.Of(count), pool.Choices.Of(8, 2, 32))], ("in_dim", count));
    }

    private static void Where(ValuePool pool)
    {
        var x = pool.Any();
        var shape = x.Type.Shape;
        var condition = pool.Choices.OneIn(3) && shape.Rank > 0 ? pool.Like(Shape.Of(shape[0])) : pool.Like(shape);
        pool.Op(CvmLookup.Where, [condition, x, pool.Like(shape)]);
    }
}
