using CortexMl.Ir;

namespace CortexMl.Passes.Quantize.Tables;

//  f(x) = a · max(x, 0) + r(x), r flat at both ends      swish, gelu, mish, hard_swish, softplus, elu, selu
//
// A table of f over all of a wide range has steps too coarse for where f bends. What bends is r, and only near 0: its table need go no
// further, and the line reaches as far as x does.

/// <summary>
/// A function that is a straight line upwards and flat downwards, as that line and the rest (passes/Quantize/README.md §6).
/// </summary>
/// <param name="Data">x, at the scale at which a · x has that of <paramref name="Line"/>.</param>
/// <param name="Index">x as the index of the table of r, a shift of <paramref name="Data"/>; what is further saturates.</param>
/// <param name="Line">The line, r and their sum: at the scale of the result, or finer by a power of two.</param>
/// <param name="Rest">r.</param>
internal readonly record struct Ramp(Demand Data, Demand Index, Demand Line, Func<double, double> Rest)
{
    /// <summary>Of the line: bits that multipliers leave it.</summary>
    private const int LinePrecision = 20;

    /// <summary>More bits of the index than a table of f has, where the steps of the result are as fine.</summary>
    private const int MoreBits = 2;

    /// <summary>As far as constants go (finite-constants).</summary>
    private const double Far = 1.2676506002282294e30;

    /// <summary>The slope of what counts as a line; a root has less at the far end, a square more.</summary>
    private const double LeastSlope = 1e-6;

    /// <param name="op">Of one function of one number.</param>
    /// <param name="f">The function.</param>
    /// <param name="direct">The index of a table of f itself, with no more than the usual bits: a line reaches further than any.</param>
    /// <param name="demands">What is wanted of the result.</param>
    /// <returns>
    /// Null where f is no such function, where it was decided that x has few bits, where the steps of its own table are no coarser than
    /// half of what readers of the result see, or those of r not at least twice as fine.
    /// </returns>
    public static Ramp? Of(Operation op, Func<double, double> f, Demand direct, Demands demands)
    {
        var wanted = demands.Of(op.Result);
        double needed = 1 / wanted.Units.Values.Max(), slope = f(Far) / Far;
        if (1 / direct.Scale <= needed / 2 || wanted.Precision > OutputBits.Most) return null;
        // Who decides that x has few bits wants a table with them.
        if (op.Operands[0].Type.Reading?.Precision <= DemandPrecision.Wide) return null;
        if (!(slope > LeastSlope && slope < 1 / LeastSlope)) return null;
        double Rest(double x) => f(x) - slope * Math.Max(x, 0);
        double reach = Math.Max(Headroom.Reach(op.Operands[0], DemandPrecision.Wide), wanted.Reach / slope);
        var line = LineOf(wanted, reach * slope);
        var data = new Demand(LinePrecision, line.Scale * slope);
        int more = Math.Max(0, demands.Settings.TablePrecision - QuantizeSettings.Default.TablePrecision);
        int precision = demands.Settings.TablePrecision - more, most = Math.Min(precision + MoreBits, DemandPrecision.Wide);
        double least = Precisions.Bound(precision) / data.Scale;
        if (FlatFrom(Rest, data.Reach, least, TableLowering.Tolerance * needed) is not { } domain) return null;
        while (precision < most && 1 / IndexOf(data, domain, precision).Scale > needed / 2) precision++;
        var index = IndexOf(data, domain, precision);
        return direct.Scale * 2 <= index.Scale ? new Ramp(data, Finer(index, more, data), line, Rest) : null;
    }

    /// <summary>At the result's scale times the largest power of two that leaves the reach; of channels at any.</summary>
    private static Demand LineOf(Demand wanted, double reach)
    {
        var whole = Demand.Covering(LinePrecision, reach);
        if (wanted.Units.IsPerChannel) return whole;
        double scale = wanted.Scale;
        while (scale > whole.Scale) scale /= 2;
        while (scale * 2 <= whole.Scale) scale *= 2;
        return whole with { Units = Scale.PerTensor(scale) };
    }

    private static Demand Finer(Demand index, int bits, Demand data)
    {
        for (int i = 0; i < bits && index.Precision < DemandPrecision.Wide && index.Scale * 2 <= data.Scale; i++)
            index = new Demand(index.Precision + 1, index.Scale * 2);
        return index;
    }

    private static Demand IndexOf(Demand data, double domain, int precision)
    {
        double scale = data.Scale;
        while (Precisions.Bound(precision) / scale < domain) scale /= 2;
        return new Demand(precision, scale);
    }

    /// <summary>
    /// The least number found beyond which, upwards and downwards, r is what it is far out; null where it never is. It is not looked for
    /// below <paramref name="least"/>, where an index has the finest steps anyway: where all of r is less than what counts, it is nowhere.
    /// </summary>
    private static double? FlatFrom(Func<double, double> rest, double reach, double least, double tolerance)
    {
        double high = rest(Far), low = rest(-Far);
        bool IsFlat(double x) => Math.Abs(rest(x) - high) <= tolerance && Math.Abs(rest(-x) - low) <= tolerance;
        if (!IsFlat(reach)) return null;
        // In steps of an eighth, then finer: r may cross its end nearer to 0.
        double domain = reach;
        foreach (double factor in (double[])[7.0 / 8, 63.0 / 64])
            while (domain > least && IsFlat(domain * factor)) domain *= factor;
        return domain;
    }
}
