using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Passes;

/// <summary>How a pipeline runs.</summary>
public sealed record PassManagerOptions
{
    public static PassManagerOptions Default { get; } = new();

    /// <summary>Verify the graph after every pass.</summary>
    public bool VerifyEach { get; init; } = true;

    /// <summary>Name of the pass after whose first run the pipeline ends; null runs all of it.</summary>
    public string? StopAfter { get; init; }

    /// <summary>
    /// Rewrites allowed in the whole pipeline, null for any number. Once they are used up rewriting passes change nothing more, while
    /// passes that change the level still do: by halving, the one rewrite that breaks a network is found.
    /// </summary>
    public long? RewriteLimit { get; init; }

    /// <summary>Passes of the pipeline that do not run, by name, wherever they stand.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary>Where relative paths of pass options start; empty for the working directory.</summary>
    public string Folder { get; init; } = "";
}

/// <summary>Runs pipelines: checks them as a whole first, then runs pass by pass, verifying and telling the instrumentations.</summary>
public sealed class PassManager(PassRegistry registry)
{
    /// <param name="Number">Place in the pipeline, from 0.</param>
    private sealed record PreparedStep(int Number, Pass Pass, PassOptions Options);

    /// <returns>The number of rewrites that were made.</returns>
    /// <exception cref="DiagnosticException">
    /// CML0902, CML0903, CML0904, CML0907: the pipeline does not fit, everything at once and before anything ran; or what a pass had to
    /// say about its input.
    /// </exception>
    /// <exception cref="PassFailedException">A pass broke the graph or failed with anything but a diagnostic.</exception>
    /// <exception cref="OperationCanceledException">By <see cref="PassServices.Cancellation"/>: between passes or within one.</exception>
    public long Run(
        Graph graph, Pipeline pipeline, PassServices? services = null, IReadOnlyList<IPassInstrumentation>? instrumentations = null,
        PassManagerOptions? options = null)
    {
        services ??= new PassServices();
        instrumentations ??= [];
        options ??= PassManagerOptions.Default;
        long rewrites = 0;
        foreach (var step in Prepare(graph, pipeline, options))
        {
            services.Cancellation.ThrowIfCancellationRequested();
            long? left = options.RewriteLimit is { } limit ? Math.Max(0, limit - rewrites) : null;
            rewrites += RunStep(graph, step, services, left, rewrites, instrumentations, options.VerifyEach);
        }
        return rewrites;
    }

    private List<PreparedStep> Prepare(Graph graph, Pipeline pipeline, PassManagerOptions options)
    {
        var problems = new DiagnosticBag();
        var prepared = new List<PreparedStep>();
        var level = graph.Level;
        bool stopped = false;
        pipeline = registry.Edited(pipeline, level, problems);
        foreach (var (number, step) in pipeline.Steps.Index())
        {
            if (options.Skip.Contains(step.Pass))
            {
                stopped |= step.Pass == options.StopAfter;
                continue;
            }
            var pass = registry.Create(step.Pass);
            CheckLevel(pass.Info, ref level, problems);
            try
            {
                var given = new PassOptions(pass.Info, step.Options.ToDictionary(StringComparer.Ordinal), options.Folder);
                if (!stopped) prepared.Add(new PreparedStep(number, pass, given));
            }
            catch (DiagnosticException error)
            {
                problems.AddRange(error.Diagnostics);
            }
            stopped |= step.Pass == options.StopAfter;
        }
        if (options.StopAfter is { } name && !stopped)
            problems.Error(DiagnosticCodes.UnknownPass, $"the pipeline has no pass '{name}' to stop after", hint: $"pipeline: {pipeline}");
        foreach (string skipped in options.Skip.Where(name => pipeline.Steps.All(step => step.Pass != name)))
        {
            string? near = Nearest.Hint(skipped, pipeline.Steps.Select(step => step.Pass));
            problems.Error(
                DiagnosticCodes.UnknownPass, $"the pipeline has no pass '{skipped}' to skip", hint: near ?? $"pipeline: {pipeline}");
        }
        problems.ThrowIfErrors();
        return prepared;
    }

