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
