using CortexMl.Ir;

namespace CortexMl.Passes.Quantize.Tables;

/// <summary>A function of one number that becomes a table, alone or beside a line.</summary>
/// <param name="Operation">That becomes it.</param>
/// <param name="Index">Bits and scale of the index.</param>
/// <param name="Function">The function itself.</param>
/// <param name="At">What steps of the index make of the function, before the result's own rounding.</param>
internal sealed record LookupTable(Operation Operation, Demand Index, Func<double, double> Function, Func<double, double> At)
{
    /// <param name="reach">The largest magnitude that the result holds.</param>
    public static LookupTable Of(Operation operation, Demand index, Func<double, double> function, double reach) =>
        new(operation, index, function, x => Held(function(Read(x, index)), reach));

    /// <inheritdoc cref="Of(Operation, Demand, Func{double, double}, double)"/>
    public static LookupTable Of(Operation operation, Ramp ramp, Func<double, double> function, double reach)
    {
        double slope = ramp.Data.Units.Values.Max() / ramp.Line.Units.Values.Max();
        return new(operation, ramp.Index, function, x => Held(slope * Math.Max(x, 0) + ramp.Rest(Read(x, ramp.Index)), reach));
    }

    private static double Read(double x, Demand index) =>
        Rounding.Clamped(x * index.Scale, Precisions.Bound(index.Precision)) / index.Scale;

    /// <summary>0 where the function has no value.</summary>
    private static double Held(double value, double reach) => double.IsNaN(value) ? 0 : Math.Clamp(value, -reach, reach);
}
