using CortexMl.Ir;

namespace CortexMl.Passes.Quantize;

/// <summary>The precision and scale in which a consumer wants a value.</summary>
internal readonly record struct Demand(int Precision, double Scale)
{
    /// <summary>The largest real magnitude that does not saturate.</summary>
    public double Reach => Precisions.Bound(Precision) / Scale;

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
internal sealed class Demands(QuantizeSettings settings)
{
    private readonly Dictionary<Value, Demand> _joint = [];

    public QuantizeSettings Settings { get; } = settings;

    /// <summary>
    /// The demand that serves every use: nothing that one of them needs saturates, and none sees fewer bits than it asked for.
    /// </summary>
    public Demand Of(Value value)
    {
        if (_joint.TryGetValue(value, out var known)) return known;
        var wanted = value.Uses.Select(use => Wanted(value, use)).OfType<Demand>().ToList();
        return _joint[value] = wanted.Count == 0 ? Demand.Covering(DemandPrecision.Data, Threshold(value)) : Joint(wanted);
    }

    private Demand? Wanted(Value value, Use use) => use.User is null
        ? Demand.Covering(Settings.OutputPrecision, Threshold(value))
        : LoweringTable.Find(use.User)?.Demand(use.User, use.Index, this);

    private static Demand Joint(IReadOnlyList<Demand> wanted)
    {
        var furthest = wanted.MaxBy(d => d.Reach);
        int precision = wanted.Max(d => d.Precision);
        return furthest.Precision == precision ? furthest : Demand.Covering(precision, furthest.Reach);
    }

    /// <summary>A demand of the given precision that covers the value's own threshold.</summary>
    public static Demand Covering(int precision, Value value) => Demand.Covering(precision, Threshold(value));

    /// <summary>Calibrated threshold; for a constant its largest magnitude.</summary>
    public static double Threshold(Value value)
    {
        if (value.Constant is not { } constant) return value.Type.Threshold ?? 0;
        double most = 0;
        foreach (float v in constant.Floats) most = Math.Max(most, Math.Abs((double)v));
        return most;
    }
}
