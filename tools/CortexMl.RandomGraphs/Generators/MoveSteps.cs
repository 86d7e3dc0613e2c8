using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.RandomGraphs;

/// <summary>Rows that move or select elements, and the tail of detection networks.</summary>
internal static class MoveSteps
{
    public static IReadOnlyDictionary<OpSpec, Action<ValuePool>> All { get; } = new Dictionary<OpSpec, Action<ValuePool>>
    {
        [CvmShape.Flatten] = pool => pool.Op(CvmShape.Flatten, [pool.Any()]),
        [CvmShape.Reshape] = pool => pool.Ranked(1 + pool.Choices.Next(6)),
        [CvmShape.Transpose] = Transpose,
        [CvmShape.ExpandDims] = pool =>
            pool.Op(CvmShape.ExpandDims, [pool.Ranked(1 + pool.Choices.Next(4))], ("axis", pool.Choices.Next(2) - pool.Choices.Next(2)),
                ("num_newaxis", 1 + pool.Choices.Next(2))),
        [CvmShape.Squeeze] = pool => pool.Op(CvmShape.Squeeze, [pool.Any()]),
        [CvmShape.Concatenate] = Concatenate,
        [CvmShape.Repeat] = Repeat,
        [CvmShape.Tile] = pool =>
            pool.Op(CvmShape.Tile, [pool.Any()],
                ("reps", Enumerable.Range(0, 1 + pool.Choices.Next(4)).Select(_ => 1L + pool.Choices.Next(3)).ToArray())),
        [CvmShape.StridedSlice] = StridedSlice,
        [CvmShape.SliceLike] = SliceLike,
        [CvmLookup.Take] = Take,
        [CvmDetection.GetValidCounts] = GetValidCounts,
        [CvmDetection.NonMaxSuppression] = NonMaxSuppression,
    };

    private static void Transpose(ValuePool pool)
    {
        var data = pool.Any();
        var left = Enumerable.Range(0, data.Type.Shape.Rank).Select(i => (long)i).ToList();
        var axes = new List<long>();
        while (left.Count > 0)
        {
            int at = pool.Choices.Next(left.Count);
            axes.Add(left[at]);
            left.RemoveAt(at);
        }
        pool.Op(CvmShape.Transpose, [data], ("axes", pool.Choices.OneIn(4) ? [] : axes.ToArray()));
    }

    private static void Concatenate(ValuePool pool)
    {
        var data = pool.Any();
        int axis = pool.Axis(data.Type.Shape);
        var parts = Enumerable.Range(0, pool.Choices.Next(3))
            .Select(_ => pool.Like(data.Type.Shape.With(axis, pool.Choices.Of(data.Type.Shape[axis], 1, 3)))).ToList();
        parts.Insert(pool.Choices.Next(parts.Count + 1), data);
        pool.Op(CvmShape.Concatenate, parts, ("axis", axis));
    }

    private static void Repeat(ValuePool pool)
    {
        var data = pool.Any();
        pool.Op(CvmShape.Repeat, [data], ("axis", pool.Axis(data.Type.Shape)), ("repeats", 1 + pool.Choices.Next(3)));
    }

    private static void StridedSlice(ValuePool pool)
    {
        var data = pool.Any();
        var shape = data.Type.Shape;
        int count = 1 + pool.Choices.Next(shape.Rank);
        long[] begin = new long[count], end = new long[count], stride = new long[count];
        for (int axis = 0; axis < count; axis++)
        {
            bool back = pool.Choices.OneIn(3);
            int first = pool.Choices.Next(shape[axis]), last = first + pool.Choices.Next(shape[axis] - first);
            (begin[axis], end[axis], stride[axis]) = back
                ? (last, first - 1 - shape[axis], -1 - pool.Choices.Next(2))
                : (first, last + 1, 1 + pool.Choices.Next(3));
        }
        pool.Op(CvmShape.StridedSlice, [data], ("begin", begin), ("end", end), ("stride", stride));
    }

    private static void SliceLike(ValuePool pool)
    {
        var data = pool.Any();
        pool.Op(CvmShape.SliceLike, [data, pool.Like(Shape.Of(data.Type.Shape.Select(d => 1 + pool.Choices.Next(d))))]);
    }

    private static void Take(ValuePool pool)
    {
        var data = pool.Any();
        var indices = pool.Choices.OneIn(2) ? pool.Any() : pool.Constant(pool.Choices.Of(Shape.Of(3), Shape.Of(2, 2), Shape.Of(1)), 5);
        if (pool.Choices.OneIn(3)) pool.Op(CvmLookup.Take, [data, indices]);
        else pool.Op(CvmLookup.Take, [data, indices], ("axis", pool.Axis(data.Type.Shape)));
    }

    private static void GetValidCounts(ValuePool pool) =>
        pool.Op(CvmDetection.GetValidCounts, [pool.Ranked(3)], ("score_threshold", pool.Choices.Of(0, -5, 60)));

    /// <summary>Boxes of small numbers, so that they overlap, or of any numbers.</summary>
    private static void NonMaxSuppression(ValuePool pool)
    {
        var choices = pool.Choices;
        int batch = 1 + choices.Next(2), rows = choices.Of(1, 2, 7, 20);
        int at = 0;
        var boxes = choices.OneIn(4)
            ? pool.Like(Shape.Of(batch, rows, 6))
            : pool.Constant(Shape.Of(batch, rows, 6), 8, () => Box(choices, at++ % 6));
        var counts = pool.Constant(Shape.Of(batch), 8, () => choices.Of(rows, rows / 2, 0, -3, rows + 5));
        pool.Op(CvmDetection.NonMaxSuppression, [boxes, counts], ("iou_threshold", choices.Of(50, 1, 100, 30)),
            ("force_suppress", choices.OneIn(2)),
            ("top_k", choices.Of(-1, 3, 0)), ("max_output_size", choices.Of(-1, 2, 0)));
    }

    /// <summary>Id, score, then the corners.</summary>
    private static int Box(Choices choices, int column) => column switch
    {
        0 => choices.Next(4) - 1,
        1 => choices.Next(100) - 20,
        2 or 3 => choices.Next(40),
        _ => 20 + choices.Next(60),
    };
}
