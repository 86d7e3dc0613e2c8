using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Products;

//  y = W·x, x: i15       ⇒   h = x >> 7 : i8,  l = x - 128·h : i8,   y = W·h + (W·l >> 7)
//  y = W·x, W of 15 bits ⇒   W = 128·Wh + Wl,                        y = Wh·h + (Wl·h >> 7)
//  both                  ⇒                                           y = Wh·h + ((Wh·l + Wl·h) >> 7)
//
// At the scale of the high parts, where the shift rounds once and the sums have the bits that 8-bit ones have
// (passes/Quantize/README.md §11). Wl·l is less than that rounding. Where whoever reads y sees finer steps, k bits of the rest are kept:
//
//  y = (Wh·h << k) + (… >> 7-k)
internal static class WideProduct
{
    private const int LowBits = LayerWidth.LowBits;

    private const int Unit = 1 << LowBits;

    public static Value Lower(Quantizer quantizer, Product product, Value data, Demand target)
    {
        var scales = product.Width.WideData ? data.Type.Scale!.Times(1.0 / Unit) : data.Type.Scale!;
        double inputScale = 1;
        if (scales.IsPerChannel) product = product with { Weights = ProductLowering.Folded(product, scales) };
        else inputScale = scales.Value;
        if (product.Width.WideData) product = product with { Pivot = product.Pivot is { } pivot ? [.. pivot.Select(p => p / Unit)] : null };
        var (high, low) = product.Width.WideData ? Parts(quantizer, data) : (data, null);
        // The low part adds less than one to what the high part holds.
        var range = ValueRange.Uniform(Interval.Symmetric(quantizer.Ranges[high].All.Magnitude + (low is null ? 0 : 1)));
        var (snap, fineBits) = FineSums.Choose(product, ProductLowering.Channels(product, range), inputScale, target)
            ?? throw ProductLowering.Refused(product, target);
        var coarse = ProductLowering.ResultScale(product, snap, inputScale);
        var fine = coarse.Times(Unit);
        var weights = WeightIntegers.Of(product, snap, range);
        var (upper, lower) = Weights(quantizer, product, weights);
        // Where it has room there, the bias is added to what is rounded later.
        bool isFineBias = FineSums.HoldsBias(product, snap, inputScale);
        var bias = ProductLowering.Bias(quantizer, product, snap, weights, inputScale, Shape.Of(product.Outputs), isFineBias ? Unit : 1);
        var sum = ProductLowering.Tight(quantizer, product.Emit(high, upper, isFineBias ? null : bias, coarse));
        var fineBias = isFineBias ? bias : null;
        Value? rest = low is null ? null : product.Emit(low, upper, fineBias, fine);
        if (lower is not null)
        {
            var more = product.Emit(high, lower, rest is null ? fineBias : null, fine);
            rest = rest is null
                ? more
                : quantizer.Emit(
                    CvmBinary.ElemwiseAdd, [ProductLowering.Tight(quantizer, rest), ProductLowering.Tight(quantizer, more)], null, fine);
        }
        var result = Joined(quantizer, sum, rest!, fineBits);
        // What is proven of both together, where the multiplier needs no less: their own bounds add up to more.
        long most = snap.Multipliers.Max();
        if (!ShiftBudget.Fits(result.Type.Precision, most) && ShiftBudget.Fits(quantizer.Ranges[result].All.Precision, most))
            result = ProductLowering.Tight(quantizer, result);
        var multiplier = quantizer.Constant($"{product.Name}.multiplier", ProductLowering.Multiplier(product, snap));
        return quantizer.WithSnap(result, new Snapped(multiplier, snap.Shift, target));
    }

    /// <summary>sum · 2^k + rest / 2^(7-k), where the sum of low parts is in units of 1/128 of that of the high ones.</summary>
    /// <param name="fineBits">k.</param>
    public static Value Joined(Quantizer quantizer, Value sum, Value rest, int fineBits)
    {
        var scale = sum.Type.Scale!.Times(1 << fineBits);
        Value raised = Raised(quantizer, sum, fineBits, scale), lowered = Lowered(quantizer, rest, LowBits - fineBits, scale);
        return quantizer.Emit(CvmBinary.ElemwiseAdd, [raised, lowered], null, scale);
    }

    private static Value Raised(Quantizer quantizer, Value sum, int bits, Scale scale) => bits == 0 ? sum : Summand(
        quantizer, quantizer.Emit(CvmBinary.BroadcastMul, [sum, quantizer.Constant("unit", Tensor.Vector(1 << bits))], null, scale));

    private static Value Lowered(Quantizer quantizer, Value rest, int bits, Scale scale) => bits == 0
        ? Summand(quantizer, rest)
        : quantizer.Emit(CvmUnary.CvmRightShift, [rest],
            Attributes.Of(("precision", Math.Max(2, rest.Type.Precision - bits + 1)), ("shift_bit", bits)), scale);

    /// <summary>With room for the bit that a sum of two declares.</summary>
    private static Value Summand(Quantizer quantizer, Value value) =>
        value.Type.Precision < ShiftBudget.Total - 1 ? value : ProductLowering.Tight(quantizer, value);

    //  h = cvm_right_shift(x) {shift 7}, l = cvm_clip(x - 128·h): -64 … 63, and up to ±127 where h is at its bound
    public static (Value High, Value Low) Parts(Quantizer quantizer, Value data)
    {
        if (quantizer.Parts.TryGetValue(data, out var known)) return known;
        var scales = data.Type.Scale!.Times(1.0 / Unit);
        int precision = DemandPrecision.Data;
        var high = quantizer.Emit(
            CvmUnary.CvmRightShift, [data], Attributes.Of(("precision", precision), ("shift_bit", LowBits)), scales);
        var unit = quantizer.Constant("unit", Tensor.Vector(Unit));
        var back = quantizer.Emit(CvmBinary.BroadcastMul, [high, unit], null, data.Type.Scale!);
        var low = quantizer.Emit(CvmUnary.CvmClip, [quantizer.Emit(CvmBinary.ElemwiseSub, [data, back], null, data.Type.Scale!)],
            Attributes.Of(("precision", precision)), data.Type.Scale!);
        return quantizer.Parts[data] = (high, low);
    }

    private static (Value Upper, Value? Lower) Weights(Quantizer quantizer, Product product, WeightIntegers weights)
    {
        var shape = product.WeightShape(product.Inputs);
        if (!product.Width.WideWeights) return (quantizer.Constant(product.WeightName, Tensor.Create(shape, weights.Rounded)), null);
        int[] upper = [.. weights.Rounded.Select(whole => (whole + Unit / 2) >> LowBits)];
        int[] lower = [.. weights.Rounded.Zip(upper, (whole, high) => whole - (high << LowBits))];
        return (quantizer.Constant(product.WeightName, Tensor.Create(shape, upper)),
            quantizer.Constant($"{product.WeightName}.low", Tensor.Create(shape, lower)));
    }
}
