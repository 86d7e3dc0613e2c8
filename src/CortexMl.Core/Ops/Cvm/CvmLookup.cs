using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Ranges;

namespace CortexMl.Ops.Cvm;

/// <summary>Rows that select by value: take, table, where. Source: CortexMl.Cvm/SPECIFICATION.md §8.1, §8.2.</summary>
public static class CvmLookup
{
    public static readonly OpSpec Take = new("cvm.take")
    {
        Doc = "Slices of data along an axis at indices, which are clamped to the axis; without an axis, elements of data flattened",
        Operands = [new("data", "what is selected from"), new("indices", "any shape")],
        Attributes = [CvmAttr.OptionalInt("axis", "along which axis; left out: data as a flat list")],
        Shapes = CvmRules.Shape(TakeShape),
        Elements = CvmRules.SamePrecision,
        Levels = Level.Quant | Level.Cvm,
        Traits = OpTraits.Moves,
        CvmName = "take",
    };

    public static readonly OpSpec CvmLut = new("cvm.cvm_lut")
    {
        Doc = "table[x], with x clamped to 0..in_dim - 1",
        Operands = [new("data", "indices of any shape"), new("table", "in_dim elements of any shape")],
        Attributes = [CvmAttr.Int("in_dim", "number of elements of the table")],
        Shapes = CvmRules.Shape(LutShape),
        Elements = CvmRules.Precision((op, _) => op.Precision(1)),
        Levels = Level.Quant | Level.Cvm,
        Ranges = [LookupIntervals.Lut],
        CvmName = "cvm_lut",
    };

    /// <remarks>
    /// The result claims the precision of the condition, whatever x and y hold. Divergent: with a one-dimensional condition the runtime
    /// leaves part of the result unwritten.
    /// </remarks>
    public static readonly OpSpec Where = new("cvm.where")
    {
        Doc = "x where the condition is not 0, else y",
        Operands = [new("condition", "the shape of x, or one element per row of x"), new("x", "any shape"), new("y", "the shape of x")],
        Shapes = CvmRules.Shape(WhereShape),
        Elements = CvmRules.SamePrecision,
        Levels = Level.Quant | Level.Cvm,
        Traits = OpTraits.Elementwise | OpTraits.SampleWise | OpTraits.Homogeneous,
        Ranges = [LookupIntervals.Either],
        Divergence = CvmDivergence.Where,
        CvmName = "where",
    };

    private static long[] TakeShape(IOperation op)
    {
        var data = CvmRules.Dims(op.Shape(0));
        var indices = CvmRules.Dims(op.Shape(1));
        if (op.Get("axis") is null) return indices;
        int axis = CvmRules.Axis(op, op.Int("axis"), data.Length);
        return [.. data[..axis], .. indices, .. data[(axis + 1)..]];
    }

    private static long[] LutShape(IOperation op) => op.Shape(1).Count == op.Int("in_dim")
        ? CvmRules.Dims(op.Shape(0))
        : throw op.Logic(
            $"table {op.Shape(1)} where in_dim = {Counted.Of(op.Int("in_dim"), "element is", "elements are")} needed");

    private static long[] WhereShape(IOperation op)
    {
        var (condition, x, y) = (op.Shape(0), op.Shape(1), op.Shape(2));
        if (x != y) throw op.Logic($"x {x} and y {y} differ");
        if (condition != x && !(condition.Rank == 1 && condition[0] == x[0]))
            throw op.Logic($"condition {condition} fits neither {x} nor its rows");
        return CvmRules.Dims(x);
    }
}
