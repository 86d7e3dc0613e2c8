using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Running;

namespace CortexMl.Diagnosing;

/// <summary>One preparation that was tried.</summary>
/// <param name="Options">As the command line spells it; empty where nothing is done.</param>
/// <param name="Labels">How labels were read; null where they are as they stand.</param>
/// <param name="Top1">Of the samples, between 0 and 1.</param>
public sealed record Finding(string Preparation, string Options, string? Labels, double Top1);

/// <summary>The JSON of <c>cortexml doctor</c>.</summary>
/// <param name="Given">The preparation that was given.</param>
/// <param name="Best">Of those that are hardly told apart from the most accurate, the nearest to what was given, then the simplest.</param>
/// <param name="Findings">The most accurate first; of equal ones the one that was given, then the simpler.</param>
/// <param name="Verdict">For people.</param>
public sealed record DoctorReport(
    string Model, int Samples, int Classes, Finding Given, Finding Best, string Verdict, IReadOnlyList<Finding> Findings);

/// <summary>
/// Finds out whether a float network takes its data otherwise than was said: runs it under the usual preparations and mistakes.
/// </summary>
public static class Doctor
{
    private const int Screened = 50, Finalists = 8;

    /// <summary>All are tried on a few samples, the best on all of them.</summary>
    /// <param name="limit">Samples at most, of each class as many where there are.</param>
    /// <param name="cancellation">Ends it: looked at before each preparation and each sample.</param>
    /// <exception cref="DiagnosticException">
    /// CML0924 no float model, CML0927 no labels or no classes; what loading and opening find.
    /// </exception>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellation"/>.</exception>
    public static DoctorReport Run(
        string path, ModelOptions options, DataOptions data, int limit, DiagnosticBag notes, IProgressSink progress,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (ModelLoader.IsCompiled(path)) throw NotFloat(path);
        var model = ModelLoader.Load(path, options with { ShapeOfData = input => DataShape.Of(data, input) }, notes);
        if (model.IsInteger) throw NotFloat(path);
        int classes = model.Outputs[0].Shape.Aggregate(1, (all, dim) => all * dim);
        if (classes < 2)
            throw new DiagnosticException(LibraryCodes.Labels, $"the first output of '{model.Name}' is one number: no classes",
                hint: "doctor compares classes with labels");
        var source = SampleSource.Open(data, model.Inputs);
        Preparing.ClassDoubts.TellOfLabels(source, notes);
        var kept = source.Keep(limit);
        if (kept.Count == 0)
            throw new DiagnosticException(LibraryCodes.Labels, "there are no labels to compare with",
                hint: "pass --labels FILE, or a folder with a sub-folder for each class");

        if (kept.Labels.Distinct().Count() < 2)
        {
            string all = kept.Available == 1 ? "the only sample has" : $"all {Counted.Of(kept.Available, "sample")} have";
            throw new DiagnosticException(LibraryCodes.Labels,
                FormattableString.Invariant($"{all} the label {kept.Labels[0]}: whatever always says that seems right"),
                hint: "give data of several classes");
        }

        using var bench = new Bench(model, kept, LabelReadings.Usual(classes, source.ClassNames), cancellation);
        var numbers = Treatments.Numbers(data.Preprocessing, kept);
        var tried = numbers.SelectMany(t => Treatments.Pixels(t, kept)).DistinctBy(t => t.Preprocessing.ToString()).ToList();
        var screened = new List<(Treatment Treatment, double Score)>();
        for (int i = 0; i < tried.Count; i++)
        {
            progress.Report("try preparations", i + 1, tried.Count);
            if (bench.Try(tried[i], Screened) is { } found) screened.Add((tried[i], found.Top1));
        }
        // Nothing fits the network: the first mismatch is the message.
        if (screened.Count == 0) kept.Prepare(tried[0].Preprocessing, kept.Count);
        // The order among equals is that of the list (the sort is stable): the given one first.
        var finalists = screened.OrderByDescending(s => s.Score).Select(s => s.Treatment).Take(Finalists)
            .Concat(screened.Select(s => s.Treatment).Where(t => t == tried[0])).Distinct().OrderBy(tried.IndexOf);
        var measured = finalists.Select(t => bench.Try(t, kept.Count)!).ToList();
        var best = Best(measured, kept.Count);
        var given = screened.Any(s => s.Treatment == tried[0]) ? bench.AsGiven(tried[0])
            : new Finding(tried[0].Name, tried[0].Preprocessing.ToString(), null, 0);
        List<Finding> sorted = [.. measured.OrderByDescending(f => f.Top1).ThenBy(f => f.Labels is not null)];
        return new(Model: model.Name, Samples: kept.Count, Classes: classes, Given: given, Best: best,
            Verdict: Verdict(given, best, sorted, classes, kept), Findings: sorted);
    }

    /// <summary>
    /// Of those that so few samples do not tell apart from the most accurate one, the nearest to what was given, then the simplest.
    /// </summary>
    /// <param name="measured">In the order in which they were thought of.</param>
    private static Finding Best(IReadOnlyList<Finding> measured, int samples)
    {
        var most = measured.OrderByDescending(f => f.Top1).ThenBy(f => f.Labels is not null).First();
        return measured.First(f => f.Labels == most.Labels && IsAsGood(f, most, samples));
    }

