using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Channels;
using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Passes.Quantize;

/// <summary>The precision and scale, or scale of each channel, in which a consumer wants a value.</summary>
internal readonly record struct Demand(int Precision, Scale Units)
{
    public Demand(int precision, double scale) : this(precision, Ir.Scale.PerTensor(scale)) { }

    /// <summary>The one scale of a demand that is not per channel.</summary>
    public double Scale => Units.Value;

    public override string ToString() => $"{Counted.Of(Precision, "bit")} at scale {Units}";

    /// <summary>The largest real magnitude that does not saturate in any channel.</summary>
    public double Reach => Precisions.Bound(Precision) / Units.Values.Min();

    /// <summary>
    /// The scale that maps ±threshold onto ±α(precision). A threshold of 0 (a dead value) counts as 1: any scale represents zero.
    /// </summary>
    public static Demand Covering(int precision, double threshold) =>
        new(precision, Precisions.Bound(precision) / (threshold > 0 ? threshold : 1));
}

/// <summary>
/// What the consumers of each float value want, looked up through operators that pass precision and scale on. A producer with weights
/// aims its one exact requantization (the snap) at one demand that serves them all: the largest precision, reaching as far as any of
/// them.
/// </summary>
/// <param name="channels">The scales of channels, for what convolutions and dense layers read.</param>
internal sealed class Demands(QuantizeSettings settings, ChannelScales? channels = null)
{
    /// <summary>More than what rounding adds to a scale.</summary>
    private const double Slack = 1 + 1e-9;

    private readonly Dictionary<Value, Demand> _joint = [];

    public QuantizeSettings Settings { get; } = settings;

    /// <summary>
    /// The demand that serves every use: nothing that one of them needs saturates, and none sees fewer bits than it asked for.
    /// </summary>
    public Demand Of(Value value)
    {
        if (_joint.TryGetValue(value, out var known)) return known;
        var wanted = value.Uses.Select(use => Wanted(value, use)).OfType<Demand>().ToList();
        return _joint[value] = wanted.Count == 0 ? Demand.Covering(DemandPrecision.Data, Threshold(value)) : Joint(value, wanted);
    }

    /// <summary>Whether a demand is another one or its upper 8 bits, which a shift alone makes.</summary>
    private static bool IsUpperPart(Demand part, Demand whole) => part == whole
        || (whole.Precision == LayerWidth.WidePrecision && part.Precision == DemandPrecision.Data
            && LayerWidth.Finer.Any(finer => part.Units.Times(finer).Equals(whole.Units)));

    /// <summary>What the graph returns of a value.</summary>
    public Demand Output(Value value)
    {
        int precision = OutputBits.Of(value, Settings);
        if (Detections.AreNumbers(value)) return new(Math.Max(precision, Detections.Bits(value)), 1);
        return Demand.Covering(precision, Headroom.Output(value, precision));
    }

    /// <summary>What each use asks for, and which freedom of scale it has; uses that read parameters ask for nothing.</summary>
    public IEnumerable<(Use Use, Demand Demand, ScaleFreedom Freedom)> Asked(Value value)
    {
        foreach (var use in value.Uses)
            if (Wanted(value, use) is { } demand)
                yield return (use, demand, use.User is { } op ? LoweringTable.Find(op)!.Freedom(op, use.Index, this) : ScaleFreedom.One);
    }

    /// <summary>The bits with which a value is read, at most; of an input its own. Null where all that reads it hands it on.</summary>
    public int? Bits(Value value) => value.IsInput ? Quantize.IntegerInput(value, Settings).Precision
        : Asked(value).Where(a => a.Freedom != ScaleFreedom.HandedOn).Select(a => (int?)a.Demand.Precision).Max();

    private Demand? Wanted(Value value, Use use) => use.User is null
        ? Output(value)
        : LoweringTable.Find(use.User)?.Demand(use.User, use.Index, this);

    /// <summary>
    /// What a convolution, dense layer or pool of averages wants of its data: 8 bits, each channel at its own scale where that is better;
    /// of a layer with wide data 15 bits that are finer and reach further.
    /// </summary>
    public Demand Data(Operation operation)
    {
        var value = operation["data"];
        int precision = DemandPrecision.Of(value, DemandPrecision.Data, DemandPrecision.Data);
        var narrow = channels?[value] is { } table
            ? new Demand(precision, table.Times(Coarser(precision)))
            : Covering(DemandPrecision.Data, value);
        return LayerWidth.Of(operation).WideData ? Fifteen(value, narrow) : narrow;
    }

