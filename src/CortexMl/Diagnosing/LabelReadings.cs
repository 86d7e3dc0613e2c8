using System.Globalization;
using CortexMl.Data.Classes;
using CortexMl.Evaluating;

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
    /// <param name="names">The class list; null where there is none.</param>
    public static IReadOnlyList<LabelReading> Usual(int classes, ClassList? names)
    {
        List<LabelReading> all =
        [
            AsTheyAre,
            new("labels count from 1", label => label - 1),
            new("the network's classes count from 1", label => label + 1),
            new("classes in reverse order", label => classes - 1 - label),
        ];
        if (classes > 10) all.AddRange(Sorted(classes, "numbers (0, 1, 10, …)", i => i.ToString(CultureInfo.InvariantCulture)));
        if (names is not null) all.AddRange(Sorted(classes, $"the names of '{names.Source}'", i => names.NameOf(i) ?? ""));
        for (int shift = 2; shift < Math.Min(classes - 1, 20); shift++)
        {
            int by = shift;
            all.Add(new(FormattableString.Invariant($"class list shifted by {by}"), label => (label + by) % classes));
            if (by < classes - by)
                all.Add(new(FormattableString.Invariant($"class list shifted by -{by}"), label => (label - by + classes) % classes));
        }
        return all;
    }

    /// <summary>One side counts by the rank of a text in the alphabet, as folders are often numbered.</summary>
    private static IEnumerable<LabelReading> Sorted(int classes, string what, Func<int, string> text)
    {
        int[] classOf = [.. Enumerable.Range(0, classes).OrderBy(text, StringComparer.Ordinal)];
        yield return new($"labels are ranks of {what} in the alphabet", label => label < classes ? classOf[label] : null);
        yield return new($"classes are ranks of {what} in the alphabet", label => label < classes ? Array.IndexOf(classOf, label) : null);
    }

    /// <summary>The reading that predictions themselves suggest; null where they are too few to tell.</summary>
    public static LabelReading? Found(IReadOnlyList<(int Label, int Said)> pairs)
    {
        var map = LabelMatching.Best(pairs);
        if (map.Count < 2 || pairs.Count < 5 * map.Count || map.All(m => m.Key == m.Value)) return null;
        return new($"classes in another order: {LabelMatching.Text(map)}", label => map.TryGetValue(label, out int said) ? said : null);
    }
}
