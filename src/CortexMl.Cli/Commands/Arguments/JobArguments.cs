using System.CommandLine;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Searching;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>Options of compile by which a search is planned as jobs, its jobs are made, and it goes on.</summary>
internal sealed class JobArguments
{
    private const string FromJobs = "--from-jobs";

    private const int AtOnce = 3;

    private readonly Option<string?> _plan = new("--plan-jobs")
    {
        HelpName = "DIR",
        Description = "Search with --target-drop or --min-db in jobs: write the plan, and DIR/jobs.txt, what is to be run, a command a line",
    };

    private readonly Option<string?> _from = new(FromJobs)
    {
        HelpName = "DIR",
        Description = "Go on with the plan in DIR, in place of MODEL and options: to the result, or to the next DIR/jobs.txt and exit code 4",
    };

    private readonly Option<string?> _job = new("--job")
    {
        HelpName = "NAME", Description = "Make this job of the plan alone, and write DIR/results/NAME.part; what is there and whole is kept",
    };

    private readonly NumberOption<int?> _atOnce = new("--jobs-at-once")
    {
        Bounds = new(1, JobPlan.MostAtOnce), HelpName = "K",
        Description = "Candidates in a round, 3 by default: those that may be asked for next too, so that there are fewer rounds",
    };

    private readonly NumberOption<int?> _shards = new("--job-shards")
    {
        Bounds = new(1, JobPlan.MostShards), HelpName = "N",
        Description = "Jobs that share the test data of a candidate, 1 by default",
    };

    private readonly TaughtCommand _command;

    public JobArguments(TaughtCommand command)
    {
        _command = command;
        foreach (var option in (Option[])[_plan, _from, _job, _atOnce, _shards]) command.Options.Add(option);
    }

    /// <summary>The run file of the plan that a command line goes on with; null where it names none.</summary>
    /// <exception cref="DiagnosticException">CML1221: there is no plan.</exception>
    public static string? RunFileOf(ParseResult parsed, Command command)
    {
        if (command.Options.OfType<Option<string?>>().FirstOrDefault(o => o.Name == FromJobs) is not { } option) return null;
        return parsed.GetValue(option) is { } folder ? JobPlan.RunFileOf(JobPlan.Open(folder).Folder) : null;
    }

    /// <summary>Whether one job is made, and no result.</summary>
    public bool MakesJob(ParseResult parsed) => parsed.GetValue(_job) is not null;

    /// <param name="run">The run file that stands for the options; null for none.</param>
    /// <param name="output">Folder of the result.</param>
    /// <exception cref="DiagnosticException">CML0940: options that make no sense together; CML1221.</exception>
    public void Check(ParseResult parsed, GivenRun? run, string output)
    {
        string? plan = parsed.GetValue(_plan), from = parsed.GetValue(_from);
        if (plan is not null && from is not null)
            throw Usage("--plan-jobs begins a search, --from-jobs goes on with one", "say one of them");
        if (plan is null && (parsed.GetValue(_atOnce) ?? parsed.GetValue(_shards)) is not null)
            throw Usage("--jobs-at-once and --job-shards are about a plan", "pass --plan-jobs DIR with them");
        if (from is null && MakesJob(parsed)) throw Usage("--job is one of a plan", "pass --from-jobs DIR with it");
        if (from is not null && run?.Path != JobPlan.RunFileOf(from))
            throw Usage("--from-jobs: the plan names the model", "leave MODEL out");
        if ((plan ?? from) is not { } folder) return;
        JobLines.CheckFolder(folder);
        ShardArguments.CheckFile(parsed.GetResult(_command.Arguments[0])!.Tokens[0].Value);
        if (Path.GetFullPath(folder) == Path.GetFullPath(output))
            throw Usage("the plan and the result want the same folder", "name another one with -o");
    }

    /// <summary>The search that jobs are asked of; null where there are none.</summary>
    /// <exception cref="DiagnosticException">CML1220, CML1221, CML1222, CML1206, CML0985.</exception>
    public SearchJobs? Open(ParseResult parsed, Session session, Model model, CompileOptions options)
    {
        string? begun = parsed.GetValue(_plan);
        if ((begun ?? parsed.GetValue(_from)) is not { } folder) return null;
        var known = JobPlan.IsIn(folder) ? JobPlan.Open(folder) : null;
        int shards = parsed.GetValue(_shards) ?? known?.Head.Shard.Of ?? 1;
        var head = JobHead.Of(model, options, shards, CallWords.Of(parsed), EffectiveRun.Said(parsed, _command));
        known?.Check(head);
        if (begun is null) return new(known!, model, options);
        var run = EffectiveRun.Of(parsed, _command, folder, session.RunFile);
        var plan = (known ?? new(folder, head, AtOnce, [])) with { AtOnce = parsed.GetValue(_atOnce) ?? known?.AtOnce ?? AtOnce };
        plan.Begin(run);
        return new(plan, model, options);
    }

    /// <summary>Makes the job that is named.</summary>
    /// <returns>The exit code.</returns>
    public int Make(ParseResult parsed, Session session, SearchJobs search)
    {
        var job = search.Plan.Find(parsed.GetValue(_job)!);
        session.WithProgress(progress => search.Make(job, session.Notes, progress));
        session.ShowNotes();
        return ExitCodes.Ok;
    }

    /// <summary>Says what is to be run.</summary>
    /// <returns>The exit code.</returns>
    public int Tell(ParseResult parsed, Session session, SearchJobs search)
    {
        var plan = search.Plan;
        string lines = Path.Combine(plan.Folder, JobPlan.JobsName);
        int count = plan.Trials.Count(t => t.Round == plan.Round) * plan.Head.Shard.Of;
        if (!session.IsQuiet)
            session.Terminal.Error.Write($"round {plan.Round}: run {Counted.Of(count, "job")}, a line each of '{lines}'; "
                + $"then: cortexml compile --from-jobs {JobLines.Quoted(plan.Folder)}\n");
        return parsed.GetValue(_plan) is null ? ExitCodes.MoreWork : ExitCodes.Ok;
    }

    private static DiagnosticException Usage(string message, string hint) => new(CliCodes.Usage, message, hint: hint);
}
