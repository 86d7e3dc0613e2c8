using CortexMl.Ir;

namespace CortexMl.Passes.Quantize;

/// <summary>
/// What the consumers of each float value want, looked up through operators that pass precision and scale on. A producer with weights aims its one
/// exact requantization (the snap) at the most precise of them; the others are served from that.
/// </summary>
internal sealed class Demands(QuantizeSettings settings)
{
    private readonly Dictionary<Value, Demand> _strongest = [];

    public QuantizeSettings Settings { get; } = settings;

    /// <summary>The most precise demand on a value; of equals, the first use's.</summary>
    public Demand Of(Value value)
    {
        if (_strongest.TryGetValue(value, out var known)) return known;
        Demand? strongest = null;
        foreach (var use in value.Uses)
        {
            var demand = use.User is null
                ? Demand.Covering(Settings.OutputPrecision, Threshold(value))
                : LoweringTable.Find(use.User)?.Demand(use.User, use.Index, this);
            if (demand is { } d && (strongest is null || d.Precision > strongest.Value.Precision)) strongest = d;
        }
        return _strongest[value] = strongest ?? Demand.Covering(Precision.Data, Threshold(value));
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
