using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir.Walks;
using CortexMl.Passes;
using CortexMl.Splitting;

namespace CortexMl.Compiling;

/// <summary>What stands around each compilation of a network, however many a search makes.</summary>
internal static class CompileWork
{
    /// <summary>The network that is compiled: of one that is cut in two the first part.</summary>
    public static Model Ready(Model model, CompileOptions options)
    {
        options.Cancellation.ThrowIfCancellationRequested();
        // What ends early must leave nothing half-done.
        if (options.Cancellation.CanBeCanceled) model = model with { Graph = GraphCopy.Of(model.Graph) };
        return options.SplitAt.Count > 0 ? ModelSplit.Of(model, options.SplitAt) : model;
    }

    /// <param name="model">As <see cref="Ready"/> makes it.</param>
    /// <param name="work">One compilation, or several one behind the other.</param>
    public static T Taking<T>(Model model, Func<T> work) =>
        MemoryUse.Taking(MemoryDemand.Of(model.Graph).CompilingBytes, $"calibrating and compiling '{model.Name}'", work);

    /// <summary>One compilation, whatever the options want to be searched; the model keeps its graph.</summary>
    /// <param name="model">As <see cref="Ready"/> makes it.</param>
    public static CompileResult OfCopy(Model model, CompileOptions options, DiagnosticBag? diagnostics, IProgressSink? progress) =>
        Compiler.Compiled(model with { Graph = GraphCopy.Of(model.Graph) }, options, diagnostics, progress);
}
