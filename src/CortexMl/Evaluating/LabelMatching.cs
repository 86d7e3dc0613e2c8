using System.Globalization;

namespace CortexMl.Evaluating;

/// <summary>Which class of the network stands for which label, as far as predictions tell.</summary>
public static class LabelMatching
{
    private const int Shown = 6;

    /// <summary>
    /// Label ⇒ predicted class, one to one: the pair that occurs most often first (greedy); labels that are left have none.
    /// </summary>
    public static IReadOnlyDictionary<int, int> Best(IReadOnlyList<(int Label, int Said)> pairs) => Best(PairCount.Of(pairs));

    /// <summary>The share that one class said to everything finds at best.</summary>
    public static double LargestShare(IReadOnlyList<(int Label, int Said)> pairs) => LargestShare(PairCount.Of(pairs));

    /// <inheritdoc cref="Best(IReadOnlyList{ValueTuple{int, int}})"/>
    internal static IReadOnlyDictionary<int, int> Best(IReadOnlyList<PairCount> pairs)
    {
        var map = new SortedDictionary<int, int>();
        var taken = new HashSet<int>();
        foreach (var pair in pairs.OrderByDescending(p => p.Count).ThenBy(p => p.Label != p.Said).ThenBy(p => p.Label).ThenBy(p => p.Said))
        {
            if (map.ContainsKey(pair.Label) || !taken.Add(pair.Said)) continue;
            map[pair.Label] = pair.Said;
        }
        return map;
    }

    /// <inheritdoc cref="LargestShare(IReadOnlyList{ValueTuple{int, int}})"/>
    internal static double LargestShare(IReadOnlyList<PairCount> pairs) =>
        pairs.GroupBy(p => p.Label).Max(g => g.Sum(p => p.Count)) / (double)pairs.Sum(p => p.Count);

    /// <summary><c>3 is 5, 5 is 3</c>: those that change.</summary>
    public static string Text(IReadOnlyDictionary<int, int> map)
    {
        var moved = map.Where(m => m.Key != m.Value).OrderBy(m => m.Key).ToList();
        string more = moved.Count > Shown ? string.Create(CultureInfo.InvariantCulture, $", and {moved.Count - Shown} more") : "";
        return string.Join(", ", moved.Take(Shown).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} is {m.Value}")))
            + more;
    }
}

/// <summary>How many samples of a label are taken for a class.</summary>
internal readonly record struct PairCount(int Label, int Said, int Count)
{
    public static IReadOnlyList<PairCount> Of(IReadOnlyList<(int Label, int Said)> pairs) =>
        [.. pairs.GroupBy(p => p).Select(g => new PairCount(g.Key.Label, g.Key.Said, g.Count()))];
}
