using System.Diagnostics;

namespace CortexMl.Fuzz;

/// <summary>Tries broken files on readers and keeps those that a reader does not take well.</summary>
public static class Fuzzer
{
    /// <exception cref="ArgumentException">No reader has that name.</exception>
    public static FuzzReport Run(Options options)
    {
        var targets = AllTargets.Of(options.Cases).Where(t => options.Reader is null || t.Name == options.Reader).ToList();
        return targets.Count > 0
            ? Run(options, targets)
            : throw new ArgumentException($"there is no reader '{options.Reader}'", nameof(options));
    }

    /// <summary>Tries these readers.</summary>
    internal static FuzzReport Run(Options options, IReadOnlyList<Target> targets)
    {
        string scratch = Directory.CreateTempSubdirectory("cortexml-fuzz-").FullName;
        var findings = new Findings(options.Out);
        using var quiet = new ReaderWriterLockSlim();
        var workers = Enumerable.Range(0, options.Threads)
            .Select(i =>
                new Worker(targets, options, i, findings, quiet,
                Path.Combine(scratch, i.ToString(System.Globalization.CultureInfo.InvariantCulture)))).ToList();
        long start = Stopwatch.GetTimestamp();
        bool IsOver() => options.Inputs is null && Stopwatch.GetElapsedTime(start).TotalMinutes >= options.Minutes;
        var threads = workers.Select(worker => new Thread(() => worker.Run(IsOver)) { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        bool isHanging = false;
        while (!isHanging && threads.Exists(thread => !thread.Join(100)))
            isHanging = workers.Exists(worker => worker.IsHanging(Environment.TickCount64));
        if (!isHanging) Directory.Delete(scratch, recursive: true);
        var tallies = targets.Select((target, i) => (target.Name, Tally.Sum(workers.Select(worker => worker.Tallies[i])))).ToList();
        return new FuzzReport(
            tallies, findings.ToList(), Stopwatch.GetElapsedTime(start))
        {
            LeastInputs = options.Inputs is null ? options.LeastInputs : 0,
        };
    }
}

/// <summary>What a run has tried and found.</summary>
public sealed record FuzzReport(IReadOnlyList<(string Reader, Tally Tally)> Tallies, IReadOnlyList<Finding> Findings, TimeSpan Time)
{
    /// <summary>What every reader must get.</summary>
    public long LeastInputs { get; init; }

    /// <summary>Readers that got fewer inputs than <see cref="LeastInputs"/>.</summary>
    public IReadOnlyList<string> Starved => [.. Tallies.Where(t => t.Tally.Inputs < LeastInputs).Select(t => t.Reader)];

    /// <summary>0: nothing found; 1: findings, or a reader that got too few inputs.</summary>
    public int ExitCode => Findings.Count == 0 && Starved.Count == 0 ? 0 : 1;

    public override string ToString()
    {
        var lines = new List<string> { $"{"reader",-16} {"inputs",10} {"accepted",10} {"longest ms",11} {"most MB",8}" };
        lines.AddRange(Tallies.Select(t =>
            $"{t.Reader,-16} {t.Tally.Inputs,10} {t.Tally.Accepted,10} {(long)t.Tally.Longest.TotalMilliseconds,11} {t.Tally.MostAllocated >> 20,8}"));
        lines.Add($"{Tallies.Sum(t => t.Tally.Inputs)} inputs in {(long)Time.TotalSeconds} s; {Findings.Count} findings");
        if (Starved.Count > 0) lines.Add($"fewer than {LeastInputs} inputs: {string.Join(", ", Starved)}");
        lines.AddRange(Findings.Select(f => $"  {f.Reader}: {f.Problem}: {f.File} ({f.Bytes} bytes)"));
        return string.Join('\n', lines);
    }
}
