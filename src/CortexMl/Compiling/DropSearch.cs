using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Files;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Reports;

namespace CortexMl.Compiling;

/// <summary>
/// Compiles with the fewest of choose-widths' choices with which the metric drops by no more than
/// <see cref="CompileOptions.TargetDrop"/> on the test data: damage in decibels orders the choices, the metric says how many are made.
/// None comes first, then all that the gas allows, then halves between what is not enough and what is: more choices are expected to do
/// better. Where all of them are not enough, as few as do as well are taken, within what is measurable.
/// </summary>
/// <param name="compile">With options, and a bag that gets what is found.</param>
internal sealed class DropSearch(CompileOptions options, Func<CompileOptions, DiagnosticBag, CompileResult> compile)
{
    /// <summary>Of a metric that is no share, a hundredth of the drop is nothing.</summary>
    private const double Negligible = 0.01;

    private readonly double? _wantedDecibels = options.MinDecibels;
    private readonly List<SearchTry> _tried = [];
    private CompileOptions _options = options with
    {
        MinDecibels = ChooseWidths.Record.Option("min-db")!.Max,
        WantedDecibels = options.MinDecibels,
        IsStrict = false,
        Metric = options.Metric ?? MetricTable.Of("top1"),
    };

    /// <param name="diagnostics">Gets those of the attempt that is taken, and what is to be said of the search.</param>
    /// <exception cref="DiagnosticException">CML0976: a metric that cannot drop; CML0935: no test data; and those of compiling.</exception>
    public static CompileResult Run(
        Model model, CompileOptions options, DiagnosticBag? diagnostics, Func<Model, CompileOptions, DiagnosticBag, CompileResult> compile)
    {
        var search = new DropSearch(options, (o, found) => TargetSearch.Attempt(
            found, diagnostics, () => compile(model with { Graph = GraphCopy.Of(model.Graph) }, o, found)));
        var result = search.Search();
        var told = diagnostics ?? new DiagnosticBag();
        told.AddRange(result.Diagnostics);
        if (options.IsStrict) told.RefuseWarnings();
        return result;
    }

    private CompileResult Search()
    {
        var metric = _options.Metric!;
        if (metric.Name == "db")
            throw new DiagnosticException(LibraryCodes.MetricUnfit, "decibels do not drop: the float network has no noise",
                hint: "pass --min-db, which may stand beside --target-drop of another metric");
        var fewest = Try(0);
        int all = fewest.Result.Expected?.Choices.Count ?? 0;
        if (IsGood(fewest) || all == 0) return Finished(fewest);
        var most = Try(all);
        double target = _options.TargetDrop!.Value, decibels = _wantedDecibels ?? double.NegativeInfinity;
        if (!IsGood(most, target, decibels))
        {
            target = Math.Max(target, most.Drop + Measurable(most));
            decibels = Math.Min(decibels, most.Decibels ?? double.PositiveInfinity);
            if (IsGood(fewest, target, decibels)) return Finished(fewest);
        }
        int below = 0;
        while (most.Choices - below > 1)
        {
            var middle = Try((below + most.Choices) / 2);
            if (IsGood(middle, target, decibels)) most = middle;
            else below = middle.Choices;
        }
        return Finished(most);
    }

    private bool IsGood(DropAttempt attempt) =>
        IsGood(attempt, _options.TargetDrop!.Value, _wantedDecibels ?? double.NegativeInfinity);

    private static bool IsGood(DropAttempt attempt, double drop, double decibels) =>
        attempt.Drop <= drop && !(attempt.Decibels < decibels);

    /// <summary>Below this two drops are the same: one sample's answer.</summary>
    private static double Measurable(DropAttempt attempt) => attempt.Metric.Unit == Metric.Share
        ? 100.0 / attempt.Samples : Math.Abs(attempt.Drop) * Negligible;

    private DropAttempt Try(int choices)
    {
        var found = new DiagnosticBag();
        var result = compile(_options with { Choices = choices }, found);
        if (result.Report is not { Accuracy.Metric: { } metric } report)
            throw new DiagnosticException(LibraryCodes.OptionUnused, "--target-drop has no effect: nothing is measured",
                hint: "pass --test DATA, and let the pipeline run to its end");
        if (metric.Drop is not { } drop)
            throw new DiagnosticException(LibraryCodes.MetricUnfit, $"the metric {metric.Name} finds nothing to measure on the test data",
                hint: "pass test data that the float network says something about");
        var attempt = new DropAttempt(choices, result, found, metric, drop,
            TargetSearch.Least(result) is var least && double.IsFinite(least) ? least : null);
        _tried.Add(new(choices, drop, attempt.Decibels, report.Gas, report.Bytes));
        // Calibrated once, and the float network run once.
        _options = _options with { FloatRun = result.FloatRun };
        if (result.Calibration is { } text && _options.Calibration is null)
            _options = _options with { Measured = new CalibrationReader("").Read(text), Drawn = result.Drawn };
        return attempt;
    }

    private CompileResult Finished(DropAttempt taken)
    {
        double target = _options.TargetDrop!.Value;
        bool isReached = taken.Drop <= target;
        if (!isReached) taken.Found.Add(NotReached(taken, target));
        taken.Found.Add(OfTest(taken));
        var report = taken.Result.Report! with
        {
            Search = new(taken.Metric.Name, target, taken.Drop, isReached, taken.Samples)
            {
                Tried = [.. _tried.OrderBy(t => t.Choices)],
                Choices = [.. (taken.Result.Expected?.Choices ?? []).Take(taken.Choices)],
            },
            Diagnostics = [.. taken.Found.Items.Select(d => d.ToString())],
        };
        var text = OutputFile.Text(CompileReport.FileName, JsonText.Write(report));
        return taken.Result with
        {
            Report = report,
            Diagnostics = taken.Found.Items,
            Files = [.. taken.Result.Files.Select(file => file.Name == CompileReport.FileName ? text : file)],
        };
    }

    private Diagnostic NotReached(DropAttempt taken, double target)
    {
        string more = _options.GasBudget is null ? "more bits do not change that"
            : "as many bits as the gas budget allows do not change that";
        string points = taken.Metric.Unit == Metric.Share ? " points" : "";
        return new(LibraryCodes.DropNotReached, Severity.Warning, string.Create(CultureInfo.InvariantCulture,
            $"{taken.Metric.Name} drops by {taken.Drop:0.###}{points} on {Counted.Of(taken.Samples, "test sample")}, ")
            + string.Create(CultureInfo.InvariantCulture, $"more than the {target:0.###}{points} of --target-drop; ")
            + more,
            Hint: "allow more gas with --gas-budget where it is given, calibrate on more samples, or with another method"
                + " (cortexml passes calibrate)");
    }

    /// <summary>What was chosen by samples is not tested by them.</summary>
    private Diagnostic OfTest(DropAttempt taken)
    {
        string samples = Counted.Of(taken.Samples, "sample");
        bool isSame = _options.Data is { } data && Path.GetFullPath(data.Path) == Path.GetFullPath(_options.Test!.Path);
        string also = isSame ? ", which also calibrated it" : "";
        return new(LibraryCodes.ChosenByTest, Severity.Note,
            $"bits were chosen by what these {samples} say{also}: their figures are no independent test of the result",
            Hint: "measure it on other samples: cortexml eval");
    }

    /// <summary>A compilation with so many choices, and what it is worth.</summary>
    private sealed record DropAttempt(
        int Choices, CompileResult Result, DiagnosticBag Found, MetricReport Metric, double Drop, double? Decibels)
    {
        public int Samples => Result.Report!.Accuracy!.Count;
    }
}
