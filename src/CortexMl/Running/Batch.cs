using CortexMl.Diagnostics;
using CortexMl.Passes;
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
        using var run = BlockRun.Of(choice, samples, progress);
        return new(model, choice.Name, run.Next(samples.Count)) { InputsCutOff = run.Inputs?.CutOff ?? [] };
    }

    /// <param name="prepare">Called once for each of the workers.</param>
    internal static SampleResult[] Run(
        Func<IModelRunner> prepare, ISampleSource samples, int workers, string stage, IProgressSink progress,
        CancellationToken cancellation = default)
    {
        using var run = new BlockRun(prepare, samples, workers, stage, progress, cancellation);
        return run.Next(samples.Count);
    }
}
