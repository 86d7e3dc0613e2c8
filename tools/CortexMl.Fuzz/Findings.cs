using System.Collections.Concurrent;

namespace CortexMl.Fuzz;

/// <param name="Reader">The target's name.</param>
/// <param name="Problem">What went wrong, and where in our code.</param>
/// <param name="File">The reproducer.</param>
public sealed record Finding(string Reader, string Problem, string File, int Bytes);

/// <summary>What was found: one reproducer, the smallest, for each place in each reader.</summary>
internal sealed class Findings(string folder)
{
    private readonly ConcurrentDictionary<(string Reader, string Problem), Finding> _found = new();

    public IReadOnlyList<Finding> ToList() =>
        [.. _found.Values.OrderBy(f => f.Reader, StringComparer.Ordinal).ThenBy(f => f.Problem, StringComparer.Ordinal)];

    public void Add(Target target, Attempt attempt, string problem)
    {
        lock (_found)
        {
            bool isKnown = _found.TryGetValue((target.Name, problem), out var known);
            if (isKnown && known!.Bytes <= attempt.Bytes.Length) return;
            string file = isKnown ? known!.File : Path.Combine(folder, target.Name, $"{_found.Count:000}-{attempt.Seed.Name}");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, attempt.Bytes);
            if (attempt.Seed.Companion is { } companion) File.WriteAllBytes(file + ".companion", companion);
            File.WriteAllText(file + ".txt", problem + "\n");
            _found[(target.Name, problem)] = new Finding(target.Name, problem, file, attempt.Bytes.Length);
        }
    }
}
