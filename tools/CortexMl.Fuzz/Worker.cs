using System.Diagnostics;
using CortexMl.Fuzz.Mutations;

namespace CortexMl.Fuzz;

/// <summary>
/// One thread: gives every reader the same number of inputs, or in a run of some minutes first the number that each must get, and then
/// the same time. By time alone a reader whose first input happens to take long, on a busy machine, would wait for all the others.
/// </summary>
internal sealed class Worker(
    IReadOnlyList<Target> targets, Options options, int index, Findings findings, ReaderWriterLockSlim quiet, string scratch)
{
    private readonly Random[] _random = [.. targets.Select((target, i) => new Random(HashCode(target.Name, options.Seed, index)))];
    private Attempt? _running;
    private Target? _target;
    private long _since;

    public IReadOnlyList<Tally> Tallies { get; } = [.. targets.Select(_ => new Tally())];

    public void Run(Func<bool> isOver)
    {
        Directory.CreateDirectory(scratch);
        while (!isOver() && Next() is { } next)
        {
            long start = Stopwatch.GetTimestamp();
            var seeds = targets[next].Seeds;
            var random = _random[next];
            var seed = seeds[random.Next(seeds.Count)];
            byte[] bytes = Mutator.Mutate(seed.Bytes, seeds[random.Next(seeds.Count)].Bytes, targets[next].IsText, random);
            Try(targets[next], Tallies[next], new Attempt(seed, bytes, scratch));
            Tallies[next].Spent += Stopwatch.GetElapsedTime(start);
        }
    }

    /// <summary>Saves the running input as a finding where it has run for too long.</summary>
    public bool IsHanging(long now)
    {
        if (_running is not { } attempt || now - Volatile.Read(ref _since) < 12 * (long)Trial.Longest.TotalMilliseconds) return false;
        findings.Add(_target!, attempt, "it does not end");
        return true;
    }

    private int? Next()
    {
        int fewest = Enumerable.Range(0, targets.Count).MinBy(i => Tallies[i].Inputs);
        if (options.Inputs is { } inputs) return Tallies[fewest].Inputs < inputs ? fewest : null;
        if (Tallies[fewest].Inputs * options.Threads < options.LeastInputs) return fewest;
        return Enumerable.Range(0, targets.Count).MinBy(i => Tallies[i].Spent);
    }

    private void Try(Target target, Tally tally, Attempt attempt)
    {
        // A crash of the process itself leaves the input here.
        File.WriteAllBytes(Path.Combine(scratch, "running"), attempt.Bytes);
        quiet.EnterReadLock();
        (_target, _since, _running) = (target, Environment.TickCount64, attempt);
        var trial = Trial.Of(target, attempt);
        _running = null;
        quiet.ExitReadLock();
        if (trial.Allocated > Target.MemoryLimit(attempt)) trial = trial with { Problem = trial.Problem ?? MemoryProblem(target, attempt) };
        if (trial.Problem is { } problem) findings.Add(target, attempt, problem);
        tally.Add(trial);
    }

    private string? MemoryProblem(Target target, Attempt attempt)
    {
        quiet.EnterWriteLock();
        try
        {
            long peak = PeakMemory.Of(() => Trial.Of(target, attempt));
            return peak > Target.MemoryLimit(attempt) ? "more memory than the file justifies" : null;
        }
        finally
        {
            quiet.ExitWriteLock();
        }
    }

    private static int HashCode(string name, int seed, int index)
    {
        int hash = seed * 31 + index;
        foreach (char letter in name) hash = unchecked(hash * 31 + letter);
        return hash;
    }
}
