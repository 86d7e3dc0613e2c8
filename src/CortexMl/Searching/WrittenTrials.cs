using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Evaluating.Tallying;
using CortexMl.Files;
using CortexMl.Sharding;

namespace CortexMl.Searching;

/// <summary>What jobs found out: the files of a plan's results.</summary>
/// <param name="model">The float network.</param>
/// <param name="question">What is asked about the metric; null where the search does not ask.</param>
internal sealed class WrittenTrials(JobPlan plan, Model model, MetricQuestion? question)
{
    private readonly Dictionary<string, TrialRecord> _read = new(StringComparer.Ordinal);

    /// <summary>Results of <see cref="Find"/> that are there and cannot be taken.</summary>
    public DiagnosticBag Problems { get; } = new();

    /// <returns>Null where a result is missing, or cannot be taken.</returns>
    public TrialRecord? Find(Trial trial)
    {
        if (_read.TryGetValue(trial.Name, out var known)) return known;
        var jobs = plan.JobsOf(trial).ToList();
        if (jobs.Exists(job => !IsThere(job))) return null;
        var results = new List<(TrialRecord Record, EvaluationSums? Sums)>();
        foreach (var job in jobs) Problems.Collect(() => results.Add(Read(job)));
        if (results.Count < jobs.Count) return null;
        var (record, sums) = results[0];
        foreach (var (job, (found, more)) in jobs.Zip(results).Skip(1))
        {
            if (found.DifferenceFrom(record) is { } difference)
                throw Disagreeing($"its shard {job.Shard} found another {difference} than the first", plan.PathOf(job));
            sums?.Merge(more!);
        }
        return _read[trial.Name] = sums is null ? record : record.With(sums.Figures(null));
    }

    private bool IsThere(PlannedJob job) => FileKinds.Of(plan.PathOf(job)) != FileKind.Missing;

    /// <summary>What is wrong with the file of a job; null for nothing.</summary>
    /// <exception cref="DiagnosticException">The file cannot be opened.</exception>
    public string? Fault(PlannedJob job)
    {
        try
        {
            Read(job);
            return null;
        }
        catch (DiagnosticException error)
        {
            return error.Diagnostics[0].Message;
        }
    }

    /// <param name="sums">Of the samples of the shard; null where nothing is asked of them.</param>
    public byte[] Bytes(PlannedJob job, TrialRecord record, EvaluationSums? sums) => Part.Write(plan.HeadOf(job.Shard), json =>
    {
        TrialForm.Write(json, record);
        if (sums is null) return;
        json.WriteStartObject("sums");
        SumsWriter.Write(json, sums);
        json.WriteEndObject();
    });

    /// <exception cref="DiagnosticException">CML1225.</exception>
    public static DiagnosticException Disagreeing(string what, string path) => new(SearchCodes.Disagreeing,
        $"the result is not what this search finds: {what}", new SourceLocation(InputFile.DisplayName(path)),
        "delete it, and run all jobs on machines of one kind, with the same cortexml and data");

    /// <exception cref="DiagnosticException">CML1200, CML1201: no result, or a damaged one; CML1202: of another run or trial.</exception>
    private (TrialRecord Record, EvaluationSums? Sums) Read(PlannedJob job)
    {
        string path = plan.PathOf(job), name = InputFile.DisplayName(path);
        var part = PartReader.Read(path);
        var head = plan.HeadOf(job.Shard);
        if (part.Head.DifferenceFrom(head) is { } difference) throw Foreign(name, difference);
        if (part.Head.Shard != job.Shard) throw Foreign(name, $"it is shard {part.Head.Shard}");
        try
        {
            var record = TrialForm.ReadRecord(part.Content);
            if (record.Trial != job.Trial) throw Foreign(name, $"it is of trial {record.Trial.Name}, or asked for something else");
            if (question is null) return (record, null);
            var sums = Expected(question);
            new SumsReader(name).Read(part.Content.GetProperty("sums"), sums, head.Range.First, head.Range.Count);
            return (record, sums);
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException or JsonException)
        {
            throw PartReader.NoPart(name, $"the result cannot be read: {error.Message}");
        }
    }

    /// <summary>Sums without a sample of the float network, and of the model that comes of it, which has its outputs.</summary>
    private EvaluationSums Expected(MetricQuestion asked)
    {
        var real = MeasuredModel.Of(model);
        return new EvaluationTally([(model, real), (model, real with { Level = "integer" })], [], asked).Sums;
    }

    private static DiagnosticException Foreign(string name, string difference) => new(ShardCodes.Foreign,
        $"the result is of another run or job: {difference}", new SourceLocation(name), "delete it, and run its line of jobs.txt");
}
