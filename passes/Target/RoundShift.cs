using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Ranges;
using CortexMl.Passes.Quantize;
using CortexMl.Tensors;

namespace CortexMl.Passes.Target;

//  %1 = quant.requantize(%0, @m) {precision = 8, shift = 17} : i8[…] @ s
//  ⇒
//  %1 = cvm.cvm_clip(%0) {precision = 22}                       only where precision(%0) + precision(@m) exceeds 32
//  %2 = cvm.broadcast_mul(%1, @m)                               only where @m is not 1
//  %3 = cvm.cvm_right_shift(%2) {precision = 8, shift_bit = 17}     cvm_clip where the shift is 0
//
// Without a multiplier, m and b are chosen so that m · 2^-b is the ratio of the scales. Source: passes/Quantize/README.md §4, §5.
public sealed class RoundShift : RewritePass
{
    /// <summary>A requantization that changes nothing goes, and with it the precision that it declared.</summary>
    public static readonly PassInfo Record = new(
        "round-shift", "Turn each requantization into clip, multiplication and rounding shift", Level.Quant, Level.Quant)
    {
        Alters = GraphContract.Precisions,
    };

    /// <summary>Bits that a multiplier should have at least: the ratio's relative error is then below 2^-10.</summary>
    private const int MultiplierBits = 10;

