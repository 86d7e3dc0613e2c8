using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Engines.Gpu.Products;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>
/// Chooses how values lie in memory: the narrowest element that their proven interval allows, interleaved where a dot product reads them.
/// </summary>
internal static class ValueLayouts
{
    /// <exception cref="DiagnosticException">CML0703: a value of more bytes than an index reaches.</exception>
    public static Dictionary<Value, ValueLayout> Choose(Graph graph, IReadOnlyList<KernelGroup> groups)
    {
        var ranges = Intervals.Of(graph);
        var layouts = new Dictionary<Value, ValueLayout>();
        foreach (var value in graph.Inputs.Concat(groups.SelectMany(g => g.Last.Results)))
        {
            var layout = new ValueLayout(value.Type.Shape, Narrowest(ranges[value].All), false);
            if (layout.Element == KernelElement.I8 && value.Type.Shape.Rank >= 2
                && value.Uses.Any(u => u.Index == 0 && u.User is { } user && DotProductFit.CanRead(user)))
                layout = layout with { IsInterleaved = true };
            if (layout.Bytes > int.MaxValue)
                throw new DiagnosticException(EngineCodes.TooMuchMemory,
                    $"a value of {value.Type.Shape} needs {Counted.Of(layout.Bytes, "byte")}, a kernel reaches {int.MaxValue}",
                    value.Producer?.Location);
            layouts[value] = layout;
        }
        return layouts;
    }

    private static KernelElement Narrowest(Interval range) =>
        range.IsWithin(sbyte.MinValue, sbyte.MaxValue)
            ? KernelElement.I8 : range.IsWithin(short.MinValue, short.MaxValue) ? KernelElement.I16 : KernelElement.I32;
}
