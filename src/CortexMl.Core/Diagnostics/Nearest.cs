using CortexMl.Passes;

namespace CortexMl.Diagnostics;

/// <summary>"Did you mean": the known name closest to one that is unknown.</summary>
public static class Nearest
{
    /// <summary>The hint <c>did you mean 'nn.relu'?</c>, or null where nothing is close.</summary>
    public static string? Hint(string unknown, IEnumerable<string> known) => To(unknown, known) is { } name ? $"did you mean '{name}'?" : null;

    /// <summary>The known name with the fewest edits, at most a third of its length; the first of several.</summary>
    public static string? To(string unknown, IEnumerable<string> known)
    {
        string? best = null;
        int bestDistance = Math.Min(unknown.Length, MaxLength) / 3 + 1;
        if (unknown.Length > MaxLength) return null;
        foreach (string name in known)
        {
            if (Math.Abs(name.Length - unknown.Length) >= bestDistance) continue;
            int distance = EditDistance.Between(unknown, name);
            if (distance < bestDistance) (best, bestDistance) = (name, distance);
        }
        return best;
    }

    /// <summary>Longer names are not compared: the work grows with the square.</summary>
    private const int MaxLength = 100;
}
