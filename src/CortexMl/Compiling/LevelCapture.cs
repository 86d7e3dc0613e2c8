using CortexMl.Analysis;
using CortexMl.Data.Preprocess;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Compiling;

/// <summary>
/// Remembers, while a pipeline runs, what the per-node report needs: the float graph that quantize gets, and the scale of every named integer value
/// once requantizations are spelled out; and the network's own inputs and outputs. All are gone once the cvm level has its final form.
/// </summary>
internal sealed class LevelCapture : IPassInstrumentation
{
    private readonly Dictionary<string, Scale> _scales = new(StringComparer.Ordinal);

    /// <summary>Copy of the graph before it left the float level; null where it never was there.</summary>
    public Graph? Float { get; private set; }

    /// <summary>Scales of the quant level by value name, the latest known.</summary>
    public IReadOnlyDictionary<string, Scale> Scales => _scales;

    private ModelIo? _ports;

    /// <summary>Inputs and outputs of the compiled graph, with the names and shapes that they had before the CVM's form of them.</summary>
    public ModelIo Io(Graph graph, Preprocessing preprocessing)
    {
        var found = ModelIo.Of(graph, preprocessing);
        if (_ports is not { } own) return found;
        return found with
        {
            Inputs = own.Inputs.Count > found.Inputs.Count ? own.Inputs : found.Inputs,
            Outputs = [.. found.Outputs.Select((port, i) => SameElements(own.Outputs.ElementAtOrDefault(i), port) ? port with { Shape = own.Outputs[i].Shape } : port)],
        };
    }

    public void Before(PassInfo pass, PassOptions options, Graph graph)
    {
        if (graph.Level == Level.Cvm) _ports ??= ModelIo.Of(graph, Preprocessing.None);
        if (graph.Level == Level.Float && pass.ChangesLevel) Float = GraphCopy.Of(graph);
    }

    public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites)
    {
        if (graph.Level != Level.Quant) return;
        var names = Names.Of(graph);
        _scales.Clear();
        foreach (var value in graph.Inputs.Concat(graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)))
            if (value.Type.Scale is { } scale) _scales[names[value]] = scale;
    }

    private static bool SameElements(ModelPort? own, ModelPort found) =>
        own is not null && own.Name == found.Name && Shape.Of(own.Shape).Count == Shape.Of(found.Shape).Count;
}
