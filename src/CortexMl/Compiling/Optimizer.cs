using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Passes;

namespace CortexMl.Compiling;

/// <summary>Runs any pipeline on graphs of a text, one after the other.</summary>
public static class Optimizer
{
    /// <param name="cancellation">Ends it: looked at before each pass and rewrite, and by passes that measure.</param>
    /// <returns>The number of rewrites that were made.</returns>
    /// <exception cref="DiagnosticException">The pipeline does not fit, or a pass refuses a graph.</exception>
    /// <exception cref="PassFailedException">A pass is broken.</exception>
    /// <exception cref="OperationCanceledException">
    /// By <paramref name="cancellation"/>; the graphs are then left as the last rewrite made them.
    /// </exception>
    public static long Run(
        IReadOnlyList<Graph> graphs, Pipeline pipeline, IReadOnlyList<string> plugins,
        IReadOnlyList<IPassInstrumentation> instrumentations, PassManagerOptions options,
        DiagnosticBag diagnostics, IProgressSink progress, CancellationToken cancellation = default)
    {
        var manager = new PassManager(CompilePipeline.Registry(plugins));
        var services = new PassServices
        {
            Diagnostics = diagnostics, FloatEvaluator = FloatEngines.Of(FloatEngines.Portable, cancellation), Progress = progress,
            Cancellation = cancellation,
        };
        foreach (var graph in graphs) Provenance.Mark(graph);
        return graphs.Sum(graph => manager.Run(graph, pipeline, services, instrumentations, options));
    }

    /// <summary>The pipeline that a graph of this level would go through, with every option of every pass.</summary>
    /// <exception cref="DiagnosticException">The pipeline or a plugin means nothing.</exception>
    public static Pipeline PipelineOf(Level level, Pipeline pipeline, IReadOnlyList<string> plugins, string? stopAfter = null)
    {
        var registry = CompilePipeline.Registry(plugins);
        return registry.WithDefaults(registry.Resolve(pipeline, level).Until(stopAfter));
    }
}
