using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Generation;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>Makes a plan: groups, layouts, a kernel for every group, memory.</summary>
internal static class GpuPlanner
{
    /// <exception cref="DiagnosticException">CML0701 operators without a generator; CML0703 a value too large.</exception>
    public static GpuPlan Make(Graph graph)
    {
        var groups = KernelGroup.Find(graph);
        CheckGenerators(groups);
        var layouts = Layouts.Choose(graph, groups);
        var steps = groups.Where(g => g.Last.Results.Any(r => r.Type.Shape.Count > 0)).Select(group => Write(new GroupWriter(group, layouts))).ToList();
        return new GpuPlan(graph, steps, layouts, MemoryPlan.Make(graph, groups, layouts));
    }

    private static KernelStep Write(GroupWriter writer) =>
        writer.Group.Generator!.Write is { } whole ? writer.Build(whole(writer.WholeScope())) : ElementKernel.Write(writer);

    private static void CheckGenerators(IReadOnlyList<KernelGroup> groups)
    {
        var found = new DiagnosticBag();
        foreach (var missing in groups.Where(g => g.Generator is null).GroupBy(g => g.Head.Spec.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            found.Error(EngineCodes.UnsupportedOperator, $"the GPU engine has no {missing.Key}, used {missing.Count()} times", missing.First().Head.Location,
                "lower the graph to the cvm level first");
        }
        found.ThrowIfErrors();
    }
}
