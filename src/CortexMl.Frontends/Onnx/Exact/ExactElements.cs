using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Cvm;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>Rows of one operand, element by element.</summary>
internal static class ExactElements
{
    public static IReadOnlyDictionary<OpSpec, ExactForm> All { get; } = new Dictionary<OpSpec, ExactForm>
    {
        [CvmUnary.Abs] = new("Abs", row => row.Chain(0, IsMostNegative(row)).Then("Abs").To(DataType.Int32).Emit()),
        [CvmUnary.Negative] = new("Neg", row => row.Chain(0, IsMostNegative(row)).Then("Neg").To(DataType.Int32).Emit()),
        [CvmUnary.Relu] = new("Max", row => row.Emit("Max", [row.Operand(0), row.Number(0, DataType.Int32)])),
        [CvmUnary.CvmPrecision] = new("Abs, GreaterOrEqual with powers of two, ReduceSum", Digits),
        [CvmUnary.Clip] = new("Clip", row => row.Chain(0).Clamp(row.Range(0), row.Op.Int("a_min"), row.Op.Int("a_max")).Emit()),
        [CvmUnary.CvmClip] = new("Clip", row => row.Chain(0).Clamp(row.Range(0), -Bound(row), Bound(row)).Emit()),
        [CvmUnary.CvmLeftShift] = new("Mul, Clip", LeftShift),
        [CvmUnary.CvmRightShift] = new("Add, Div, Clip", RightShift),
    };

    /// <summary>Whether the operand can be the one number whose negative needs 33 bits.</summary>
    private static bool IsMostNegative(ExactRow row) => row.Range(0).Lo == int.MinValue;

    private static long Bound(ExactRow row) => Precisions.Bound((int)row.Op.Int("precision"));

    //  clamp(low32(x · 2^bits))
    private static void LeftShift(ExactRow row)
    {
        var (factor, bound) = (1L << (int)row.Op.Int("shift_bit"), Bound(row));
        var product = row.Range(0) * Interval.Of(factor);
        bool wraps = !product.FitsInt32;
        row.Chain(0, wraps).Mul(factor).To(DataType.Int32)
            .Clamp(wraps ? Interval.Int32 : product, -bound, bound).Emit();
    }

    //  clamp(⌊(x + half) / 2^bits⌋), half = 2^(bits - 1)      ⇒      (x + half + offset) / 2^bits - offset / 2^bits
    //
    // ONNX divides toward zero: offset, a multiple of 2^bits, moves every x + half to 0 or above, where that is downward.
    private static void RightShift(ExactRow row)
    {
        int bits = (int)row.Op.Int("shift_bit");
        long divisor = 1L << bits, half = divisor / 2, bound = Bound(row);
        var data = row.Range(0);
        // One bit: the largest integer plus the half wraps (CortexMl.Cvm/SPECIFICATION.md §11).
        bool wraps = bits == 1 && data.Hi == int.MaxValue;
        var sum = wraps ? Interval.Int32 : new(data.Lo + half, data.Hi + half);
        long offset = sum.Lo >= 0 ? 0 : (divisor - 1 - sum.Lo) / divisor * divisor;
        var rounded = sum.Monotone(x => x >> bits);
        var chain = row.Chain(0, sum.Hi + offset > int.MaxValue || half + offset > int.MaxValue || divisor > int.MaxValue);
        if (wraps) chain.Add(half).To(DataType.Int32).To(DataType.Int64).Add(offset);
        else chain.Add(half + offset);
        chain.Div(divisor).Add(-offset / divisor).To(DataType.Int32).Clamp(rounded, -bound, bound).Emit();
    }

    //  1 + number of k in 1, 2, … with |x| ≥ 2^k
    private static void Digits(ExactRow row)
    {
        bool isWide = IsMostNegative(row);
        int count = Math.Max(1, Precisions.Bits(row.Range(0).Magnitude) - 1), axis = row.ShapeOf(0).Rank;
        string powers = isWide ? row.Ints([.. Powers(count)]) : row.Numbers([.. Powers(count).Select(power => (int)power)]);
        string column = row.Chain(0, isWide).Then("Abs").Then("Unsqueeze", [row.Ints(axis)]).Step();
        string reached = row.Step("Cast", [row.Step("GreaterOrEqual", [column, powers])], Attribute("to", (long)DataType.Int32));
        row.From(reached, DataType.Int32).Then("ReduceSum", [row.Ints(axis)], Attribute("keepdims", 0)).Add(1).Emit();
    }

    private static IEnumerable<long> Powers(int count) => Enumerable.Range(1, count).Select(k => 1L << k);
}
