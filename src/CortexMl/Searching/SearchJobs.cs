using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Files;
using CortexMl.Data;
using CortexMl.Passes;
using CortexMl.Sharding;

namespace CortexMl.Searching;

/// <summary>
/// The search of <see cref="Compiler.Compile"/> as jobs: a plan, jobs that any number of processes make, and a result that is, byte by
/// byte, that of one process. The search is asked anew each time: trials whose results are there are answered by them, and the first that
/// is not, with those that may follow it, makes the next round.
/// </summary>
/// <param name="plan">As it was opened, of this run: see <see cref="JobPlan.Check"/>.</param>
/// <param name="model">As it was read.</param>
/// <param name="options">Those of <see cref="Compiler.Compile"/>.</param>
public sealed class SearchJobs(JobPlan plan, Model model, CompileOptions options)
{
    private readonly CompileOptions _options = SearchRun.Prepared(options);

    /// <summary>The plan with all that was planned.</summary>
    public JobPlan Plan { get; private set; } = plan;

    /// <summary>Makes one job's part of its trial, and writes its result, whole or not at all.</summary>
    /// <returns>False where it was there already.</returns>
    /// <exception cref="DiagnosticException">CML1223: the trial that calibrates has no result; and what compiling finds.</exception>
    public bool Make(PlannedJob job, DiagnosticBag notes, IProgressSink? progress = null)
    {
        var ready = CompileWork.Ready(model, _options);
        var results = new WrittenTrials(Plan, ready, Question(ready));
        string path = Plan.PathOf(job), name = InputFile.DisplayName(path);
        if (results.IsThere(job))
        {
            string? fault = results.Fault(job);
            if (fault is null) notes.Note(ShardCodes.Kept, $"'{name}' is kept: {job.Trial.Name} of this run, whole");
            else notes.Note(ShardCodes.Replaced, $"'{name}' is computed again: {fault}");
            if (fault is null) return false;
        }
        var own = job.Trial.Of(_options, Base(job.Trial, results)) with { Summed = Plan.HeadOf(job.Shard).Range };
        var result = CompileWork.Taking(ready, () => CompileWork.OfCopy(ready, own, notes, progress));
        if (SearchRun.AsksDrop(_options) && result.Sums is null) throw TrialRecord.Unmeasured();
        var record = TrialRecord.Of(job.Trial, result, _options);
        Plan.CreateFolder(JobPlan.ResultsName);
        AtomicFile.Write(path, stream => stream.Write(results.Bytes(job, record, result.Sums)));
        return true;
    }

    /// <summary>Goes on as far as results are there.</summary>
    /// <returns>Null where jobs are to be run: those of jobs.txt, which is written.</returns>
    /// <exception cref="DiagnosticException">
    /// CML1223: planned jobs have no result; CML1200 to CML1202 and CML1225: results that cannot be taken; and as
    /// <see cref="Compiler.Compile"/>.
    /// </exception>
    public CompileResult? Continue(DiagnosticBag? diagnostics = null, IProgressSink? progress = null)
    {
        var ready = CompileWork.Ready(model, _options);
        var results = new WrittenTrials(Plan, ready, Question(ready));
        IReadOnlyList<Trial> wanted = [];
        var taken = CompileWork.Taking(ready, () => SearchRun.Of(_options, diagnostics, Ask));
        if (taken is not null) return ResultPage.Add(options, taken);
        RefuseFaults(results, wanted[0]);
        int round = Plan.Round + 1;
        Plan = Plan with { Trials = [.. Plan.Trials, .. wanted.Where(t => !IsPlanned(t)).Select(t => new PlannedTrial(t, round))] };
        Write(results);
        return null;

        TrialAnswer? Ask(Trial trial, IEnumerable<Trial> likely)
        {
            if (results.Find(trial) is { } record) return new(record, () => MadeAgain(ready, record, results, diagnostics, progress));
            wanted = [.. likely.Where(t => !IsPlanned(t)).Prepend(trial).DistinctBy(t => t.Name).Take(Plan.AtOnce)];
            return null;
        }
    }

    private bool IsPlanned(Trial trial) => Plan.Trials.Any(t => t.Trial.Name == trial.Name);

    /// <summary>The files of the chosen trial come from this process; what they say is what its jobs found.</summary>
    private MadeTrial MadeAgain(
        Model ready, TrialRecord record, WrittenTrials results, DiagnosticBag? diagnostics, IProgressSink? progress)
    {
        var own = record.Trial.Of(_options, Base(record.Trial, results));
        var made = MadeTrial.Of(found => CompileWork.OfCopy(ready, own, found, progress), diagnostics);
        var again = TrialRecord.Of(record.Trial, made.Result, _options);
        if (SearchRun.AsksDrop(_options)) again = again.With(made.Result.Report?.Accuracy ?? throw TrialRecord.Unmeasured());
        return again.DifferenceFrom(record) is not { } difference ? made
            : throw WrittenTrials.Disagreeing($"it says another {difference}", Plan.PathOf(Plan.JobsOf(record.Trial).First()));
    }

    private TrialRecord? Base(Trial trial, WrittenTrials results)
    {
        if (trial.Base is not { } name) return null;
        var planned = Plan.Trials.FirstOrDefault(t => t.Trial.Name == name)
            ?? throw new DiagnosticException(SearchCodes.NoPlan, $"the plan lacks '{name}', which calibrates", new(JobPlan.FileName));
        if (results.Find(planned.Trial) is { } record) return record;
        RefuseFaults(results, planned.Trial);
        throw new InvalidOperationException("what was planned is there, faulty or missing");
    }

    /// <exception cref="DiagnosticException">The trial was planned, and there is no result that can be taken.</exception>
    private void RefuseFaults(WrittenTrials results, Trial trial)
    {
        if (!IsPlanned(trial)) return;
        Write(results);
        results.Problems.ThrowIfErrors();
        string[] missing = [.. Plan.JobsOf(trial).Where(j => !results.IsThere(j)).Select(j => $"'{InputFile.DisplayName(Plan.PathOf(j))}'")];
        throw new DiagnosticException(SearchCodes.Missing, $"{Counted.Of(missing.Length, "planned result is", "planned results are")} missing: "
            + Listing.Of(missing), hint: $"look at what the jobs said, and run the lines of {JobPlan.JobsName}, which are those without a result");
    }

    /// <summary>The plan first: lines of jobs that it does not have would be refused.</summary>
    private void Write(WrittenTrials results)
    {
        AtomicFile.Write(Path.Combine(Plan.Folder, JobPlan.FileName), stream => stream.Write(Plan.ToBytes()));
        JobLines.Write(Plan, Plan.Trials.SelectMany(t => Plan.JobsOf(t.Trial)).Where(job => !results.IsThere(job) || results.Fault(job) is not null));
    }

    private MetricQuestion? Question(Model ready)
    {
        if (!SearchRun.AsksDrop(_options) || _options.Test is not { } test) return null;
        var prepared = CalibrationHead.PreparationOf(_options, ready.Io).InForce;
        var samples = SampleSource.Open(test with { Preprocessing = prepared }, ready.Inputs);
        return MetricQuestion.Of(_options.Metric!, test.Labels, [(ready, samples)], new DiagnosticBag(), new SampleRange(0, 0));
    }
}
