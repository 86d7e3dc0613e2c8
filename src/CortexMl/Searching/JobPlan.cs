using System.Globalization;
using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Runs;
using CortexMl.Sharding;

namespace CortexMl.Searching;

/// <summary>A trial that was planned, in the round of that number, from 1.</summary>
public sealed record PlannedTrial(Trial Trial, int Round);

/// <summary>The part of a trial that one process makes.</summary>
public sealed record PlannedJob(Trial Trial, Shard Shard)
{
    /// <summary><c>choices-5</c>, or <c>choices-5.2-of-4</c>.</summary>
    public string Name => Shard.Of == 1 ? Trial.Name
        : string.Create(CultureInfo.InvariantCulture, $"{Trial.Name}.{Shard.Index}-of-{Shard.Of}");
}

//  DIR/run.json                     the run, as a run file
//  DIR/plan.json                    this
//  DIR/jobs.txt                     what is to be run now, a command line a line
//  DIR/results/choices-5.part       what a job found out; of four shards choices-5.2-of-4.part
/// <summary>A search as jobs: what was planned so far, in a folder that all machines see.</summary>
/// <param name="Folder">As it was given.</param>
/// <param name="Head">Whose plan it is; of as many shards as each trial is cut into.</param>
/// <param name="AtOnce">Trials in a round.</param>
/// <param name="Trials">Those of all rounds.</param>
public sealed record JobPlan(string Folder, PartHead Head, int AtOnce, IReadOnlyList<PlannedTrial> Trials)
{
    public const string FileName = "plan.json", JobsName = "jobs.txt", ResultsName = "results";

    /// <summary>Trials in a round, and shards of a trial.</summary>
    public const int MostAtOnce = 1024, MostShards = 4096;

    private const int MostTrials = 1 << 16;

    /// <summary>The last one that was planned; 0 before the first.</summary>
    public int Round => Trials.Select(t => t.Round).DefaultIfEmpty(0).Max();

    /// <summary>The folder's run file.</summary>
    public static string RunFileOf(string folder) => Path.Combine(folder, RunFile.FileName);

    /// <summary>Whether a folder has a plan, readable or not.</summary>
    public static bool IsIn(string folder) => FileKinds.Of(Path.Combine(folder, FileName)) != FileKind.Missing;

    /// <exception cref="DiagnosticException">CML1221; those of reading files.</exception>
    public static JobPlan Open(string folder)
    {
        if (!IsIn(folder))
            throw new DiagnosticException(SearchCodes.NoPlan, $"there is no plan in '{folder}'",
                hint: "cortexml compile MODEL … --plan-jobs DIR makes one; the path is relative to the current folder");
        return Parse(folder, InputFile.ReadAllBytes(Path.Combine(folder, FileName)));
    }

    /// <param name="bytes">Of its file.</param>
    /// <exception cref="DiagnosticException">CML1221.</exception>
    public static JobPlan Parse(string folder, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var part = PartReader.Parse(bytes, FileName);
            int atOnce = part.Content.GetProperty("atOnce").GetInt32();
            var trials = part.Content.GetProperty("trials");
            if (part.Head.Kind != PartKind.Plan || part.Head.Shard is not { Index: 1, Of: <= MostShards }
                || atOnce is < 1 or > MostAtOnce || trials.GetArrayLength() > MostTrials)
                throw new FormatException("it is no plan of a search");
            PlannedTrial[] planned = [.. trials.EnumerateArray().Select(Planned)];
            return planned.DistinctBy(t => t.Trial.Name).Count() == planned.Length ? new(folder, part.Head, atOnce, planned)
                : throw new FormatException("it has a trial twice");
        }
        catch (DiagnosticException error)
        {
            throw Unreadable(error.Diagnostics[0].Message);
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Unreadable(error.Message);
        }
    }

    /// <summary>The bytes of its file.</summary>
    public byte[] ToBytes() => Part.Write(Head, json =>
    {
        json.WriteNumber("atOnce", AtOnce);
        json.WriteStartArray("trials");
        foreach (var (trial, round) in Trials)
        {
            json.WriteStartObject();
            json.WriteNumber("round", round);
            json.WritePropertyName("trial");
            TrialForm.Write(json, trial);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>Makes the folder, with the run in it.</summary>
    /// <param name="run">Its run file, or nothing where that is there.</param>
    /// <exception cref="DiagnosticException">CML0103.</exception>
    public void Begin(IReadOnlyList<OutputFile> run)
    {
        CreateFolder("");
        foreach (var file in run) AtomicFile.Write(Path.Combine(Folder, file.Name), file.Write);
    }

    /// <param name="name">Of a folder in that of the plan; empty for that.</param>
    /// <exception cref="DiagnosticException">CML0103.</exception>
    internal void CreateFolder(string name)
    {
        string folder = Path.Combine(Folder, name);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DiagnosticException(DiagnosticCodes.FileUnwritable, $"'{folder}' cannot be made: {error.Message}",
                hint: "choose a folder that you may write to");
        }
    }

    /// <summary>Whose part the result of a job is.</summary>
    public PartHead HeadOf(Shard shard) => Head with { Kind = PartKind.Trial, Shard = shard };

    /// <summary>Every job of a trial.</summary>
    public IEnumerable<PlannedJob> JobsOf(Trial trial) =>
        Enumerable.Range(1, Head.Shard.Of).Select(i => new PlannedJob(trial, new(i, Head.Shard.Of)));

    /// <summary>The file of its result.</summary>
    public string PathOf(PlannedJob job) => Path.Combine(Folder, ResultsName, job.Name + PartFiles.Extension);

    /// <summary>The job that a command line names.</summary>
    /// <exception cref="DiagnosticException">CML1224.</exception>
    public PlannedJob Find(string name) =>
        Trials.Where(t => name.Split('.')[0] == t.Trial.Name).SelectMany(t => JobsOf(t.Trial)).FirstOrDefault(job => job.Name == name)
            ?? throw new DiagnosticException(SearchCodes.UnknownJob, $"the plan in '{Folder}' has no job '{Printable.Name(name)}'",
                hint: $"run the lines of {JobsName}");

    /// <summary>Refuses to go on with a plan where something else is opened than was planned.</summary>
    /// <param name="here">Of the call as it is made now.</param>
    /// <exception cref="DiagnosticException">CML1222.</exception>
    public void Check(PartHead here)
    {
        if ((here with { Kind = PartKind.Plan }).DifferenceFrom(Head) is not { } difference) return;
        throw new DiagnosticException(SearchCodes.OtherRun, $"what is opened is not what the plan in '{Folder}' is of: {difference}",
            hint: "plan into another folder, or open what was planned: model, data, options and cortexml as they were");
    }

    private static PlannedTrial Planned(JsonElement planned)
    {
        int round = planned.GetProperty("round").GetInt32();
        return round is >= 1 and <= MostTrials ? new(TrialForm.ReadTrial(planned.GetProperty("trial")), round)
            : throw new FormatException("a round has no such number");
    }

    private static DiagnosticException Unreadable(string what) => new(SearchCodes.NoPlan, $"the plan cannot be read: {what}",
        new SourceLocation(FileName), "plan once more into an empty folder; results/ may be copied into it");
}
