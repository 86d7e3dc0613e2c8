using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Passes;

/// <summary>What a pass works with besides the graph.</summary>
/// <param name="options">Its options.</param>
/// <param name="rewriter">The way to change the graph.</param>
/// <param name="services">Evaluators, data and progress, shared by the whole pipeline.</param>
public sealed class PassContext(PassOptions options, Rewriter rewriter, PassServices services)
{
    public PassOptions Options { get; } = options;

    public Rewriter Rewriter { get; } = rewriter;

    public PassServices Services { get; } = services;

    /// <summary>The rule that is being applied; null between rules, and in passes that are no list of rules.</summary>
    internal Rule? Rule { get; set; }

    /// <summary>
    /// Which integers each value can hold; at the float level nothing is known. Computed once for each version of the graph.
    /// </summary>
    public Intervals Intervals => Intervals.Of(Rewriter.Graph);

    /// <summary>
    /// Until when values are needed; computed once for each version. Who uses a value is always at hand: <see cref="Value.Uses"/>.
    /// </summary>
    public Liveness Liveness => Liveness.Of(Rewriter.Graph);

    /// <summary>An analysis of the pass's own, computed once for each version of the graph.</summary>
    public T Analysis<T>(Func<Graph, T> compute)
        where T : class => Rewriter.Graph.Analysis(compute);

    /// <summary>Warnings and notes for the user; errors are thrown.</summary>
    public DiagnosticBag Diagnostics => Services.Diagnostics;
}

/// <summary>What the surroundings lend to passes. Everything has a default, so that most passes run without any set-up.</summary>
public sealed class PassServices
{
    public DiagnosticBag Diagnostics { get; init; } = new();

    /// <summary>Runs float graphs; null where no float engine is wired in.</summary>
    public IFloatEvaluator? FloatEvaluator { get; init; }

    /// <summary>Calibration data; null where none was given.</summary>
    public ISampleSource? Samples { get; init; }

    /// <summary>What stands in for work of a pass: a calibration that was made before.</summary>
    public PassResults Given { get; } = new();

    /// <summary>What passes found out: the calibration, the proof of bounds.</summary>
    public PassResults Results { get; } = new();

    public IProgressSink Progress { get; init; } = NoProgress.Instance;

    /// <summary>
    /// Ends the pipeline early: looked at before each pass, by rules before each operation, and by passes that take long before each
    /// sample. The graph is left as it is then.
    /// </summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Whether this is no failure but the end that was asked for.</summary>
    internal bool IsEnd(Exception error) => error is OperationCanceledException && Cancellation.IsCancellationRequested;
}

/// <summary>
/// What passes hand on besides the graph, one of each type: a calibration, a proof. Written to files by whoever runs the pipeline.
/// </summary>
public sealed class PassResults
{
    private readonly Dictionary<Type, object> _results = [];

    /// <summary>Replaces an earlier one of the type.</summary>
    public void Set<T>(T result)
        where T : class => _results[typeof(T)] = result;

    /// <summary>Null where there is none of the type.</summary>
    public T? Get<T>()
        where T : class => _results.GetValueOrDefault(typeof(T)) as T;

    /// <summary>Forgets the one of the type: what refers to a graph's values keeps their constants in memory.</summary>
    public void Drop<T>()
        where T : class => _results.Remove(typeof(T));
}
