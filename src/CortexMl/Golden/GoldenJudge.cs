using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Numerics;

namespace CortexMl.Golden;

/// <summary>What of a case holds, beside its exact text.</summary>
internal static class GoldenJudge
{
    /// <summary>The checks that do not hold, and errors that no check and no text expects.</summary>
    public static IReadOnlyList<string> Checks(GoldenCase given, GoldenOutput output, string actual)
    {
        var failures = new List<string>();
        var told = given.Checks.Where(c => c.Kind == GoldenCheckKind.Diagnostic).ToList();
        foreach (var check in given.Checks)
        {
            bool isThere = actual.Split('\n').Any(line => line.Contains(check.Text, StringComparison.Ordinal));
            string at = $"line {Numbers.Format(check.Line)}: ";
            if (check.Kind == GoldenCheckKind.Contains && !isThere) failures.Add($"{at}nothing contains '{check.Text}'");
            if (check.Kind == GoldenCheckKind.Lacks && isThere) failures.Add($"{at}something contains '{check.Text}'");
            if (check.Kind == GoldenCheckKind.Diagnostic && !output.Diagnostics.Any(check.Matches))
                failures.Add($"{at}no such {check.Severity.ToString().ToLowerInvariant()} came");
        }
        if (given.Expected is null || told.Count > 0)
            failures.AddRange(output.Diagnostics.Where(d => d.Severity == Severity.Error && !told.Exists(check => check.Matches(d)))
                .Select(d => $"an error that the case does not expect:\n{d}"));
        // What came out is part of the story where the exact text does not show it.
        if (failures.Count > 0 && given.Expected is null && given.Checks.Count > 0 && !output.HasErrors)
            failures.Add($"it came out:\n{actual}");
        return failures;
    }

    /// <summary>Two answers, however they are spaced.</summary>
    public static bool IsSame(string wanted, string found) => Dense(wanted) == Dense(found);

    /// <summary>How bytes differ from a file; null where they do not.</summary>
    public static string? Difference(string name, string path, byte[] bytes)
    {
        if (!File.Exists(path)) return $"{name}: there is no such file yet";
        byte[] expected = InputFile.ReadAllBytes(path);
        int first = expected.AsSpan().CommonPrefixLength(bytes);
        return first == expected.Length && first == bytes.Length ? null
            : $"{name}: {Counted.Of(expected.Length, "byte")} expected, {Counted.Of(bytes.Length, "byte")} came; "
            + $"byte {Numbers.Format(first)} is the first that differs";
    }

    private static string Dense(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
