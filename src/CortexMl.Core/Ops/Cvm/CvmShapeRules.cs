using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Ops.Cvm;

/// <summary>Shape rules of <see cref="CvmShape"/>'s rows, and the resolved axes that kernels need.</summary>
public static class CvmShapeRules
{
    /// <summary>The input axis that stands at each axis of the result of transpose.</summary>
    public static int[] Permutation(IOperation op)
    {
        int rank = op.Shape(0).Rank;
        var axes = op.Ints("axes");
        if (axes.IsEmpty) return [.. Enumerable.Range(0, rank).Reverse()];
        if (axes.Length != rank) throw op.Logic($"axes has {Counted.Of(axes.Length, "element")} for {Counted.Of(rank, "dimension")}");
        int[] permutation = [.. axes.Select(axis => CvmRules.Axis(op, axis, rank))];
        return permutation.Distinct().Count() == rank ? permutation : throw op.Logic($"axes {op.Get("axes")} is no permutation");
    }

    internal static long[] Flatten(IOperation op) => [op.Shape(0)[0], op.Shape(0).Count / op.Shape(0)[0]];

    internal static long[] Transpose(IOperation op) => [.. Permutation(op).Select(axis => (long)op.Shape(0)[axis])];

    internal static long[] ExpandDims(IOperation op)
    {
        int rank = op.Shape(0).Rank;
        long axis = op.Int("axis"), added = op.Int("num_newaxis");
        CvmRules.InRange(op, "axis", axis, -rank - 1, rank);
        CvmRules.InRange(op, "num_newaxis", added, 1, CvmRules.MaxFactor);
        int at = CvmRules.Axis(op, axis, rank + 1);
        var dims = CvmRules.Dims(op.Shape(0));
        return [.. dims[..at], .. Enumerable.Repeat(1L, (int)added), .. dims[at..]];
    }

    internal static long[] Squeeze(IOperation op)
    {
        Shape data = op.Shape(0);
        var drop = data.Select(dim => dim == 1).ToArray();
        if (!op.Ints("axis").IsEmpty)
        {
            Array.Clear(drop);
            foreach (long given in op.Ints("axis"))
            {
                int axis = CvmRules.Axis(op, given, data.Rank);
                drop[axis] = data[axis] == 1 ? true : throw op.Logic($"axis {axis} of {data} is not 1");
            }
        }
        long[] dims = [.. data.Where((_, axis) => !drop[axis]).Select(dim => (long)dim)];
        return dims.Length == 0 ? [1] : dims;
    }

    internal static long[] Concatenate(IOperation op)
    {
        Shape first = op.Shape(0);
        int axis = CvmRules.Axis(op, op.Int("axis"), first.Rank);
        var dims = CvmRules.Dims(first);
        foreach (var operand in op.OperandTypes().Skip(1))
        {
            if (operand.Shape.Rank != first.Rank || operand.Shape.With(axis, first[axis]) != first)
                throw op.Logic($"shapes {first} and {operand.Shape} do not agree outside axis {axis}");
            dims[axis] += operand.Shape[axis];
        }
        return dims;
    }

    internal static long[] Repeat(IOperation op)
    {
        long repeats = op.Int("repeats");
        CvmRules.InRange(op, "repeats", repeats, 1, int.MaxValue);
        var dims = CvmRules.Dims(op.Shape(0));
        dims[CvmRules.Axis(op, op.Int("axis"), dims.Length)] *= repeats;
        return dims;
    }

    internal static long[] Tile(IOperation op)
    {
        var reps = op.Ints("reps");
        if (reps.Length is < 1 or > CvmRules.MaxRank)
            throw op.Logic($"reps needs 1..{CvmRules.MaxRank} elements, found {reps.Length}");
        foreach (long element in reps) CvmRules.InRange(op, "reps", element, 1, CvmRules.MaxFactor);
        Shape data = op.Shape(0);
        var dims = new long[Math.Max(data.Rank, reps.Length)];
        for (int i = 1; i <= dims.Length; i++) dims[^i] = (i <= data.Rank ? data[^i] : 1) * (i <= reps.Length ? reps[^i] : 1);
        return dims;
    }

    internal static long[] SliceLike(IOperation op)
    {
        Shape data = op.Shape(0), like = op.Shape(1);
        var axes = op.Ints("axis");
        if (axes.IsEmpty && data.Rank != like.Rank) throw op.Logic($"ranks of {data} and {like} differ", "name the axes to cut");
        var dims = CvmRules.Dims(data);
        foreach (long given in axes.IsEmpty ? [.. Enumerable.Range(0, data.Rank).Select(i => (long)i)] : axes)
        {
            long axis = given < 0 ? given + data.Rank : given;
            CvmRules.InRange(op, "axis", axis, 0, Math.Min(data.Rank, like.Rank) - 1);
            if (like[(int)axis] > data[(int)axis]) throw op.Logic($"axis {axis} of {like} is larger than that of {data}");
            dims[axis] = like[(int)axis];
        }
        return dims;
    }
}