    private static void CheckLevel(PassInfo info, ref Level level, DiagnosticBag problems)
    {
        if (!info.From.HasFlag(level))
        {
            problems.Error(DiagnosticCodes.PassLevel,
                $"pass '{info.Name}' takes a graph of level {LevelNames.Of(info.From)}; here it would get level {LevelNames.Of(level)}");
        }
        if (info.ChangesLevel) level = info.To;
    }

    /// <param name="left">Rewrites that are still allowed; null for any number.</param>
    /// <param name="done">Rewrites of the passes before it.</param>
    private static long RunStep(
        Graph graph, PreparedStep step, PassServices services, long? left, long done,
        IReadOnlyList<IPassInstrumentation> instrumentations, bool verify)
    {
        var (number, pass, options) = step;
        var listeners = instrumentations.Where(hook => hook.WatchesRewrites).ToList();
        var rewriter = new Rewriter(graph, left);
        var context = new PassContext(options, rewriter, services);
        if (instrumentations.Count > 0) rewriter.Replacing = Tell;
        foreach (var hook in instrumentations) hook.Before(pass.Info, options, graph);
        var before = GraphInterface.Of(graph);
        try
        {
            pass.Run(graph, context);
            before.KeepNames(graph, rewriter);
            if (verify && before.Broken(graph, pass.Info.Alters) is { Count: > 0 } broken)
                throw new PassFailedException(
                    pass.Info.Name, $"it changed what its record does not say that it changes:\n{string.Join('\n', broken)}");
            if (verify && Verifier.Check(graph) is { HasErrors: true } found)
                throw new PassFailedException(pass.Info.Name, $"it left a graph that breaks the rules:\n{string.Join('\n', found.Items)}");
        }
        catch (Exception error) when (!services.IsEnd(error))
        {
            var told = error switch
            {
                DiagnosticException or PassFailedException => error,
                // Below the float level the rows are the runtime's, with its limits: it is the network that does not fit.
                RuleException rule when graph.Level != Level.Float => new DiagnosticException(DiagnosticCodes.BeyondLimits,
                    $"pass '{pass.Info.Name}': the CVM cannot hold what it makes of the network: {rule.Message}",
                    hint: rule.Hint ?? "give the network's input a smaller shape or batch with --input"),
                OutOfMemoryException => error,
                _ => new PassFailedException(pass.Info.Name, error.Message, error),
            };
            foreach (var hook in instrumentations) hook.Failed(pass.Info, options, graph, told);
            if (ReferenceEquals(told, error)) throw;
            throw told;
        }
        foreach (var hook in instrumentations) hook.After(pass.Info, options, graph, rewriter.Count);
        return rewriter.Count;

        void Tell(Value old, Value replacement)
        {
            foreach (var hook in instrumentations) hook.Replaced(old, replacement);
            if (listeners.Count == 0) return;
            var note = new RewriteNote(done + rewriter.Count + 1, number, pass.Info.Name, context.Rule?.Name, RewriteNote.Describe(old));
            foreach (var listener in listeners) listener.Rewrote(note);
        }
    }
}

/// <summary>A pass broke the graph or threw what is no diagnostic: our bug or a plugin's, not the user's.</summary>
public sealed class PassFailedException(string pass, string reason, Exception? inner = null)
    : Exception($"pass '{pass}' failed: {reason}", inner)
{
    /// <summary>Name of the pass.</summary>
    public string Pass { get; } = pass;

    /// <summary>CML0905 with the reason: the broken rule of the verifier, or the exception's own words.</summary>
    public Diagnostic Diagnostic =>
        new(DiagnosticCodes.PassFailed, Severity.Error, Message.Split('\n')[0], Hint: "this is a bug in the pass, not in your model")
        {
            Details = Message.Split('\n')[1..],
        };
}
