using System.Globalization;
using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Files;
using CortexMl.Numerics;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Reports;

namespace CortexMl.Searching;

/// <summary>
/// Compiles with the fewest of choose-widths' choices with which the metric drops by no more than
/// <see cref="CompileOptions.TargetDrop"/> on the test data: damage in decibels orders the choices, the metric says how many are made.
/// None comes first, then all that the gas allows, then halves between what is not enough and what is: more choices are expected to do
/// better. Where all of them are not enough, as few as do as well are taken, within what is measurable.
/// </summary>
/// <param name="options">As <see cref="SearchRun.Prepared"/> makes them.</param>
internal sealed class DropSearch(CompileOptions options, AskTrial ask)
{
    /// <summary>Of a metric that is no share, a hundredth of the drop is nothing.</summary>
    private const double Negligible = 0.01;

    private readonly List<TrialRecord> _tried = [];

    private double Target => options.TargetDrop!.Value;

    /// <returns>Null where an answer is missing.</returns>
    /// <exception cref="DiagnosticException">CML0976: a metric that cannot drop.</exception>
    public CompileResult? Run()
    {
        var metric = options.Metric!;
        if (metric.Name == "db")
            throw new DiagnosticException(LibraryCodes.MetricUnfit, "decibels do not drop: the float network has no noise",
                hint: "pass --min-db, which may stand beside --target-drop of another metric");
        if (Try(0, []) is not { } fewest) return null;
        int all = fewest.Record.Expected?.Choices ?? 0;
        double target = Target, decibels = options.MinDecibels ?? double.NegativeInfinity;
        if (IsGood(fewest, target, decibels) || all == 0) return Finished(fewest);
        if (Try(all, Halves(0, all)) is not { } most) return null;
        if (!IsGood(most, target, decibels))
        {
            target = Math.Max(target, DropOf(most) + Measurable(most));
            decibels = Math.Min(decibels, most.Record.Least ?? double.PositiveInfinity);
            if (IsGood(fewest, target, decibels)) return Finished(fewest);
        }
        int below = 0, above = all;
        while (above - below > 1)
        {
            int middle = (below + above) / 2;
            if (Try(middle, Halves(below, above).Skip(1)) is not { } tried) return null;
            if (IsGood(tried, target, decibels)) (most, above) = (tried, middle);
            else below = middle;
        }
        return Finished(most);
    }

    /// <summary>What halving may ask for between what is not enough and what is: first what it asks next, then what may follow.</summary>
    private static IEnumerable<Trial> Halves(int below, int above)
    {
        var between = new Queue<(int Below, int Above)>([(below, above)]);
        while (between.TryDequeue(out var part))
        {
            if (part.Above - part.Below <= 1) continue;
            int middle = (part.Below + part.Above) / 2;
            yield return With(middle);
            between.Enqueue((part.Below, middle));
            between.Enqueue((middle, part.Above));
        }
    }

    private static bool IsGood(TrialAnswer tried, double drop, double decibels) =>
        DropOf(tried) <= drop && !(tried.Record.Least < decibels);

    private static double DropOf(TrialAnswer tried) => tried.Record.Drop!.Value;

    /// <summary>Below this two drops are the same: one sample's answer.</summary>
    private double Measurable(TrialAnswer tried) => options.Metric!.Unit == Metric.Share
        ? 100.0 / tried.Record.Samples : Math.Abs(DropOf(tried)) * Negligible;

    private TrialAnswer? Try(int choices, IEnumerable<Trial> likely)
    {
        var answer = ask(With(choices), likely);
        if (answer is not null) _tried.Add(answer.Record);
        return answer;
    }

    /// <summary>All calibrate as the one without choices does.</summary>
    private static Trial With(int choices) =>
        new(Name(choices), ChooseWidths.Record.Option("min-db")!.Max!.Value, choices, choices == 0 ? null : Name(0));

    private static string Name(int choices) => $"choices-{Numbers.Format(choices)}";

    private CompileResult Finished(TrialAnswer taken)
    {
        var (record, made) = (taken.Record, taken.Make());
        double drop = DropOf(taken);
        bool isReached = drop <= Target;
        if (!isReached) made.Found.Add(NotReached(record));
        made.Found.Add(OfTest(record));
        var report = made.Result.Report! with
        {
            Search = new(options.Metric!.Name, Target, drop, isReached, record.Samples)
            {
                Tried = [.. _tried.OrderBy(t => t.Trial.Choices).Select(
                    t => new SearchTry(t.Trial.Choices!.Value, t.Drop!.Value, t.Least, t.Gas, t.Bytes))],
                Choices = [.. (made.Result.Expected?.Choices ?? []).Take(record.Trial.Choices!.Value)],
            },
            Diagnostics = [.. made.Found.Items.Select(d => d.ToString())],
        };
        var text = OutputFile.Text(CompileReport.FileName, JsonText.Write(report));
        return made.Result with
        {
            Report = report,
            Diagnostics = made.Found.Items,
            Files = [.. made.Result.Files.Select(file => file.Name == CompileReport.FileName ? text : file)],
        };
    }

    private Diagnostic NotReached(TrialRecord taken)
    {
        string more = options.GasBudget is null ? "more bits do not change that"
            : "as many bits as the gas budget allows do not change that";
        string points = options.Metric!.Unit == Metric.Share ? " points" : "";
        return new(LibraryCodes.DropNotReached, Severity.Warning, string.Create(CultureInfo.InvariantCulture,
            $"{options.Metric.Name} drops by {taken.Drop:0.###}{points} on {Counted.Of(taken.Samples, "test sample")}, ")
            + string.Create(CultureInfo.InvariantCulture, $"more than the {Target:0.###}{points} of --target-drop; ")
            + more,
            Hint: "allow more gas with --gas-budget where it is given, calibrate on more samples, or with another method"
                + " (cortexml passes calibrate)");
    }

    /// <summary>What was chosen by samples is not tested by them.</summary>
    private Diagnostic OfTest(TrialRecord taken)
    {
        string samples = Counted.Of(taken.Samples, "sample");
        bool isSame = options.Data is { } data && Path.GetFullPath(data.Path) == Path.GetFullPath(options.Test!.Path);
        string also = isSame ? ", which also calibrated it" : "";
        return new(LibraryCodes.ChosenByTest, Severity.Note,
            $"bits were chosen by what these {samples} say{also}: their figures are no independent test of the result",
            Hint: "measure it on other samples: cortexml eval");
    }
}
