using CortexMl.Ir;

namespace CortexMl.Passes.Quantize.Clamping;

/// <summary>From where on a function of one number stays what it is, downwards and upwards.</summary>
internal static class FlatEnds
{
    /// <summary>What counts as infinitely far; constants are nearer (finite-constants).</summary>
    private const double Far = 1.2676506002282294e30;

    private const int Halvings = 60;

    /// <param name="operation">Of any row.</param>
    /// <param name="tolerance">What may be missing, as a share of the result's threshold.</param>
    /// <returns>Null where the row is no function of one number, or has no flat end.</returns>
    public static UsefulRange? Of(Operation operation, double tolerance)
    {
        if (!UnaryFunctions.All.TryGetValue(operation.Spec, out var function)) return null;
        double allowed = tolerance * (operation.Result.Type.Threshold is > 0 and { } most ? most : 1);
        var f = function(operation);
        var ends = new UsefulRange(-End(x => f(-x), allowed), End(f, allowed));
        return ends == UsefulRange.Everything ? null : ends;
    }

    /// <summary>The least x found from which on f is flat, down to -Far; infinity where it is not flat at all.</summary>
    private static double End(Func<double, double> f, double allowed)
    {
        double there = f(Far);
        bool IsFlatFrom(double x)
        {
            double step = Math.Max(1, Math.Abs(x));
            return Array.TrueForAll([0, 0.1, 0.3, 0.7, 1.3, 3, 10, 1e6], k => Math.Abs(f(Math.Min(x + k * step, Far)) - there) <= allowed);
        }

        if (!IsFlatFrom(Far / 1e9)) return double.PositiveInfinity;
        // Downwards from 0 by doubling where it is flat there already, else upwards; then by halves.
        double flat = 0, not = -1;
        if (IsFlatFrom(0)) while (not > -Far && IsFlatFrom(not)) (flat, not) = (not, 2 * not);
        else for ((not, flat) = (0, 1); !IsFlatFrom(flat);) (not, flat) = (flat, 2 * flat);
        if (not <= -Far) return double.NegativeInfinity;
        for (int i = 0; i < Halvings && flat - not > 1e-6 * Math.Abs(flat); i++)
        {
            double middle = (flat + not) / 2;
            if (IsFlatFrom(middle)) flat = middle;
            else not = middle;
        }
        return flat;
    }
}
