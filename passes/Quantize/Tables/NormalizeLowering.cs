using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Shapes;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Tables;

//  normalize(x) over n elements, x as integers @ s      (passes/Quantize/README.md §8)
//  ⇒  d = n·x - Σ x                     the distance to the mean @ n·s, exact; without center d = x
//     v = Σ (d / 2^k)² / 2^t + ε        d of 16 bits, the sum at most 2^30
//     h = ⌈bits(v) / 2⌉                 4^(h-1) ≤ v < 4^h
//     m = v · 4^(6-h)                   1024 … 4095: its leading digits, by a division and a multiplication by tables of bits(v)
//     y = (d · 2^g / 2^h) · table[m]    table[m] = round(2^14 · 64 / √(m + ½)), at scale 2^(14 + g + k + t/2) / √n
internal static class NormalizeLowering
{
    /// <summary>Bits of v beyond which a sum with ε might wrap.</summary>
    private const int PowerBits = 30;

    /// <summary>Bits of the magnitudes that are squared.</summary>
    private const int SquaredBits = 15;

    /// <summary>Binary digits of m, and of the entries of its table.</summary>
    private const int Digits = 12, Fraction = 14;

    /// <summary>Bits of what is multiplied by the table: with its 16 they are 32.</summary>
    private const int QuotientBits = 16;

    /// <summary>On which all devices agree.</summary>
    private const int MostShift = 29;

    /// <summary>One entry for each number of bits, 0 … 32.</summary>
    private const int Widths = 33;

    public static readonly LoweringRule Normalize = new((op, _, _) => DataDemand(op), Lower)
    {
        Refusal = op => Bits(op) < DemandPrecision.Data
            ? $"a sum over {Counted.Grouped(Terms(op), "element")} of 8 bits goes beyond 32" : null,
    };

    private static Demand DataDemand(Operation op) => Demands.Covering(Bits(op), op["data"]);

    /// <summary>So many that n·x - Σ x has 32 at most.</summary>
    private static int Bits(Operation op) => Math.Min(DemandPrecision.Wide, PowerBits - Precisions.Bits(Terms(op)));

    private static long Terms(Operation op) => op.Ints("axes").Aggregate(1L, (n, axis) => n * op.Shape(0)[op.Shape(0).Axis(axis)]);

    private static Value Lower(Operation op, Quantizer quantizer)
    {
        string name = quantizer.Name(op.Result);
        long terms = Terms(op);
        var data = quantizer.Within(op["data"], DataDemand(op));
        var shape = data.Type.Shape;
        int[] axes = [.. Enumerable.Range(0, shape.Rank).Where(axis => op.Ints("axes").Any(a => shape.Axis(a) == axis))];
        var apart = op.Bool("center") ? FromMean(data, axes, terms, name, quantizer) : data;
        var range = quantizer.Ranges[apart].All;
        int bits = Precisions.Bits(Math.Max(-range.Lo, range.Hi));

        var (shift, fold, epsilon) = Shifts(op, bits, apart.Type.Scale!.Value);
        var power = Power(Shifted(apart, bits, shift, quantizer), fold, axes, epsilon, name, quantizer);

        double most = Math.Min(Math.Sqrt(terms), Headroom.Reach(op.Result, DemandPrecision.Wide));
        double root = Math.Sqrt(Math.ScaleB(1, fold)) / Math.Sqrt(terms);
        double finest = Precisions.Bound(QuotientBits) / root / (most > 0 ? most : 1);
        int gain = Math.Min(29 - Math.Max(1, bits), Math.ILogB(finest) - shift);
        var scale = Scale.PerTensor(Math.ScaleB(root, Fraction + gain + shift));

        var width = quantizer.Emit(CvmUnary.CvmPrecision, [power], null, Scale.PerTensor(1));
        var numerator = Times(
            Shifted(apart, bits, Math.Max(0, -gain), quantizer), 1L << Math.Max(0, gain), $"{name}.ahead", quantizer);
        var quotient = quantizer.Emit(
            CvmBinary.BroadcastDiv, [numerator, OfWidth(width, h => 1L << h, $"{name}.root", quantizer)], null, scale);
        quotient = quantizer.Emit(CvmUnary.CvmClip, [quotient], Attributes.Of(("precision", QuotientBits)), scale);
        return quantizer.Emit(CvmBinary.BroadcastMul, [quotient, Mantissa(power, width, name, quantizer)], null, scale);
    }

    /// <summary>k, t, and ε in the units of v.</summary>
    private static (int Shift, int Fold, double Epsilon) Shifts(Operation op, int bits, double unit)
    {
        long terms = Terms(op);
        for (int shift = Math.Max(0, bits - SquaredBits); ; shift++)
        {
            int fold = Math.Max(0, 2 * (bits - shift) + Precisions.Bits(terms) - PowerBits);
            double one = Math.ScaleB(unit, -shift), epsilon = Math.ScaleB(op.Float("epsilon") * terms * one * one, -fold);
            if (epsilon <= Precisions.Bound(PowerBits) || shift == MostShift) return (shift, fold, epsilon);
        }
    }

