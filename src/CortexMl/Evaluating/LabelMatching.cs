using System.Globalization;

namespace CortexMl.Evaluating;

/// <summary>Which class of the network stands for which label, as far as predictions tell.</summary>
public static class LabelMatching
{
    private const int Shown = 6;

    /// <summary>
    /// Label ⇒ predicted class, one to one: the pair that occurs most often first (greedy); labels that are left have none.
    /// </summary>
    public static IReadOnlyDictionary<int, int> Best(IReadOnlyList<(int Label, int Said)> pairs)
    {
        var map = new SortedDictionary<int, int>();
        var taken = new HashSet<int>();
        foreach (var group in pairs.GroupBy(p => p).OrderByDescending(g => g.Count()).ThenBy(g => g.Key.Label != g.Key.Said)
            .ThenBy(g => g.Key.Label).ThenBy(g => g.Key.Said))
        {
            if (map.ContainsKey(group.Key.Label) || !taken.Add(group.Key.Said)) continue;
            map[group.Key.Label] = group.Key.Said;
        }
        return map;
    }

    /// <summary>The share that one class said to everything finds at best.</summary>
    public static double LargestShare(IReadOnlyList<(int Label, int Said)> pairs) =>
        pairs.GroupBy(p => p.Label).Max(g => g.Count()) / (double)pairs.Count;

    /// <summary><c>3 is 5, 5 is 3</c>: those that change.</summary>
    public static string Text(IReadOnlyDictionary<int, int> map)
    {
        var moved = map.Where(m => m.Key != m.Value).OrderBy(m => m.Key).ToList();
        string more = moved.Count > Shown ? string.Create(CultureInfo.InvariantCulture, $", and {moved.Count - Shown} more") : "";
        return string.Join(", ", moved.Take(Shown).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} is {m.Value}")))
            + more;
    }
}
