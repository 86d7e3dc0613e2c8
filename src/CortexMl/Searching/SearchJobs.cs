using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Files;
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

    private Model Network => model;

    /// <summary>The plan with all that was planned.</summary>
    public JobPlan Plan { get; private set; } = plan;

    /// <summary>Makes one job's part of its trial, and writes its result, whole or not at all.</summary>
    /// <returns>False where it was there already.</returns>
    /// <exception cref="DiagnosticException">CML1223: a trial that this one builds on has no result; and what compiling finds.</exception>
    public bool Make(PlannedJob job, DiagnosticBag notes, IProgressSink? progress = null)
    {
        var work = new JobWork(this);
        string path = Plan.PathOf(job), name = InputFile.DisplayName(path);
        if (work.IsThere(job))
        {
            string? fault = work.Fault(job);
            if (fault is null) notes.Note(ShardCodes.Kept, $"'{name}' is kept: {job.Name} of this run, whole");
            else notes.Note(ShardCodes.Replaced, $"'{name}' is computed again: {fault}");
            if (fault is null) return false;
        }
        byte[] result = work.Make(job, notes, progress);
        Plan.CreateFolder(JobPlan.ResultsName);
        AtomicFile.Write(path, stream => stream.Write(result));
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
        var work = new JobWork(this);
        IReadOnlyList<Trial> wanted = [];
        var taken = CompileWork.Taking(work.Ready, () => SearchRun.Of(_options, diagnostics, Ask));
        if (taken is not null) return ResultPage.Add(options, taken);
        work.RefuseFaults(wanted[0]);
        int round = Plan.Round + 1;
        Plan = Plan with { Trials = [.. Plan.Trials, .. wanted.Select(t => new PlannedTrial(t, round))] };
        work.Write();
        return null;

        TrialAnswer? Ask(Trial trial, IEnumerable<Trial> likely)
        {
            if (work.Results.Find(trial) is { } record) return new(record, () => work.MadeAgain(record, diagnostics, progress));
            bool isCalibrated = trial.Base is not null || !work.Calibration.AreWanted || work.AreThere(CalibrationJobs.Trial);
            wanted = !isCalibrated ? [CalibrationJobs.Trial]
                : [.. likely.Where(t => !IsPlanned(t)).Prepend(trial).DistinctBy(t => t.Name).Take(Plan.AtOnce)];
            return null;
        }
    }

    private bool IsPlanned(Trial trial) => Plan.Trials.Any(t => t.Trial.Name == trial.Name);

    /// <summary>One call's view of the network and of the results that are there.</summary>
    private sealed class JobWork
    {
        private readonly SearchJobs _jobs;

        public JobWork(SearchJobs jobs)
        {
            _jobs = jobs;
            Ready = CompileWork.Ready(jobs.Network, jobs._options);
            Results = new WrittenTrials(jobs.Plan, Ready, jobs.Question(Ready));
            Calibration = new CalibrationJobs(jobs.Plan, Ready, jobs._options);
        }

        public Model Ready { get; }

        public WrittenTrials Results { get; }

        public CalibrationJobs Calibration { get; }

        private JobPlan Plan => _jobs.Plan;

        public bool IsThere(PlannedJob job) => FileKinds.Of(Plan.PathOf(job)) != FileKind.Missing;

        public bool AreThere(Trial trial) => Plan.JobsOf(trial).All(IsThere);

        /// <summary>What is wrong with a result; null for nothing.</summary>
        public string? Fault(PlannedJob job) => job.Trial == CalibrationJobs.Trial ? Calibration.Fault(job) : Results.Fault(job);

        /// <summary>The bytes of a job's result.</summary>
        public byte[] Make(PlannedJob job, DiagnosticBag notes, IProgressSink? progress)
        {
            // What a trial tells is of interest where it is taken, or where it fails.
            if (job.Trial == CalibrationJobs.Trial) return Calibration.Make(job, notes, progress);
            var own = Options(job.Trial) with { Summed = Plan.HeadOf(job.Shard).Range };
            var (result, _) = CompileWork.Taking(
                Ready, () => MadeTrial.Of(found => CompileWork.OfCopy(Ready, own, found, progress), notes));
            if (SearchRun.AsksDrop(own) && result.Sums is null) throw TrialRecord.Unmeasured();
            return Results.Bytes(job, TrialRecord.Of(job.Trial, result, own), result.Sums);
        }

        /// <summary>The files of the chosen trial come from this process; what they say is what its jobs found.</summary>
        public MadeTrial MadeAgain(TrialRecord record, DiagnosticBag? diagnostics, IProgressSink? progress)
        {
            var own = Options(record.Trial);
            var made = MadeTrial.Of(found => CompileWork.OfCopy(Ready, own, found, progress), diagnostics);
            var again = TrialRecord.Of(record.Trial, made.Result, own);
            if (SearchRun.AsksDrop(own)) again = again.With(made.Result.Report?.Accuracy ?? throw TrialRecord.Unmeasured());
            return again.DifferenceFrom(record) is not { } difference ? made
                : throw WrittenTrials.Disagreeing($"it says another {difference}", Plan.PathOf(Plan.JobsOf(record.Trial).First()));
        }

        /// <exception cref="DiagnosticException">The trial was planned, and there is no result that can be taken.</exception>
        public void RefuseFaults(Trial trial)
        {
            if (!_jobs.IsPlanned(trial)) return;
            Write();
            Results.Problems.ThrowIfErrors();
            string[] missing = [.. Plan.JobsOf(trial).Where(j => !IsThere(j)).Select(j => $"'{InputFile.DisplayName(Plan.PathOf(j))}'")];
            throw new DiagnosticException(SearchCodes.Missing,
                $"{Counted.Of(missing.Length, "planned result is", "planned results are")} missing: {Listing.Of(missing)}",
                hint: $"look at what the jobs said, and run the lines of {JobPlan.JobsName}: those without a result");
        }

        /// <summary>The plan first: lines of jobs that it does not have would be refused.</summary>
        public void Write()
        {
            AtomicFile.Write(Path.Combine(Plan.Folder, JobPlan.FileName), stream => stream.Write(Plan.ToBytes()));
            JobLines.Write(Plan, Plan.Trials.SelectMany(t => Plan.JobsOf(t.Trial)).Where(job => !IsThere(job) || Fault(job) is not null));
        }

        private CompileOptions Options(Trial trial)
        {
            var own = trial.Of(_jobs._options, Base(trial));
            if (trial.Base is not null || !Calibration.AreWanted) return own;
            if (!AreThere(CalibrationJobs.Trial)) RefuseFaults(CalibrationJobs.Trial);
            return Calibration.Joining(own);
        }

        private TrialRecord? Base(Trial trial)
        {
            if (trial.Base is not { } name) return null;
            var planned = Plan.Trials.FirstOrDefault(t => t.Trial.Name == name)
                ?? throw new DiagnosticException(SearchCodes.NoPlan, $"the plan lacks '{name}', which calibrates", new(JobPlan.FileName));
            if (Results.Find(planned.Trial) is { } record) return record;
            RefuseFaults(planned.Trial);
            throw new InvalidOperationException("what was planned is there, faulty or missing");
        }
    }

    private MetricQuestion? Question(Model ready)
    {
        if (!SearchRun.AsksDrop(_options) || _options.Test is not { } test) return null;
        var prepared = CalibrationHead.PreparationOf(_options, ready.Io).InForce;
        var samples = SampleSource.Open(test with { Preprocessing = prepared }, ready.Inputs);
        return MetricQuestion.Of(_options.Metric!, test.Labels, [(ready, samples)], new DiagnosticBag(), new SampleRange(0, 0));
    }
}