    private static Value FromMean(Value data, int[] axes, long terms, string name, Quantizer quantizer)
    {
        var scale = Scale.PerTensor(data.Type.Scale!.Value * terms);
        var sum = PortableReduction.Emit(quantizer, CvmReduce.Sum, data, axes, keepDims: true, scale);
        var times = quantizer.Emit(
            CvmBinary.BroadcastMul, [data, quantizer.Constant($"{name}.terms", Tensor.Vector((int)terms))], null, scale);
        return quantizer.Emit(CvmBinary.BroadcastSub, [times, sum], null, scale);
    }

    /// <summary>x / 2^shift, with no more bits than it needs.</summary>
    private static Value Shifted(Value value, int bits, int shift, Quantizer quantizer)
    {
        int precision = Math.Max(2, bits - shift + 1);
        var scale = Scale.PerTensor(Math.ScaleB(value.Type.Scale!.Value, -shift));
        if (shift > 0)
            return quantizer.Emit(CvmUnary.CvmRightShift, [value], Attributes.Of(("precision", precision), ("shift_bit", shift)), scale);
        return value.Type.Precision <= precision ? value
            : quantizer.Emit(CvmUnary.CvmClip, [value], Attributes.Of(("precision", precision)), scale);
    }

    /// <summary>Σ x² / 2^fold + ε, which is not below 0, though no range of x proves it of x · x.</summary>
    private static Value Power(Value apart, int fold, int[] axes, double epsilon, string name, Quantizer quantizer)
    {
        double unit = apart.Type.Scale!.Value;
        var squares = quantizer.Emit(CvmBinary.BroadcastMul, [apart, apart], null, Scale.PerTensor(unit * unit));
        squares = Shifted(squares, Precisions.Bits(quantizer.Ranges[squares].All.Magnitude), fold, quantizer);
        var scale = squares.Type.Scale!;
        var sum = PortableReduction.Emit(quantizer, CvmReduce.Sum, squares, axes, keepDims: true, scale);
        sum = quantizer.Emit(CvmUnary.CvmClip, [sum], Attributes.Of(("precision", PowerBits + 1)), scale);
        sum = quantizer.Emit(CvmUnary.Relu, [sum], null, scale);
        var added = quantizer.Constant($"{name}.epsilon", Tensor.Vector(Rounding.Clamped(epsilon, Precisions.Bound(PowerBits + 1))), scale);
        return quantizer.Emit(CvmBinary.BroadcastAdd, [sum, added], null, scale);
    }

    //  v / 4^(h-6) · 4^(6-h): one of the two is 1
    private static Value Mantissa(Value power, Value width, string name, Quantizer quantizer)
    {
        var one = Scale.PerTensor(1);
        int least = 1 << (Digits - 2), most = 1 << Digits;
        var high = quantizer.Emit(
            CvmBinary.BroadcastDiv, [power, OfWidth(width, h => 1L << Math.Max(0, 2 * h - Digits), $"{name}.above", quantizer)], null, one);
        high = quantizer.Emit(CvmUnary.CvmClip, [high], Attributes.Of(("precision", Digits + 1)), one);
        var digits = quantizer.Emit(
            CvmBinary.BroadcastMul, [high, OfWidth(width, h => 1L << Math.Max(0, Digits - 2 * h), $"{name}.below", quantizer)], null, one);
        var index = quantizer.Emit(
            CvmBinary.BroadcastSub, [digits, quantizer.Constant($"{name}.least", Tensor.Vector(least), one)], null, one);
        // v has the digits that its width says, which no range of each proves.
        index = quantizer.Emit(CvmUnary.Clip, [index], Attributes.Of(("a_min", 0), ("a_max", most - least - 1)), one);
        int[] entries =
        [
            .. Enumerable.Range(least, most - least).Select(m => Rounding.Clamped(
                Math.ScaleB(1, Fraction + Digits / 2) / Math.Sqrt(m + 0.5), Precisions.Bound(QuotientBits))),
        ];
        var scale = Scale.PerTensor(Math.ScaleB(1, Fraction));
        var table = quantizer.Constant($"{name}.table", Tensor.Vector(entries), scale);
        return quantizer.Emit(CvmLookup.CvmLut, [index, table], Attributes.Of(("in_dim", entries.Length)), scale);
    }

    /// <param name="entry">Of h, half the number of bits rounded up.</param>
    private static Value OfWidth(Value width, Func<int, long> entry, string name, Quantizer quantizer)
    {
        int[] entries = [.. Enumerable.Range(0, Widths).Select(w => (int)entry((Math.Clamp(w, 1, PowerBits + 1) + 1) / 2))];
        var table = quantizer.Constant(name, Tensor.Vector(entries), Scale.PerTensor(1));
        return quantizer.Emit(CvmLookup.CvmLut, [width, table], Attributes.Of(("in_dim", Widths)), Scale.PerTensor(1));
    }

    private static Value Times(Value value, long factor, string name, Quantizer quantizer) => factor == 1 ? value
        : quantizer.Emit(
            CvmBinary.BroadcastMul, [value, quantizer.Constant(name, Tensor.Vector((int)factor))], null,
            Scale.PerTensor(value.Type.Scale!.Value * factor));
}
