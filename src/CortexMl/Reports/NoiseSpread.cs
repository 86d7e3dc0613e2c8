using CortexMl.Ir;

namespace CortexMl.Reports;

/// <summary>Whether the noise of a value arrives in what the float network computes from it.</summary>
internal sealed class NoiseSpread
{
    /// <summary>Decibels below which a result is called noisy: a tenth of its magnitude is noise.</summary>
    private const double Least = 20;

    /// <summary>Of values with several forms the noisiest.</summary>
    private readonly Dictionary<Value, double> _ratios = [];

    /// <param name="noise">Values of the float network, and their signal-to-noise ratios in dB; null for none.</param>
    public NoiseSpread(IEnumerable<(Value Value, double? Ratio)> noise)
    {
        foreach (var (value, ratio) in noise)
            _ratios[value] = Math.Min(ratio ?? double.PositiveInfinity, _ratios.GetValueOrDefault(value, double.PositiveInfinity));
    }

    /// <summary>
    /// Looks behind what only moves the value, and what has no figure, at the first results that are computed from it, and at outputs.
    /// </summary>
    public bool IsPassedOn(Value value)
    {
        var (seen, open) = (new HashSet<Value> { value }, new Stack<Value>([value]));
        while (open.TryPop(out var moved))
        {
            if (moved.IsOutput && IsNoisy(moved)) return true;
            foreach (var user in moved.Uses.Select(use => use.User).OfType<Operation>())
            {
                bool isJudged = !user.Spec.Is(OpTraits.Moves) && _ratios.ContainsKey(user.Results[0]);
                if (isJudged && IsNoisy(user.Results[0])) return true;
                if (!isJudged && seen.Add(user.Results[0])) open.Push(user.Results[0]);
            }
        }
        return false;
    }

    private bool IsNoisy(Value value) => _ratios.GetValueOrDefault(value, double.PositiveInfinity) < Least;
}
