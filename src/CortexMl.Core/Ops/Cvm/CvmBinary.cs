using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Ranges;
using CortexMl.Tensors;

namespace CortexMl.Ops.Cvm;

/// <summary>
/// Rows with two operands: <c>elemwise_*</c> of one shape, <c>broadcast_*</c> with NumPy broadcasting. Source:
/// CortexMl.Cvm/SPECIFICATION.md §8.1, §8.2.
/// </summary>
public static class CvmBinary
{
    /// <summary>What a sum and a maximum have in common.</summary>
    private const OpTraits SumOrExtreme = OpTraits.Commutative | OpTraits.Monotone | OpTraits.Homogeneous;

    private static readonly ElementRule OneMore =
        CvmRules.Precision((op, _) => Math.Max(op.Precision(0), op.Precision(1)) + 1);

    public static readonly OpSpec ElemwiseAdd =
        Row("elemwise_add", "a + b of one shape", Identical, OneMore, (a, b) => a + b, SumOrExtreme | OpTraits.InPlace);

    public static readonly OpSpec ElemwiseSub = Row(
        "elemwise_sub", "a - b of one shape", Identical, OneMore, (a, b) => a - b, OpTraits.Homogeneous | OpTraits.InPlace);

    public static readonly OpSpec BroadcastAdd = Row("broadcast_add", "a + b", Broadcast, OneMore, (a, b) => a + b, SumOrExtreme);

    public static readonly OpSpec BroadcastSub = Row("broadcast_sub", "a - b", Broadcast, OneMore, (a, b) => a - b, OpTraits.Homogeneous);

    public static readonly OpSpec BroadcastMul = Row(
        "broadcast_mul", "a · b", Broadcast,
        CvmRules.Precision((op, _) => op.Precision(0) + op.Precision(1)), (a, b) => a * b, OpTraits.Commutative);

    /// <remarks>Divergent: the most negative integer divided by -1 stops the runtime.</remarks>
    public static readonly OpSpec BroadcastDiv = Row(
        "broadcast_div", "a / b, truncated toward zero; 0 where b is 0", Broadcast, CvmRules.SamePrecision, ArithmeticIntervals.Quotient,
        OpTraits.None, CvmDivergence.MostNegative);

    public static readonly OpSpec BroadcastMax = Row(
        "broadcast_max", "The larger of a and b", Broadcast,
        CvmRules.Precision((op, _) => Math.Max(op.Precision(0), op.Precision(1))), (a, b) => a.Max(b), SumOrExtreme);

    /// <remarks>The result, 0 or 1, has the precision of a.</remarks>
    public static readonly OpSpec BroadcastGreater = Row(
        "broadcast_greater", "1 where a > b, else 0", Broadcast, CvmRules.SamePrecision, (_, _) => new Interval(0, 1),
        OpTraits.NeverNegative);

    private static OpSpec Row(
        string name, string doc, Func<IOperation, long[]> shape, ElementRule elements, Func<Interval, Interval, Interval> range,
        OpTraits traits, DivergenceRule? divergence = null) =>
        new("cvm." + name)
        {
            Doc = doc,
            Operands = [new("a", "left operand"), new("b", "right operand")],
            Shapes = CvmRules.Shape(shape),
            Elements = elements,
            Levels = Level.Quant | Level.Cvm,
            Traits = traits | OpTraits.Elementwise | OpTraits.SampleWise,
            Ranges = [ArithmeticIntervals.Binary(range)],
            Divergence = divergence,
            CvmName = name,
        };

    private static long[] Identical(IOperation op) => op.Shape(0) == op.Shape(1)
        ? CvmRules.Dims(op.Shape(0))
        : throw op.Logic($"shapes {op.Shape(0)} and {op.Shape(1)} differ",
            "broadcast_add and broadcast_sub take shapes that broadcast");

    private static long[] Broadcast(IOperation op) => Shape.Broadcast(op.Shape(0), op.Shape(1)) is { } shape
        ? CvmRules.Dims(shape)
        : throw op.Logic($"shapes {op.Shape(0)} and {op.Shape(1)} do not broadcast: dimensions must be equal or 1");
}
