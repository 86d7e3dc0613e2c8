using CortexMl.Engines.Cpu;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Reports;

/// <summary>
/// Runs of an integer model that show values inside it, in portions: those of a large network are not in memory at once.
/// </summary>
internal static class InnerValues
{
    /// <summary>Of integers that stand side by side.</summary>
    private const long PortionBytes = 64L << 20;

    /// <summary>Values that are looked at in one run, one behind the other.</summary>
    public static IEnumerable<(int First, int Count)> Portions(IReadOnlyList<Value> values)
    {
        int first = 0;
        long bytes = 0;
        foreach (var (i, value) in values.Index())
        {
            long own = sizeof(int) * value.Type.Shape.Count;
            if (i > first && bytes + own > PortionBytes)
            {
                yield return (first, i - first);
                (first, bytes) = (i, 0);
            }
            bytes += own;
        }
        yield return (first, values.Count - first);
    }

    /// <summary>
    /// What makes these values, and no more, with them as its outputs: an engine must show them, however it fuses.
    /// </summary>
    public static Graph Returning(Graph graph, IReadOnlyList<Value> values)
    {
        var copy = GraphCopy.Of(graph);
        var places = graph.Operations.Index().ToDictionary(o => o.Item, o => o.Index);
        var rewriter = new Rewriter(copy);
        rewriter.SetOutputs([.. values.Select(v => copy.Operations[places[v.Producer!]].Results[v.Index])]);
        DeadOperations.Erase(copy, rewriter);
        return copy;
    }

    /// <summary>Least and greatest integer of each value over all samples.</summary>
    /// <param name="values">Results of the model's operations.</param>
    public static IReadOnlyList<(int Low, int High)> Ranges(
        Model model, IReadOnlyList<Value> values, IReadOnlyList<Sample> samples, CancellationToken cancellation)
    {
        var ranges = Enumerable.Repeat((Low: int.MaxValue, High: int.MinValue), values.Count).ToArray();
        if (values.Count == 0) return ranges;
        var inputs = IntegerInputs.For(model, new RunOptions());
        foreach (var (first, count) in Portions(values))
        {
            var part = Returning(model.Graph, [.. values.Skip(first).Take(count)]);
            using var executable = new CpuEngine(new CpuOptions { Threads = Environment.ProcessorCount, Cancellation = cancellation })
                .Prepare(part);
            foreach (var sample in samples)
            {
                foreach (var (i, integers) in executable.Run(inputs.Of(sample)).Index())
                {
                    ref var range = ref ranges[first + i];
                    foreach (int integer in integers.Data) range = (Math.Min(range.Low, integer), Math.Max(range.High, integer));
                }
            }
        }
        return ranges;
    }
}