    /// <summary>Within one standard error.</summary>
    private static bool IsAsGood(Finding finding, Finding other, int samples) =>
        finding.Top1 >= other.Top1 - Math.Sqrt(Math.Max(other.Top1 * (1 - other.Top1), 0.01) / samples);

    private static string Verdict(Finding given, Finding best, IReadOnlyList<Finding> all, int classes, KeptSamples kept)
    {
        string gives = best.Labels is null ? "" : $", and labels read so: {best.Labels},";
        string pass = best.Options.Length > 0 ? $"pass {best.Options}" : "pass no preparation";
        if (best.Top1 <= AccuracyDoubts.Guessing(classes, kept.Count))
            return FormattableString.Invariant($"none of the usual preparations fits: the best, {best.Preparation}, finds {best.Top1:P1}")
                + FormattableString.Invariant($" where guessing finds {1.0 / classes:P1}; are data and labels this network's?");
        double noise = 2 * Math.Sqrt(Math.Max(given.Top1 * (1 - given.Top1), 0.01) / kept.Count), gain = best.Top1 - given.Top1;
        if (gain > noise)
            return FormattableString.Invariant(
                $"{best.Preparation}{gives} fits best: {best.Top1:P1} where what was given finds {given.Top1:P1}")
                + $"; {pass}{Rivals()}";
        if (gain <= noise / 2)
            return FormattableString.Invariant($"what was given fits: {given.Top1:P1}; nothing that was tried is better for sure");
        string more = kept.Available > kept.Count
            ? FormattableString.Invariant($"; more do: --limit {Math.Min(10 * kept.Count, kept.Available)}") : "";
        return FormattableString.Invariant($"what was given finds {given.Top1:P1}, {best.Preparation}{gives} {best.Top1:P1}")
            + $" ({pass}): so few samples hardly tell them apart{more}";

        string Rivals()
        {
            string[] names =
                [.. all.Where(f => f != best && f.Labels == best.Labels && IsAsGood(f, best, kept.Count)).Select(f => f.Preparation)];
            return names.Length == 0 ? "" : $" (hardly told apart from it: {string.Join("; ", names)})";
        }
    }

    private static DiagnosticException NotFloat(string path) => new(LibraryCodes.WrongLevel,
        $"'{path}' is a compiled model: its preparation is fixed", hint: "pass the float model that it was compiled from");

    /// <summary>The network, and samples to run it on.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly Model _model;
        private readonly KeptSamples _kept;
        private readonly IReadOnlyList<LabelReading> _readings;
        private readonly IModelRunner[] _runners;
        private readonly CancellationToken _cancellation;

        public Bench(Model model, KeptSamples kept, IReadOnlyList<LabelReading> readings, CancellationToken cancellation)
        {
            (_model, _kept, _readings, _cancellation) = (model, kept, readings, cancellation);
            var options = new RunOptions { Cancellation = cancellation };
            using var choice = EngineChoice.Of(model, options);
            var prepare = Runners.For(choice);
            _runners = [.. Enumerable.Range(0, options.Workers).Select(_ => prepare())];
        }

        /// <summary>Null where the preparation does not fit the data or the network.</summary>
        public Finding? Try(Treatment treatment, int count)
        {
            if (Predict(treatment, count) is not { } pairs) return null;
            var plain = Right(pairs, LabelReadings.AsTheyAre);
            // Another reading must explain much more: the best of many guesses is always a little better.
            // More too than one class that is said to everything: some reading makes that right.
            double least = Math.Max(plain, LabelMatching.LargestShare(pairs)) + Math.Max(0.15, 3 * Math.Sqrt(0.25 / pairs.Length));
            var other = _readings.Append(LabelReadings.Found(pairs)).OfType<LabelReading>()
                .Select(r => (Reading: r, Right: Right(pairs, r))).MaxBy(r => r.Right);
            var (reading, right) = other.Right >= least ? (other.Reading.Name, other.Right) : (null, plain);
            return new(treatment.Name, treatment.Preprocessing.ToString(), reading, right);
        }

        public Finding AsGiven(Treatment treatment) =>
            new(treatment.Name, treatment.Preprocessing.ToString(), null, Right(Predict(treatment, _kept.Count)!, LabelReadings.AsTheyAre));

        public void Dispose()
        {
            foreach (var runner in _runners) runner.Dispose();
        }

        private static double Right(IReadOnlyList<(int Label, int Said)> pairs, LabelReading reading) =>
            pairs.Count(p => reading.Class(p.Label) == p.Said) / (double)pairs.Count;

        private (int Label, int Said)[]? Predict(Treatment treatment, int count)
        {
            IReadOnlyList<Sample> samples;
            _cancellation.ThrowIfCancellationRequested();
            try
            {
                samples = _kept.Prepare(treatment.Preprocessing, count);
            }
            catch (DiagnosticException)
            {
                return null;
            }
            var pairs = new (int, int)[samples.Count];
            Parallel.For(0, _runners.Length, worker =>
            {
                for (int i = worker; i < samples.Count && !_cancellation.IsCancellationRequested; i += _runners.Length)
                {
                    var result = new SampleResult(samples[i].Name, samples[i].Label, _runners[worker].Run(samples[i]));
                    pairs[i] = (samples[i].Label!.Value, Ranking.Top1(LastSteps.Scores(_model, result)));
                }
            });
            _cancellation.ThrowIfCancellationRequested();
            return pairs;
        }
    }
}
