using System.Diagnostics;
using System.Text.RegularExpressions;
using CortexMl.Diagnostics;

namespace CortexMl.Fuzz;

/// <summary>How a reader took one input.</summary>
/// <param name="Problem">Null where all is well.</param>
internal sealed partial record Trial(bool IsAccepted, string? Problem, TimeSpan Time, long Allocated)
{
    /// <summary>Longer is a hang.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The quickest of up to three readings of an input that seems to take too long: the first may have waited for the disk,
    /// the just-in-time compiler or other processes.
    /// </summary>
    public static Trial Of(Target target, Attempt attempt)
    {
        var trial = Once(target, attempt);
        for (int again = 0; again < 2 && trial.Time > Longest && trial.Problem is null; again++)
        {
            var next = Once(target, attempt);
            if (next.Time < trial.Time) trial = next;
        }
        return trial.Time > Longest ? trial with { Problem = trial.Problem ?? "it took more than 5 seconds" } : trial;
    }

    private static Trial Once(Target target, Attempt attempt)
    {
        long start = Stopwatch.GetTimestamp(), allocated = GC.GetAllocatedBytesForCurrentThread();
        var (isAccepted, problem) = Run(target, attempt);
        var time = Stopwatch.GetElapsedTime(start);
        return new Trial(isAccepted, problem, time, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static (bool IsAccepted, string? Problem) Run(Target target, Attempt attempt)
    {
        try
        {
            target.Read(attempt);
            return (true, null);
        }
        catch (DiagnosticException refused)
        {
            bool isCoded = refused.Diagnostics.Count > 0 && refused.Diagnostics.All(d => Code().IsMatch(d.Code) && d.Message.Length > 0);
            return (false, isCoded ? null : "a diagnostic without code or message");
        }
        catch (Exception bug)
        {
            return (false, $"{bug.GetType().Name}: {Place(bug)}");
        }
    }

    /// <summary>The innermost methods of ours.</summary>
    private static string Place(Exception bug) => string.Join(" < ", new StackTrace(bug).GetFrames()
        .Select(frame => frame.GetMethod())
            .Where(method => method?.DeclaringType?.Namespace?.StartsWith("CortexMl", StringComparison.Ordinal) == true)
        .Take(2).Select(method => $"{method!.DeclaringType!.Name}.{method.Name}"));

    [GeneratedRegex("^CML[0-9]{4}$")]
    private static partial Regex Code();
}
