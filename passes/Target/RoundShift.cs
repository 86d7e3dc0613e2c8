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
        Scale from = data.Type.Scale!, to = requantize.Result.Type.Scale!;
        int channels = Math.Max(from.Values.Length, to.Values.Length);
        double[] ratios = [.. Enumerable.Range(0, channels).Select(c => to.At(c) / from.At(c))];
        if (ratios.All(r => r == ratios[0])) ratios = [ratios[0]];
        // x · 1 at another precision: saturation alone
        if (ratios is [1]) return emit.Finish(data, null, 1, 1, 0);
        if (RatioChoice.Of(ratios, Bound(data), emit.Precision) is not { } choice)
            throw new Diagnostics.DiagnosticException(
                QuantizeCodes.NoRequantization, $"no multiplier and shift of 32 bits make the ratio {ratios.Max()}", requantize.Location);
        if (choice.First > 0)
            data = emit.Shift(data, choice.First, Math.Max(1, Precisions.Of(RequantizeIntervals.Rounded(Bound(data), choice.First))));
        var (ratio, achieved) = choice.Worst(ratios);
        if (Math.Abs(achieved - ratio) > ratio * RatioChoice.Coarse)
            context.Diagnostics.Warning(
                QuantizeCodes.CoarseRatio, $"scale ratio {ratio} is only reached as {achieved}", requantize.Location);
        var multipliers = choice.Multipliers;
        Value? constant = multipliers is [1] ? null : emit.Constant(multipliers, from.Axis ?? to.Axis);
        return emit.Finish(data, constant, multipliers.Min(), multipliers.Max(), choice.Shift);
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
                data.Type.Scale!.Times(1.0 / (1L << bits)));

        /// <summary>One number, or one for each index of the axis.</summary>
        public Value Constant(IReadOnlyList<long> multipliers, int? axis)
        {
            int behind = multipliers.Count == 1 ? 0 : requantize.Result.Type.Shape.Rank - 1 - axis!.Value;
            var shape = Tensors.Shape.Of([multipliers.Count, .. Enumerable.Repeat(1, behind)]);
            return rewriter.InsertConstant(
                requantize, "multiplier", Tensor.Create(shape, multipliers.Select(m => (int)m).ToArray()),
                TensorType.Integer(Math.Max(2, Precisions.Of(multipliers.Max())), shape));
        }

        private Value Clip(Value data, int precision, Scale scale) =>
            Emit(CvmUnary.CvmClip, [data], Attributes.Of(("precision", precision)), scale);

        /// <summary>Before the shift the integers stand 2^b above the target's scale.</summary>
        private Scale ProductScale(int shift) => Target.Times(1L << shift);

        private Value Emit(OpSpec spec, IReadOnlyList<Value> operands, Attributes attributes, Scale scale)
        {
            var operation = rewriter.Insert(requantize, spec, operands, attributes, requantize.Location);
            rewriter.SetType(operation.Result, operation.Result.Type with { Scale = scale });
            return operation.Result;
        }
    }
}
