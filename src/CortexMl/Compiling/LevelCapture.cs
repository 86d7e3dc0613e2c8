using CortexMl.Analysis;
using CortexMl.Ir;
using CortexMl.Passes;

namespace CortexMl.Compiling;

/// <summary>
/// Remembers, while a pipeline runs, what the per-node report needs: the float graph that quantize gets, and the scale of every named integer value
/// once requantizations are spelled out. Both are gone at the cvm level.
/// </summary>
internal sealed class LevelCapture : IPassInstrumentation
{
    private readonly Dictionary<string, Scale> _scales = new(StringComparer.Ordinal);

    /// <summary>Copy of the graph before it left the float level; null where it never was there.</summary>
    public Graph? Float { get; private set; }

    /// <summary>Scales of the quant level by value name, the latest known.</summary>
    public IReadOnlyDictionary<string, Scale> Scales => _scales;

    public void Before(PassInfo pass, PassOptions options, Graph graph)
    {
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
}
