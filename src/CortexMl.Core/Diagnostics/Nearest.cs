namespace CortexMl.Diagnostics;

/// <summary>"Did you mean": the known name closest to one that is unknown.</summary>
public static class Nearest
{
    /// <summary>Longer names are not compared: the work grows with the square.</summary>
    private const int MaxLength = 100;

    /// <summary>The hint <c>did you mean 'nn.relu'?</c>, or null where nothing is close.</summary>
    public static string? Hint(string unknown, IEnumerable<string> known) =>
        To(unknown, known) is { } name ? $"did you mean '{name}'?" : null;

    /// <summary>That hint where a name is close, and what to say in any case behind it.</summary>
    public static string Hint(string unknown, IEnumerable<string> known, string behind) =>
        Hint(unknown, known) is { } hint ? $"{hint} {behind}" : behind;

    /// <summary>The known name with the fewest edits, one or at most a third of the unknown one's length; the first of several.</summary>
    public static string? To(string unknown, IEnumerable<string> known)
    {
        if (unknown.Length is < 2 or > MaxLength) return null;
        string? best = null;
        int bestDistance = Math.Max(1, unknown.Length / 3) + 1;
        foreach (string name in known)
        {
            if (Math.Abs(name.Length - unknown.Length) >= bestDistance) continue;
            // Of two characters, one that differs is half of the name.
            if (unknown.Length == 2 && name.Length == 2) continue;
            int distance = Edits(unknown, name);
            if (distance < bestDistance) (best, bestDistance) = (name, distance);
        }
        return best;
    }

    /// <summary>Characters to insert, remove, replace or exchange with their neighbour (optimal string alignment).</summary>
    private static int Edits(string a, string b)
    {
        int[] beforeLast = [], last = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last) = (last, row);
        }
        return last[b.Length];
    }
}
