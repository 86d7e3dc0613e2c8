using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Streaming;

namespace CortexMl.Running;

/// <summary>
/// A model that runs on its samples block by block, several samples at once; results stand in the order of the samples. Runners are
/// prepared once and kept from block to block, and no sample is read before its block, so that what is in memory is the caller's choice.
/// Samples of a stream run one behind the other. One thread at a time.
/// </summary>
internal sealed class BlockRun : IDisposable
{
    private readonly Func<IModelRunner> _prepare;
    private readonly ConcurrentBag<IModelRunner> _idle = [];
    private readonly IEnumerator<Sample> _samples;
    private readonly int _count, _workers;
    private readonly string _stage;
    private readonly IProgressSink _progress;
    private readonly CancellationToken _cancellation;
    private readonly Lock _lock = new();
    private long _done;

    /// <param name="prepare">Called once for each of the workers, on one of them.</param>
    /// <param name="stage">What progress is told of.</param>
    public BlockRun(
        Func<IModelRunner> prepare, ISampleSource samples, int workers, string stage, IProgressSink progress,
        CancellationToken cancellation = default)
    {
        (_prepare, _samples, _count, _workers) = (prepare, samples.Read().GetEnumerator(), samples.Count, workers);
        (_stage, _progress, _cancellation) = (stage, progress, cancellation);
    }

    /// <summary>What turns reals into the model's integers, and counts what is cut off; null for a float model.</summary>
    public IntegerInputs? Inputs { get; private init; }

    /// <summary>What a failure to get memory tells; null where that is not known.</summary>
    private (Int128 Bytes, string What)? Memory { get; init; }

    /// <exception cref="DiagnosticException">What <see cref="Runners.For"/> finds.</exception>
    public static BlockRun Of(EngineChoice choice, ISampleSource samples, IProgressSink progress)
    {
        var (model, options) = (choice.Model, choice.Options);
        bool isStream = samples.States.Count > 0;
        var prepare = Runners.WithInputs(choice, isStream || samples.Count == 1 ? options.Workers : 1, out var inputs);
        Func<IModelRunner> runner = isStream ? () => new StreamRunner(prepare(), model, samples.States, options) : prepare;
        return new(runner, samples, isStream ? 1 : choice.Workers, $"run {model.Name}", progress, options.Cancellation)
        {
            Inputs = inputs, Memory = (MemoryDemand.Of(model.Graph).RunningBytes, $"running '{model.Name}'"),
        };
    }

    /// <summary>The results of the next samples: so many, or those that are left.</summary>
    /// <exception cref="DiagnosticException">What preparing and running find.</exception>
    /// <exception cref="OperationCanceledException">Somebody wanted the end.</exception>
    public SampleResult[] Next(int count)
    {
        int some = (int)Math.Min(count, _count - _done);
        return Memory is var (bytes, what) ? MemoryUse.Taking(bytes, what, () => Run(some)) : Run(some);
    }

    public void Dispose()
    {
        _samples.Dispose();
        foreach (var runner in _idle) runner.Dispose();
    }

    private SampleResult[] Run(int count)
    {
        _cancellation.ThrowIfCancellationRequested();
        var results = new SampleResult[count];
        try
        {
            // Without a buffer no sample is read before a thread is free for it.
            Parallel.ForEach(
                Partitioner.Create(Block(count), EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = _workers, CancellationToken = _cancellation }, Rented,
                (sample, _, index, runner) =>
                {
                    results[index] = new(sample.Name, sample.Label, runner.Run(sample));
                    lock (_lock) _progress.Report(_stage, ++_done, _count);
                    return runner;
                },
                _idle.Add);
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.Flatten().InnerExceptions[0]);
        }
        return results;
    }

    private IModelRunner Rented() => _idle.TryTake(out var runner) ? runner : _prepare();

    private IEnumerable<Sample> Block(int count)
    {
        for (int i = 0; i < count && _samples.MoveNext(); i++) yield return _samples.Current;
    }
}
