using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Streaming;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>What a model made of one sample.</summary>
public sealed record SampleResult(string Name, int? Label, IReadOnlyList<Tensor> Outputs);

/// <summary>What a model made of all samples.</summary>
/// <param name="Engine">What ran it, as reports name it.</param>
public sealed record ModelRun(Model Model, string Engine, IReadOnlyList<SampleResult> Results)
{
    /// <summary>Elements of each input, and how many of them lay beyond its integers; empty for float models and integer data.</summary>
    public IReadOnlyList<(long Elements, long Beyond)> InputsCutOff { get; init; } = [];
}

/// <summary>
/// Runs a model on all samples, several at once; the results stand in the order of the samples, whatever the number of threads. Samples of
/// a stream run one behind the other. Any number of threads may call it; <see cref="RunOptions.Cancellation"/> ends it.
/// </summary>
public static class Batch
{
    /// <exception cref="Diagnostics.DiagnosticException">
    /// What <see cref="EngineChoice.Of"/>, <see cref="Runners.For"/> and the run find.
    /// </exception>
    /// <exception cref="OperationCanceledException">By <see cref="RunOptions.Cancellation"/>.</exception>
    public static ModelRun Run(Model model, ISampleSource samples, RunOptions options, IProgressSink progress)
    {
        using var choice = EngineChoice.Of(model, options);
        return Run(choice, samples, progress);
    }

    /// <exception cref="Diagnostics.DiagnosticException">What <see cref="Runners.For"/> and the run find.</exception>
    /// <exception cref="OperationCanceledException">By <see cref="RunOptions.Cancellation"/>.</exception>
    public static ModelRun Run(EngineChoice choice, ISampleSource samples, IProgressSink progress)
    {
        var (model, cancellation) = (choice.Model, choice.Options.Cancellation);
        cancellation.ThrowIfCancellationRequested();
        return MemoryUse.Taking(MemoryDemand.Of(model.Graph).RunningBytes, $"running '{model.Name}'", () =>
        {
            bool isStream = samples.States.Count > 0;
            var runners = Runners.WithInputs(choice, isStream || samples.Count == 1 ? choice.Options.Workers : 1, out var inputs);
            string stage = $"run {model.Name}";
            var results = isStream
                ? RunInOrder(new StreamRunner(runners(), model, samples.States, choice.Options), samples, stage, progress, cancellation)
                : Run(runners, samples, choice.Workers, stage, progress, cancellation);
            return new ModelRun(model, choice.Name, results) { InputsCutOff = inputs?.CutOff ?? [] };
        });
    }

    private static SampleResult[] RunInOrder(
        IModelRunner runner, ISampleSource samples, string stage, IProgressSink progress, CancellationToken cancellation)
    {
        using var owned = runner;
        var results = new List<SampleResult>(samples.Count);
        foreach (var sample in samples.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(new(sample.Name, sample.Label, runner.Run(sample)));
            progress.Report(stage, results.Count, samples.Count);
        }
        return [.. results];
    }

    /// <param name="prepare">Called once for each of the workers.</param>
    internal static SampleResult[] Run(
        Func<IModelRunner> prepare, ISampleSource samples, int workers, string stage, IProgressSink progress,
        CancellationToken cancellation = default)
    {
        var results = new SampleResult[samples.Count];
        long done = 0;
        try
        {
            // Without a buffer no sample is read before a thread is free for it: what is in memory does not grow with the data.
            Parallel.ForEach(
                Partitioner.Create(samples.Read(), EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, prepare,
                (sample, _, index, runner) =>
                {
                    results[index] = new(sample.Name, sample.Label, runner.Run(sample));
                    lock (results) progress.Report(stage, ++done, samples.Count);
                    return runner;
                },
                runner => runner.Dispose());
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.Flatten().InnerExceptions[0]);
        }
        return results;
    }
}
