using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Products;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>The kernels that run a graph, in order, and how its values lie in memory.</summary>
/// <param name="Layouts">Of every value that a kernel reads or writes, and of inputs and outputs.</param>
/// <param name="Memory">Which values share memory.</param>
internal sealed record GpuPlan(
    Graph Graph, IReadOnlyList<LaunchStep> Steps, IReadOnlyDictionary<Value, ValueLayout> Layouts, SlotAllocation<Value> Memory);

/// <summary>Makes a plan: groups, layouts, a kernel for every group, memory.</summary>
internal static class GpuPlanner
{
    /// <param name="hasGroups">Whether groups of threads with shared memory are any use on the device.</param>
    /// <exception cref="DiagnosticException">CML0701 operators without a generator; CML0703 a value too large.</exception>
    public static GpuPlan Make(Graph graph, bool hasGroups)
    {
        var groups = KernelGroup.Find(graph);
        CheckGenerators(groups);
        var layouts = ValueLayouts.Choose(graph, groups);
        var steps = groups.Where(g => g.Last.Results.Any(r => r.Type.Shape.Count > 0))
            .SelectMany(group =>
                LongConcatenation.Is(group) ? LongConcatenation.Write(group, layouts) : [Write(new GroupWriter(group, layouts), hasGroups)])
                .ToList();
        var memory = SlotAllocator.Allocate(
            [.. groups.Select(g => new StepUses<Value>([.. g.Operands], g.Last.Results))],
            graph.Inputs, graph.Outputs, value => layouts[value].Bytes);
        return new GpuPlan(graph, steps, layouts, memory);
    }

    private static LaunchStep Write(GroupWriter writer, bool hasGroups)
    {
        if (writer.Group.Generator!.Write is { } whole) return writer.Build(whole(writer.WholeScope()));
        if (hasGroups && GroupedReduction.Fits(writer.Group.Head)) return GroupedReduction.Write(writer);
        if (!DotProductFit.IsProduct(writer.Group.Head)) return ElementKernel.Write(writer);
        var shape = ProductShape.Of(writer.Group.Head);
        return hasGroups && TiledProduct.Fits(shape) ? TiledProduct.Write(writer, shape) : PlainProduct.Write(writer, shape);
    }

    private static void CheckGenerators(IReadOnlyList<KernelGroup> groups)
    {
        var found = new DiagnosticBag();
        foreach (var missing in groups.Where(g => g.Generator is null).GroupBy(g => g.Head.Spec.Name)
            .OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            found.Error(EngineCodes.UnsupportedOperator, $"the GPU engine has no {missing.Key}, used {Counted.Of(missing.Count(), "time")}",
                missing.First().Head.Location,
                "lower the graph to the cvm level first");
        }
        found.ThrowIfErrors();
    }
}
