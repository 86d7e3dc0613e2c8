using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Running;

namespace CortexMl.Auditing;

/// <summary>A layer of a graph: an operation, or all that the graph is given.</summary>
/// <param name="Operation">Null for the inputs.</param>
internal sealed record AuditedLayer(Operation? Operation, IReadOnlyList<Value> Results)
{
    public string Kind => Operation is null ? TranscriptLayer.Input : Operation.Spec.CvmName ?? Operation.Spec.Name;

    /// <summary>The layers in the order of the leaves: the inputs, then every operation that is no constant.</summary>
    public static IReadOnlyList<AuditedLayer> Of(Graph graph) =>
        [new(null, [.. graph.Inputs]), .. graph.Operations.Where(o => o.Constant is null).Select(o => new AuditedLayer(o, o.Results))];

    /// <summary>
    /// Says why a model cannot be audited: what is not the numbers of one layer after the other has no layer to answer for.
    /// </summary>
    /// <exception cref="DiagnosticException">
    /// CML0992: values share storage while both are needed; CML0924: no integer model; CML0106: too much memory.
    /// </exception>
    public static void Check(Model model)
    {
        if (!model.IsInteger || model.Graph.Inputs.Count == 0)
            throw new DiagnosticException(
                LibraryCodes.WrongLevel, $"'{model.Name}' is no integer model with inputs", hint: "compile it first");
        if (model.Cvm is { Storage.IsAliased: true })
            throw new DiagnosticException(LibraryCodes.TranscriptUnfit,
                $"values of '{model.Name}' share storage while both are needed: what a layer reads is not what another one made");
        MemoryDemand.Of(model.Graph).CheckRunning(model.MaxMemory, model.Name);
    }
}
