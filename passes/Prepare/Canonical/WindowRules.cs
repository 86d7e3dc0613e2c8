using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare.Canonical;

/// <summary>
/// Windows and reductions. Canonical: nn.global_avg_pool and nn.global_max_pool for whole images, with a reshape behind them where the
/// axes go; nn.reduce_* for everything else; symmetric padding as two elements.
/// </summary>
internal static class WindowRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        // reduce_mean(x[N, C, H, W]; 2, 3) → global_avg_pool(x), reshaped where the axes are dropped; reduce_max alike
        Rule.On(NnReduce.Mean).Where(IsSpatial).Rewrite((op, context) => Global(op, context, NnPool.GlobalAvgPool)),
        Rule.On(NnReduce.Max).Where(IsSpatial).Rewrite((op, context) => Global(op, context, NnPool.GlobalMaxPool)),
        // avg_pool2d(x) with a window as large as the image → global_avg_pool(x); max_pool2d alike
        Rule.On(NnPool.AvgPool2D).Where(CoversImage).Rewrite((op, context) => Global(op, context, NnPool.GlobalAvgPool)),
        Rule.On(NnPool.MaxPool2D).Where(CoversImage).Rewrite((op, context) => Global(op, context, NnPool.GlobalMaxPool)),
        // pool(x; 1x1, stride 1) → x; global_pool(x[N, C, 1, 1]) → x
        Rule.On(NnPool.AvgPool2D).Where(IsPointwise).Rewrite((op, _) => op["data"]),
        Rule.On(NnPool.MaxPool2D).Where(IsPointwise).Rewrite((op, _) => op["data"]),
        Rule.On(NnPool.GlobalAvgPool).Where(SameShape).Rewrite((op, _) => op["data"]),
        Rule.On(NnPool.GlobalMaxPool).Where(SameShape).Rewrite((op, _) => op["data"]),
        // padding [h, w, h, w] → [h, w]
        .. OpTable.With(Level.Float, OpTraits.None).Where(spec => spec.Attribute("padding") is not null).Select(spec => Rule.On(spec)
            .Where(op => op.Ints("padding") is [var top, var left, var bottom, var right] && top == bottom && left == right)
            .Rewrite((op, context) =>
                context.Insert(op, spec, op.Operands, op.Attributes.With("padding", op.Ints("padding")[..2].ToArray())))),
    ];

    private static bool SameShape(Operation op) => op["data"].Type.Shape == op.Result.Type.Shape;

    private static bool IsSpatial(Operation op)
    {
        var shape = op["data"].Type.Shape;
        return shape.Rank == 4 && op.Ints("axes").Select(a => shape.Axis(a)).Order().SequenceEqual([2, 3]);
    }

    private static bool CoversImage(Operation op)
    {
        var shape = op["data"].Type.Shape;
        var window = SlidingWindow.Of(op);
        return !window.HasPadding && window.Rows.Kernel == shape[2] && window.Columns.Kernel == shape[3]
            && op.Result.Type.Shape.Count == shape[0] * shape[1];
    }

    private static bool IsPointwise(Operation op) => SlidingWindow.Of(op).IsPointwise;

    private static Value Global(Operation op, PassContext context, OpSpec pool)
    {
        var pooled = context.Insert(op, pool, [op["data"]]);
        return pooled.Type.Shape == op.Result.Type.Shape ? pooled : context.Reshape(op, pooled, op.Result.Type.Shape);
    }
}