    private Intervals _ranges = new();

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        _ranges = Intervals.Of(graph);
        base.Run(graph, context);
    }

    protected override IEnumerable<Rule> Rules =>
    [
        Rule.On(Quant.Requantize).Where(r => r.Operand("multiplier") is null).Rewrite(ByRatio),
        Rule.On(Quant.Requantize).Where(r => r.Operand("multiplier") is not null).Rewrite(ByMultiplier),
    ];

    private Value ByMultiplier(Operation requantize, PassContext context)
    {
        var emit = new RoundingEmitter(requantize, context.Rewriter, _ranges);
        Value data = requantize["data"], multiplier = requantize["multiplier"];
        int shift = (int)requantize.Int("shift");
        var factors = multiplier.Constant!.Integers.ToArray();
        return emit.Finish(data, multiplier, factors.Min(), factors.Max(), shift);
    }

    private Value ByRatio(Operation requantize, PassContext context)
    {
        var emit = new RoundingEmitter(requantize, context.Rewriter, _ranges);
        var data = requantize["data"];
        double ratio = requantize.Result.Type.Scale!.Value / data.Type.Scale!.Value;
        // x · 1 at another precision: saturation alone
        if (ratio == 1) return emit.Finish(data, null, 1, 1, 0);
        var (first, multiplier, shift) = Choose(ratio, Bound(data), emit.Precision);
        if (first > 0) data = emit.Shift(data, first, Math.Max(1, Precisions.Of(RequantizeIntervals.Rounded(Bound(data), first))));
        if (multiplier == 0)
            throw new Diagnostics.DiagnosticException(
                QuantizeCodes.NoRequantization, $"no multiplier and shift of 32 bits make the ratio {ratio}", requantize.Location);
        double achieved = multiplier / (double)(1L << shift) / (1L << first);
        if (Math.Abs(achieved - ratio) > ratio / (1 << (MultiplierBits - 1)))
            context.Diagnostics.Warning(
                QuantizeCodes.CoarseRatio, $"scale ratio {ratio} is only reached as {achieved}", requantize.Location);
        Value? constant = multiplier == 1 ? null : emit.Constant((int)multiplier);
        return emit.Finish(data, constant, multiplier, multiplier, shift);
    }

    /// <summary>
    /// First a shift that frees bits for the multiplier (0 where it has enough), then m · 2^-b nearest to what remains of the ratio; m =
    /// 0 where nothing fits.
    /// </summary>
    private static (int First, long Multiplier, int Shift) Choose(double ratio, long bound, int precision)
    {
        var direct = Nearest(ratio, bound, precision);
        var best = (First: 0, direct.Multiplier, direct.Shift);
        // Few bits may be as good as many: a ratio of 1 + 2^-52 is a multiplier of 1.
        if (Error(best, ratio) < ratio / (1 << MultiplierBits)) return best;
        for (int first = 1; Precisions.Bits(best.Multiplier) < MultiplierBits; first++)
        {
            // Keep four bits more than the result has, so that the first rounding does not show.
            if (Precisions.Of(bound >> first) < precision + 4) break;
            var (multiplier, shift) = Nearest(ratio * (1L << first), RequantizeIntervals.Rounded(bound, first), precision);
            if (Error((first, multiplier, shift), ratio) < Error(best, ratio)) best = (first, multiplier, shift);
        }
        return best;
    }

    private static double Error((int First, long Multiplier, int Shift) choice, double ratio) => choice.Multiplier == 0
        ? double.PositiveInfinity
        : Math.Abs(choice.Multiplier / (double)(1L << choice.Shift) / (1L << choice.First) - ratio);

    private static (long Multiplier, int Shift) Nearest(double ratio, long bound, int precision)
    {
        for (int shift = ShiftBudget.MaxShift; shift >= 0; shift--)
        {
            double exact = Math.Floor(ratio * (1L << shift) + 0.5);
            if (exact < 1 || exact > int.MaxValue) continue;
            long multiplier = (long)exact;
            while (shift > 0 && multiplier % 2 == 0)
            {
                // m · 2^-b = (m / 2) · 2^-(b - 1)
                multiplier /= 2;
                shift--;
            }
            if (ShiftBudget.Fits(ShiftBudget.ClipPrecision(bound, precision, multiplier, shift), multiplier)) return (multiplier, shift);
        }
        return (0, 0);
    }

    private long Bound(Value value) => _ranges[value].All.Magnitude;

    /// <summary>Emits the three steps before one requantization.</summary>
    private sealed class RoundingEmitter(Operation requantize, Rewriter rewriter, Intervals ranges)
    {
        public int Precision { get; } = (int)requantize.Int("precision");

        private Scale Target => requantize.Result.Type.Scale!;

        public Value Finish(Value data, Value? multiplier, long least, long most, int shift)
        {
            int clip = ShiftBudget.ClipPrecision(ranges[data].All.Magnitude, Precision, least, shift);
            bool multiplies = most != 1;
            if (!ShiftBudget.Fits(clip, most))
                throw new DiagnosticException(QuantizeCodes.NoRequantization,
                    $"a multiplier of up to {most} on data that needs {Counted.Of(clip, "bit")} exceeds {ShiftBudget.Total} bits",
                    requantize.Location, "use a smaller multiplier and shift for the same ratio");
            if (multiplies && data.Type.Precision + multiplier!.Type.Precision > ShiftBudget.Total)
                data = Clip(data, clip, data.Type.Scale!);
            if (multiplies) data = Emit(CvmBinary.BroadcastMul, [data, multiplier!], Attributes.Empty, ProductScale(shift));
            if (shift > 0)
                return Emit(CvmUnary.CvmRightShift, [data], Attributes.Of(("precision", Precision), ("shift_bit", shift)), Target);
            return data.Type.Precision <= Precision && !multiplies && data.Type.Scale!.Equals(Target)
                ? data
                : Clip(data, Precision, Target);
        }

        public Value Shift(Value data, int bits, int precision) =>
            Emit(CvmUnary.CvmRightShift, [data], Attributes.Of(("precision", precision), ("shift_bit", bits)),
                Scale.PerTensor(data.Type.Scale!.Value / (1L << bits)));

        public Value Constant(int multiplier) => rewriter.InsertConstant(
            requantize, "multiplier", Tensor.Vector(multiplier),
            TensorType.Integer(Math.Max(2, Precisions.Of(multiplier)), Tensors.Shape.Of(1)));

        private Value Clip(Value data, int precision, Scale scale) =>
            Emit(CvmUnary.CvmClip, [data], Attributes.Of(("precision", precision)), scale);

        /// <summary>Before the shift the integers stand 2^b above the target's scale.</summary>
        private Scale ProductScale(int shift) => Scale.PerTensor(Target.Value * (1L << shift));

        private Value Emit(OpSpec spec, IReadOnlyList<Value> operands, Attributes attributes, Scale scale)
        {
            var operation = rewriter.Insert(requantize, spec, operands, attributes, requantize.Location);
            rewriter.SetType(operation.Result, operation.Result.Type with { Scale = scale });
            return operation.Result;
        }
    }
}
