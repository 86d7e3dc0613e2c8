using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Ir.Origins;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Comparing;

/// <summary>One question of a bisection and its answer.</summary>
/// <param name="What"><c>after 12 fuse-scale</c>, or <c>12 fuse-scale, up to rewrite 31</c></param>
/// <param name="Figure">Null for a command.</param>
public sealed record ProbedStage(string What, bool Holds, double? Figure);

/// <summary>The pass that breaks a network, and the rewrite; the JSON of <c>cortexml bisect</c>.</summary>
/// <param name="Verdict">In a sentence.</param>
/// <param name="Step">Which pass it is of those that run, from 1; null where the condition holds to the end.</param>
/// <param name="Rewrite">The first rewrite behind which the condition fails; null where the pass is not made of single rewrites.</param>
public sealed record BisectionReport(
    string Model, string Condition, string Verdict, int? Step, string? Pass, RewriteNote? Rewrite, IReadOnlyList<ProbedStage> Probes);

/// <summary>
/// Finds the pass after which a condition fails that held before, by halving, and within the pass the rewrite: a pipeline that stops there
/// after N rewrites is looked at as it stands, so that no later pass is in the way.
/// </summary>
public static class Bisection
{
    /// <param name="condition">What holds of a good network.</param>
    /// <param name="own">Runs a command line of this program, for conditions that are one.</param>
    /// <exception cref="DiagnosticException">CML0981: the condition makes no sense, or does not hold of the loaded network.</exception>
    /// <exception cref="OperationCanceledException">By <see cref="ComparisonRequest.Cancellation"/>.</exception>
    public static BisectionReport Run(
        ComparisonRequest request, string condition, Func<IReadOnlyList<string>, int>? own, DiagnosticBag notes, IProgressSink progress)
    {
        var asked = Condition.Parse(condition);
        request.Cancellation.ThrowIfCancellationRequested();
        var (loaded, samples) = NetworkComparison.Open(request, [request.First], notes)[0];
        Provenance.Mark(loaded.Graph);
        var options = NetworkComparison.Compiling(request, loaded);
        var probe = new Probe(asked, loaded, samples, NetworkComparison.RunningOn(request, loaded), own);
        var probes = new List<ProbedStage>();
        if (!Ask("as loaded", loaded))
            throw new DiagnosticException(LibraryCodes.Condition,
                $"'{asked.Text}' does not even hold of '{loaded.Name}' as it is loaded: {Last()}",
                hint: "ask for less, or for what the network was able to do before");
        var (stages, end) = NetworkStages.All(loaded, options, notes, progress);
        if (stages.Count == 0 || Ask(Name(stages[^1]), stages[^1].Model))
            return Report($"nothing breaks it: it holds after all {Counted.Of(stages.Count, "pass", "passes")} ({Last()})", null, null);
        var broken = stages[Halved(stages.Count, k => Ask(Name(stages[k - 1]), stages[k - 1].Model)) - 1];
        string figure = probes.Last(p => p.What == Name(broken)) is { Figure: { } f } ? $" ({asked.Told(f)})" : "";
        var rewrite = FirstRewrite(broken, Known(options, end));
        string rule = rewrite is null ? Whole(broken)
            : $"rewrite {Numbers.Format(rewrite.Number)}, {(rewrite.Rule is null ? "" : $"rule {rewrite.Rule}, ")}on {rewrite.Operation}";
        return Report($"pass {Numbers.Format(broken.Step)}, {broken.Pass}, breaks it{figure}: {rule}", broken, rewrite);

        BisectionReport Report(string verdict, NetworkStage? stage, RewriteNote? note) =>
            new(loaded.Name, asked.Text, verdict, stage?.Step, stage?.Pass, note, probes);

        bool Ask(string what, Model model)
        {
            request.Cancellation.ThrowIfCancellationRequested();
            progress.Report("bisect", probes.Count, 0);
            var (holds, found) = probe.Ask(model);
            probes.Add(new(what, holds, found is { } number && double.IsFinite(number) ? number : null));
            return holds;
        }

        string Last() => asked.Told(probes[^1].Figure);

        RewriteNote? FirstRewrite(NetworkStage stage, CompileOptions compiling)
        {
            if (stage.Notes.Count == 0) return null;
            try
            {
                // Without any of them: what is broken then, no single rewrite breaks.
                if (!Holds(stage.Notes[0].Number - 1)) return null;
                return stage.Notes[Halved(stage.Notes.Count, k => k < stage.Notes.Count && Holds(stage.Notes[k - 1].Number)) - 1];
            }
            catch (Exception error) when (error is DiagnosticException or PassFailedException)
            {
                return null;
            }

            bool Holds(long number)
            {
                var limited = compiling with { RewriteLimit = number };
                var model = NetworkStages.After(stage.Notes[0].Step, loaded, limited, new DiagnosticBag(), NoProgress.Instance);
                return Ask($"{stage.Step} {stage.Pass}, up to rewrite {Numbers.Format(number)}", model);
            }
        }
    }

    private static string Name(NetworkStage stage) => $"after {Numbers.Format(stage.Step)} {stage.Pass}";

    private static string Whole(NetworkStage stage) => stage.Rewrites == 0 ? "it makes no rewrites"
        : $"its {Counted.Of(stage.Rewrites, "rewrite")} cannot be told apart";

    /// <summary>The first k of 1..count for which nothing holds; 0 is known to hold and the last not to.</summary>
    private static int Halved(int count, Func<int, bool> holds)
    {
        int good = 0, bad = count;
        while (bad - good > 1)
        {
            int middle = (good + bad) / 2;
            if (holds(middle)) good = middle;
            else bad = middle;
        }
        return bad;
    }

    /// <summary>What was calibrated once need not be again.</summary>
    private static CompileOptions Known(CompileOptions options, CompileResult end) =>
        end.Calibration is { } text && options.CalibrationFile is null
        ? options with { Measured = new CalibrationReader("").Read(text), Drawn = end.Drawn } : options;
}