    /// <summary>What a product of two values wants of either, at one scale: 8 bits, or 15 that are finer and reach further.</summary>
    public static Demand Operand(Operation product, int index)
    {
        var (value, width) = (product.Operands[index], LayerWidth.Of(product));
        var narrow = Covering(DemandPrecision.Data, value);
        return (index == 0 ? width.WideData : width.WideWeights) ? Fifteen(value, narrow) : narrow;
    }

    //  What cannot reach further needs no room, and 15 bits need no scales of channels for it.
    private static Demand Fifteen(Value value, Demand narrow) =>
        Headroom.Limit(value) is var limit && limit <= narrow.Reach * (1 << LayerWidth.LowBits) / LayerWidth.Finer[0]
            ? Demand.Covering(LayerWidth.WidePrecision, limit)
            : new Demand(LayerWidth.WidePrecision, narrow.Units.Times(LayerWidth.Finer[0]));

    /// <summary>Times the scale of 8 bits that fewer bits have for the same reach.</summary>
    private static double Coarser(int precision) => (double)Precisions.Bound(precision) / Precisions.Bound(DemandPrecision.Data);

    /// <summary>
    /// What an operation wants of an operand whose scale it hands on: what is wanted of its result, channel by channel.
    /// </summary>
    public Demand Through(Operation operation, Value operand)
    {
        var wanted = Of(operation.Result);
        // A clip that is saturation: not where there is room beyond its limit.
        if (operation.Spec == NnUnary.Clip && wanted.Units.IsPerChannel && wanted.Reach > Slack * ChannelFlow.ClipLimit(operation))
            return Single(operation.Result);
        if (channels?[operation.Result] is not { } own || channels[operand] is not { } table) return wanted;
        if (!ChannelFlow.Passes(operation)) return wanted;
        if (own.Equals(wanted.Units)) return new Demand(wanted.Precision, table);
        foreach (double finer in LayerWidth.Finer.Select(f => (double)f).Append(Coarser(Math.Min(wanted.Precision, DemandPrecision.Data))))
            if (own.Times(finer).Equals(wanted.Units)) return new Demand(wanted.Precision, table.Times(finer));
        return wanted;
    }

    /// <summary>
    /// The demand, or where it is per channel, a wide one of a single scale from which the channels are made without loss.
    /// </summary>
    public Demand Single(Value value)
    {
        var wanted = Of(value);
        return wanted.Units.IsPerChannel ? Wide(value, wanted.Reach) : wanted;
    }

    private static Demand Wide(Value value, double reach) =>
        Demand.Covering(DemandPrecision.Wide, Math.Max(reach, Headroom.Reach(value, DemandPrecision.Wide)));

    private static Demand Joint(Value value, IReadOnlyList<Demand> wanted)
    {
        if (wanted.Any(d => d.Units.IsPerChannel))
        {
            var finest = wanted.MaxBy(d => d.Precision);
            return wanted.All(d => IsUpperPart(d, finest)) ? finest : Wide(value, wanted.Max(d => d.Reach));
        }
        var furthest = wanted.MaxBy(d => d.Reach);
        int precision = wanted.Max(d => d.Precision);
        return furthest.Precision == precision ? furthest : Demand.Covering(precision, furthest.Reach);
    }

    /// <summary>A demand of the given precision that covers the value's own threshold, and more where there are bits for it.</summary>
    /// <param name="precision">Usual bits of the consumer.</param>
    /// <param name="most">That it can hold; the usual ones where it says nothing.</param>
    public static Demand Covering(int precision, Value value, int? most = null) =>
        Demand.Covering(DemandPrecision.Of(value, precision, most ?? precision), Headroom.Reach(value, precision));

    /// <summary>8 bits as far as the threshold, whatever was decided: what layers are measured with.</summary>
    public static Demand Narrow(Value value) => Demand.Covering(DemandPrecision.Data, Threshold(value));

    /// <summary>Calibrated threshold; for a constant its largest magnitude.</summary>
    public static double Threshold(Value value)
    {
        if (value.Constant is not { } constant) return value.Type.Threshold ?? 0;
        double most = 0;
        foreach (float v in constant.Floats) most = Math.Max(most, Math.Abs((double)v));
        return most;
    }
}
