using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends;

/// <summary>
/// Where the largest elements are, as rows of the float level: comparisons, which integers decide exactly, and sums of them. Indices are
/// whole numbers in f32.
/// </summary>
internal static class IndexRows
{
    /// <summary>Indices that 16 bits hold.</summary>
    public const int MostIndices = 32767;

    /// <summary>Numbers of a table of one-hot rows.</summary>
    private const int MostInTable = 1 << 20;

    /// <summary>Comparisons of each element of an axis with each.</summary>
    private const long MostPairs = 1 << 24;

    //  is[i] = not (max x > x[i])      the first index: n - max(is[i] · (n - i));  the last one: max(is[i] · (i + 1)) - 1
    /// <summary>The index of the largest element along an axis, the first or the last of equal ones.</summary>
    /// <exception cref="NodeException">The axis is too long.</exception>
    public static Value Largest(IRowEmitter n, Value data, int axis, bool isLast, bool keep, LastRow last)
    {
        int rank = data.Type.Shape.Rank, size = data.Type.Shape[axis];
        CheckLength(data, axis);
        var most = n.Step("most", NnReduce.Max, [data], ("axes", new[] { axis }), ("keepdims", true));
        var isMost = TruthRows.Not(n, n.Step("below", NnBinary.Greater, [most, data]), (row, operands) => n.Step("is_most", row, operands));
        float[] places = [.. Enumerable.Range(0, size).Select(i => (float)(isLast ? i + 1 : size - i))];
        var placed = n.Step("places", NnBinary.Mul, [isMost, n.Floats("places", Tensor.Create(Along(rank - axis, size), places))]);
        var furthest = keep ? n.Step("furthest", NnReduce.Max, [placed], ("axes", new[] { axis }), ("keepdims", true))
            : n.Step("furthest", NnReduce.Max, [placed], ("axes", new[] { axis }));
        return isLast ? last(NnBinary.Sub, furthest, n.Floats("one", Tensor.Scalar(1f)))
            : last(NnBinary.Sub, n.Floats("size", Tensor.Scalar((float)size)), furthest);
    }

    //  of index i and place k: [i > k - ½] - [i > k + ½], which no rounding of i below ½ changes
    /// <summary>1 at the place that each index names, else 0: for indices [a, b] and axis 1 a result [a, depth, b].</summary>
    /// <param name="first">The index that names the first place.</param>
    public static Value OneHot(IRowEmitter n, string step, Value indices, int axis, int depth, long first, LastRow last)
    {
        var column = n.Step($"{step}.column", NnShape.ExpandDims, [indices], ("axes", new[] { axis }));
        var places = Along(column.Type.Shape.Rank - axis, depth);
        Value above = Above("above", first - 0.5f), beyond = Above("beyond", first + 0.5f);
        return last(NnBinary.Sub, above, beyond);

        Value Above(string part, float limit)
        {
            float[] limits = [.. Enumerable.Range(0, depth).Select(k => k + limit)];
            return n.Step($"{step}.{part}", NnBinary.Greater, [column, n.Floats($"{step}.{part}.limits", Tensor.Create(places, limits))]);
        }
    }

    //  i   ⇒   take(rows, i + before): rows of no index at both ends, to which indices outside come
    /// <summary>
    /// As <see cref="OneHot"/> along a new last axis, for whole indices: the row of a table. A layer behind it is one of the table then
    /// (fold-lookups). Null where the table is large.
    /// </summary>
    /// <param name="countsFromEnd">Whether indices below 0 count from the end; they are outside otherwise.</param>
    /// <param name="off">The number at all places but one.</param>
    /// <param name="on">The number at the place that the index names.</param>
    public static Value? OneHotRows(IRowEmitter n, Value indices, int depth, bool countsFromEnd, float off, float on, LastRow last)
    {
        int before = countsFromEnd ? depth + 1 : 1, rows = before + depth + 1;
        if ((long)rows * depth > MostInTable) return null;
        var table = Tensor.Zeros<float>(Shape.Of(rows, depth));
        Array.Fill(table.Data, off);
        for (int row = 1; row < rows - 1; row++) table.Data[row * depth + (row - before + depth) % depth] = on;
        var shifted = n.Step("row", NnBinary.Add, [indices, n.Floats("before", Tensor.Scalar((float)before))]);
        return last(NnLookup.Take, n.Floats("rows", table), shifted);
    }

    //  g[i, j] = [x[i] > x[j]]      rank of j: Σ g[i, j] for i > j, plus j - Σ g[j, i] for i < j, so that of equal ones the first leads
    /// <summary>Of data [..., n]: 1 where element j (the last axis) is the k-th largest (the axis before), [..., count, n].</summary>
    /// <exception cref="NodeException">There are too many pairs.</exception>
    public static Value Leaders(IRowEmitter n, Value data, int count)
    {
        var shape = data.Type.Shape;
        int size = shape[^1], last = shape.Rank - 1;
        CheckLength(data, last);
        if (shape.Count > MostPairs / size)
            throw new NodeException(FrontendCodes.UnsupportedAttribute,
                $"to sort {Counted.Of(size, "element")} of {shape}, each is compared with each, which takes too many comparisons",
                $"at most {MostPairs} are made");
        var column = n.Step("column", NnShape.ExpandDims, [data], ("axes", new[] { last + 1 }));
        var above = n.Step("above", NnBinary.Greater, [column, n.Step("row", NnShape.ExpandDims, [data], ("axes", new[] { last }))]);
        var behind = n.Step("behind", NnBinary.Mul, [above, n.Floats("behind.mask", Triangle(size))]);
        var later = n.Step("later", NnReduce.Sum, [behind], ("axes", new[] { last }));
        var earlier = n.Step("earlier", NnReduce.Sum, [behind], ("axes", new[] { last + 1 }));
        float[] order = [.. Enumerable.Range(0, size).Select(i => (float)i)];
        var places = n.Step("places", NnBinary.Sub, [n.Floats("order", Tensor.Vector(order)), earlier]);
        var ranks = n.Step("ranks", NnBinary.Add, [later, places]);
        return OneHot(n, "leads", ranks, last, count, 0, (row, operands) => n.Step("leads", row, operands));
    }

    /// <summary>1 below the diagonal: row i, column j, j before i.</summary>
    private static Tensor<float> Triangle(int size)
    {
        var ones = Tensor.Zeros<float>(Shape.Of(size, size));
        for (int i = 0; i < size; i++) ones.Data.AsSpan(i * size, i).Fill(1);
        return ones;
    }

    private static void CheckLength(Value data, int axis)
    {
        if (data.Type.Shape[axis] > MostIndices)
            throw new NodeException(FrontendCodes.UnsupportedAttribute,
                $"axis {axis} of {data.Type.Shape} is long", $"at most {MostIndices} elements are compared");
    }

    /// <summary>A shape that lines up with an axis and what is behind it.</summary>
    private static Shape Along(int axes, int size) => Shape.Of(Enumerable.Range(0, axes).Select(i => i == 0 ? size : 1));
}
