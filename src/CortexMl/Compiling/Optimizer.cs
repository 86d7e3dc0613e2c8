using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Passes;

namespace CortexMl.Compiling;

/// <summary>Runs any pipeline on graphs of a text, one after the other.</summary>
public static class Optimizer
{
    /// <returns>The number of rewrites that were made.</returns>
    /// <exception cref="DiagnosticException">The pipeline does not fit, or a pass refuses a graph.</exception>
    /// <exception cref="PassFailedException">A pass is broken.</exception>
    public static long Run(
        IReadOnlyList<Graph> graphs, Pipeline pipeline, IReadOnlyList<string> plugins,
        IReadOnlyList<IPassInstrumentation> instrumentations, PassManagerOptions options,
        DiagnosticBag diagnostics, IProgressSink progress)
    {
        var registry = PassTable.Registry();
        foreach (string plugin in plugins) registry.LoadPlugin(plugin);
        var manager = new PassManager(registry);
        var services = new PassServices { Diagnostics = diagnostics, FloatEvaluator = PortableEvaluator.Calibration, Progress = progress };
        foreach (var graph in graphs) Provenance.Mark(graph);
        return graphs.Sum(graph => manager.Run(graph, pipeline, services, instrumentations, options));
    }
}
