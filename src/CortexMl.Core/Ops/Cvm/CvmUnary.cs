using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Ranges;

namespace CortexMl.Ops.Cvm;

/// <summary>Element-wise rows with one operand. Source: CortexMl.Cvm/SPECIFICATION.md §8.1, §8.2.</summary>
public static class CvmUnary
{
    public static readonly OpSpec Abs = Row(
        "abs", "Magnitude; the most negative integer stays itself", ArithmeticIntervals.Unary(x => x.Abs()),
        OpTraits.InPlace | OpTraits.Homogeneous);

    // The runtime's list of operators that may work in place misspells negative, so it may not.
    public static readonly OpSpec Negative =
        Row("negative", "Negated, wrapping to 32 bits", ArithmeticIntervals.Unary(x => -x), OpTraits.Homogeneous);

    public static readonly OpSpec Relu = Row(
        "relu", "max(x, 0)", ArithmeticIntervals.Unary(x => x.Max(Interval.Of(0))),
        OpTraits.InPlace | OpTraits.NeverNegative | OpTraits.Monotone | OpTraits.Homogeneous);

    /// <remarks>Divergent: one device never returns from the most negative integer.</remarks>
    public static readonly OpSpec CvmPrecision = Row(
        "cvm_precision", "Number of binary digits of the magnitude, at least 1", ArithmeticIntervals.Digits,
        OpTraits.InPlace | OpTraits.NeverNegative,
        elements: CvmRules.Precision((_, _) => 6),
        divergence: CvmDivergence.MostNegative);

    public static readonly OpSpec Clip = Row(
        "clip", "Clamped to a_min..a_max", ArithmeticIntervals.Clip,
        attributes: [CvmAttr.Int("a_min", "smallest result"), CvmAttr.Int("a_max", "largest result, above a_min")],
        elements: CvmRules.Precision((op, _) => ClipPrecision(op)));

    public static readonly OpSpec CvmClip = Row(
        "cvm_clip", "Clamped to what a precision holds: ±(2^(precision-1) - 1)", ArithmeticIntervals.ClipToPrecision,
        attributes: [Precision, CvmAttr.IsSign],
        elements: CvmRules.Precision((op, _) => GivenPrecision(op)));

    /// <remarks>Divergent: the runtime's CPU device fails at every inference.</remarks>
    public static readonly OpSpec CvmLeftShift = Row(
        "cvm_left_shift", "x · 2^shift_bit, clamped to a precision", ArithmeticIntervals.WholePrecision,
        attributes: [Precision, ShiftBit, CvmAttr.IsSign],
        elements: CvmRules.Precision((op, _) => LeftShiftPrecision(op)),
        divergence: CvmDivergence.LeftShift);

    /// <remarks>
    /// Divergent where precision + shift_bit exceeds 31 or shift_bit is above 30: the devices round and clamp differently.
    /// </remarks>
    public static readonly OpSpec CvmRightShift = Row(
        "cvm_right_shift", "x / 2^shift_bit rounded to nearest, ties up, clamped to a precision", RequantizeIntervals.RightShift,
        attributes: [Precision, ShiftBit, CvmAttr.IsSign],
        elements: CvmRules.Precision((op, _) => ShiftPrecision(op)),
        divergence: CvmDivergence.RightShift);

    private static AttributeSpec Precision => CvmAttr.Int("precision", "precision of the result, 1..32");

    private static AttributeSpec ShiftBit => CvmAttr.Int("shift_bit", "bits to shift by, 1..32");

    private static OpSpec Row(
        string name, string doc, RangeRule range, OpTraits traits = OpTraits.InPlace | OpTraits.Monotone,
        IReadOnlyList<AttributeSpec>? attributes = null, ElementRule? elements = null, DivergenceRule? divergence = null) =>
        new("cvm." + name)
        {
            Doc = doc,
            Operands = [new("data", "integers of any shape")],
            Attributes = attributes ?? [],
            Shapes = CvmRules.SameShape,
            Elements = elements ?? CvmRules.SamePrecision,
            Levels = Level.Quant | Level.Cvm,
            Traits = traits | OpTraits.Elementwise,
            Ranges = [range],
            Divergence = divergence,
            CvmName = name,
        };

    /// <summary>bits(max(|a_min|, |a_max|) + 1) + 1: one more than the values need at 2^k - 1 (127 → 9), as the runtime has it.</summary>
    private static long ClipPrecision(IOperation op)
    {
        long min = op.Int("a_min"), max = op.Int("a_max");
        CvmRules.InRange(op, "a_min", min, -int.MaxValue, int.MaxValue);
        CvmRules.InRange(op, "a_max", max, -int.MaxValue, int.MaxValue);
        if (min >= max) throw op.Logic($"a_min = {min} is not below a_max = {max}");
        return Precisions.Bits(Math.Max(Math.Abs(min), Math.Abs(max)) + 1) + 1;
    }

    private static long GivenPrecision(IOperation op)
    {
        CvmRules.InRange(op, "precision", op.Int("precision"), 1, 32);
        return op.Int("precision");
    }

    private static long ShiftPrecision(IOperation op)
    {
        CvmRules.InRange(op, "shift_bit", op.Int("shift_bit"), 1, 32);
        return GivenPrecision(op);
    }

    private static long LeftShiftPrecision(IOperation op)
    {
        long precision = ShiftPrecision(op), needed = op.Precision(0) + op.Int("shift_bit");
        return needed <= 32
            ? precision
            : throw op.Runtime(
                $"shifting precision {op.Precision(0)} left needs {Counted.Of(needed, "bit")}, at most 32 are allowed");
    }
}
