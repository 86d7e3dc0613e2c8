using CortexMl.Data.Preprocess;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Compiling;

/// <summary>
/// Remembers, while a pipeline runs, the network's own inputs and outputs: they are gone once the cvm level has its final form.
/// </summary>
/// <param name="model">As it was read, before any pass: of its inputs and outputs passes keep the order and nothing else.</param>
internal sealed class SignatureCapture(Model model) : IPassInstrumentation
{
    private readonly IReadOnlyList<(string Name, Shape Shape)> _inputs = model.Inputs;
    private readonly IReadOnlyList<ModelPort> _outputs = model.OwnOutputs;
    private ModelIo? _ports;

    /// <summary>Inputs and outputs of the compiled graph, with the names and shapes that they had before the CVM's form of them.</summary>
    public ModelIo Io(Graph graph, Preprocessing preprocessing)
    {
        var found = ModelIo.Of(graph, preprocessing);
        var inputs = _ports is { } own && own.Inputs.Count > found.Inputs.Count ? own.Inputs : found.Inputs;
        return found with
        {
            Inputs = inputs.Count == _inputs.Count ? [.. inputs.Zip(_inputs, (port, i) => Declared(port, i.Name, [.. i.Shape]))] : inputs,
            Outputs = _outputs.Count == found.Outputs.Count
                ? [.. found.Outputs.Zip(_outputs, (port, o) => Declared(port, o.Name, o.Shape))]
                : found.Outputs,
        };
    }

    /// <summary>Writes the network's names of its outputs into a graph whose values are called otherwise by now.</summary>
    public void NameOutputs(Graph graph)
    {
        if (_outputs.Count != graph.Outputs.Count) return;
        new Rewriter(graph).SetGraphAttributes(OutputSignature.Named(graph, _outputs.Select(o => o.Name)));
    }

    public void Before(PassInfo pass, PassOptions options, Graph graph)
    {
        if (graph.Level == Level.Cvm) _ports ??= ModelIo.Of(graph, Preprocessing.None);
    }

    /// <summary>A shape of other elements is kept: a pass of somebody else's may have changed what the network returns.</summary>
    private static ModelPort Declared(ModelPort found, string name, IReadOnlyList<int> shape) =>
        found with { Name = name, Shape = Shape.Of(shape).Count == Shape.Of(found.Shape).Count ? shape : found.Shape };
}
