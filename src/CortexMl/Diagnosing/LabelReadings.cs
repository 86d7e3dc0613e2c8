using System.Globalization;
using CortexMl.Running;

namespace CortexMl.Diagnosing;

/// <summary>What a label of the data may stand for.</summary>
/// <param name="Name">Null for the class of its own number.</param>
/// <param name="Class">Label ⇒ class of the network; null where it stands for none.</param>
internal sealed record LabelReading(string? Name, Func<int, int?> Class);

/// <summary>The usual ways in which labels and classes differ.</summary>
internal static class LabelReadings
{
    public static LabelReading AsTheyAre { get; } = new(null, label => label);

    /// <param name="classes">Classes of the network.</param>
    public static IReadOnlyList<LabelReading> Usual(int classes)
    {
        string[] sorted = [.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal)];
        int[] numberOf = [.. sorted.Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        List<LabelReading> all =
        [
            AsTheyAre,
            new("labels count from 1", label => label - 1),
            new("the network's classes count from 1", label => label + 1),
            new("classes in reverse order", label => classes - 1 - label),
        ];
        if (classes > 10)
        {
            all.Add(new("labels are ranks of numbers in the alphabet (0, 1, 10, …)", label => label < classes ? numberOf[label] : null));
            all.Add(new("classes are ranks of numbers in the alphabet (0, 1, 10, …)", label => label < classes ? Array.IndexOf(numberOf, label) : null));
        }
        for (int shift = 2; shift < Math.Min(classes - 1, 20); shift++)
        {
            int by = shift;
            all.Add(new(FormattableString.Invariant($"class list shifted by {by}"), label => (label + by) % classes));
            if (by < classes - by) all.Add(new(FormattableString.Invariant($"class list shifted by -{by}"), label => (label - by + classes) % classes));
        }
        return all;
    }

    /// <summary>The reading that predictions themselves suggest; null where they are too few to tell.</summary>
    public static LabelReading? Found(IReadOnlyList<(int Label, int Said)> pairs)
    {
        var map = LabelMatching.Best(pairs);
        if (map.Count < 2 || pairs.Count < 5 * map.Count || map.All(m => m.Key == m.Value)) return null;
        return new($"classes in another order: {LabelMatching.Text(map)}", label => map.TryGetValue(label, out int said) ? said : null);
    }
}
