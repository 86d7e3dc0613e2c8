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
            int distance = Distance(unknown, name);
            if (distance < bestDistance) (best, bestDistance) = (name, distance);
        }
        return best;
    }

    /// <summary>Longer names are not compared: the work grows with the square.</summary>
    private const int MaxLength = 100;

    /// <summary>Levenshtein distance: insertions, deletions and substitutions cost one each.</summary>
    private static int Distance(string a, string b)
    {
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        int[] current = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
