using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Passes;
using CortexMl.Sharding;

namespace CortexMl.Searching;

/// <summary>
/// The calibration of a plan whose trials are cut into shards: the first round, cut the same way, whose parts the trials that calibrate
/// join in place of running the network on all data.
/// </summary>
/// <param name="model">The network that is compiled.</param>
/// <param name="options">Of the search.</param>
internal sealed class CalibrationJobs(JobPlan plan, Model model, CompileOptions options)
{
    /// <summary>As jobs name it.</summary>
    public static Trial Trial { get; } = new("calibration", 0, null, null);

    private readonly CompileOptions _alone =
        options with { TargetDrop = null, MinDecibels = null, Test = null, Metric = null, IsStrict = false };

    /// <summary>Whether there are any: data that can be cut, and a pipeline that calibrates once.</summary>
    public bool AreWanted { get; } = plan.Head.Shard.Of > 1 && options is { Data.States: null }
        && Compiler.PipelineOf(model, options).Steps.Count(s => s.Pass == Passes.Calibrate.Calibrate.Record.Name) == 1;

    /// <summary>What is wrong with the file of a job; null for nothing.</summary>
    /// <exception cref="DiagnosticException">The data cannot be opened.</exception>
    public string? Fault(PlannedJob job)
    {
        var head = HeadOf(job.Shard);
        try
        {
            var part = PartReader.Read(plan.PathOf(job));
            return part.Head.DifferenceFrom(head) ?? (part.Head.Shard == job.Shard ? null : $"it is shard {part.Head.Shard}");
        }
        catch (DiagnosticException error)
        {
            return error.Diagnostics[0].Message;
        }
    }

    /// <summary>The part of a shard.</summary>
    public byte[] Make(PlannedJob job, DiagnosticBag found, IProgressSink? progress) =>
        CalibrationParts.Run(HeadOf(job.Shard), model, _alone, found, progress);

    /// <summary>Options of a trial that calibrates, which joins all parts.</summary>
    /// <exception cref="DiagnosticException">CML1200 to CML1204 of parts; CML1202: they are of another run.</exception>
    public CompileOptions Joining(CompileOptions own)
    {
        string[] paths = [.. plan.JobsOf(Trial).Select(plan.PathOf)];
        var parts = PartSet.Open(paths);
        if (parts.Run.DifferenceFrom(HeadOf(parts.Run.Shard)) is { } difference)
            throw new DiagnosticException(ShardCodes.Foreign, $"the result is of another run: {difference}",
                new SourceLocation(InputFile.DisplayName(paths[0])), $"delete it, and run its line of {JobPlan.JobsName}");
        return CalibrationParts.Joining(parts, own);
    }

    private PartHead HeadOf(Shard shard) =>
        CalibrationParts.Head(model, _alone, shard, plan.Head.Words, plan.Head.Facts[^1].Digest);
}
