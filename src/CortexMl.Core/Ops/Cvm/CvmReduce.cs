using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Ranges;
using CortexMl.Tensors;

namespace CortexMl.Ops.Cvm;

/// <summary>Sum and maximum over axes. Source: CortexMl.Cvm/SPECIFICATION.md §8.1, §8.2; gas: §10.</summary>
public static class CvmReduce
{
    /// <remarks>Divergent: with a kept axis of size 1 behind another kept axis the CPU device adds up the wrong elements.</remarks>
    public static readonly OpSpec Sum = Row(
        "sum", "Sum over axes, wrapped to 32 bits",
        CvmRules.Precision((op, results) => op.Precision(0) + Precisions.Bits(op.Shape(0).Count / results[0].Count)),
        ReduceIntervals.Sum, CvmDivergence.Sum, (op, results) => op.Shape(0).Count / results[0].Shape.Count);

    /// <remarks>Divergent as <see cref="Sum"/>. Without an axis list the maximum is at least 0.</remarks>
    public static readonly OpSpec Max =
        Row("max", "Maximum over axes", CvmRules.SamePrecision, ReduceIntervals.Max, CvmDivergence.Max, null);

    private static OpSpec Row(
        string name, string doc, ElementRule elements, RangeRule range, DivergenceRule divergence, CostRule? cost) =>
        new("cvm." + name)
        {
            Doc = doc,
            Operands = [new("data", "integers of any shape")],
            Attributes =
            [
                Attr.Ints("axis", "axes to reduce, none for all; negative ones count from the end", []),
                Attr.Bool("keepdims", "whether reduced axes stay, with size 1", false),
                Attr.Bool("exclude", "whether the axes that are not listed are reduced", false),
                CvmAttr.DType("dtype", "ignored by the runtime"),
            ],
            Shapes = CvmRules.Shape(ReducedShape),
            Elements = elements,
            Levels = Level.Quant | Level.Cvm,
            Traits = OpTraits.Monotone | OpTraits.Homogeneous,
            Ranges = [range],
            Divergence = divergence,
            CvmName = name,
            Cost = cost,
        };

    /// <summary>The axes that are reduced, ascending: the listed ones or their complement, all of them where none is listed.</summary>
    public static IReadOnlyList<int> Axes(IOperation op)
    {
        int rank = op.Shape(0).Rank;
        var listed = new bool[rank];
        foreach (long given in op.Ints("axis"))
        {
            int axis = CvmRules.Axis(op, given, rank);
            if (listed[axis]) throw op.Logic($"axis {axis} is listed twice");
            listed[axis] = true;
        }
        if (op.Ints("axis").IsEmpty) return [.. Enumerable.Range(0, rank)];
        return [.. Enumerable.Range(0, rank).Where(axis => listed[axis] != op.Bool("exclude"))];
    }

    private static long[] ReducedShape(IOperation op)
    {
        Shape data = op.Shape(0);
        var axes = Axes(op);
        bool keep = op.Bool("keepdims");
        if (axes.Count == data.Rank && !keep) return [1];
        return keep
            ? [.. data.Select((dim, axis) => axes.Contains(axis) ? 1L : dim)]
            : [.. data.Where((_, axis) => !axes.Contains(axis)).Select(dim => (long)dim)];
    }
}
