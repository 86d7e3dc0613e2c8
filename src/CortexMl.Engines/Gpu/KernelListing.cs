using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Engines.Gpu.Planning;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Engines.Gpu;

/// <summary>The kernels that the GPU engine generates for a graph, to read and to compare. Needs no device.</summary>
public static class KernelListing
{
    /// <summary>Of NVIDIA devices, times ten, for which <see cref="PtxOfKernels"/> makes assembly: Turing, Ampere, Hopper.</summary>
    public static IReadOnlyList<int> Architectures { get; } = [75, 80, 90];

    /// <summary>Every distinct kernel as assembly for an architecture, a file each.</summary>
    /// <param name="architecture">One of <see cref="Architectures"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of them.</exception>
    /// <exception cref="Diagnostics.DiagnosticException">The engine cannot run this graph.</exception>
    public static IReadOnlyList<string> PtxOfKernels(Graph graph, int architecture)
    {
        InterpreterEngine.CheckOperators(graph);
        return PtxText.Of(GpuPlanner.Make(graph, hasGroups: true).Steps.Select(step => step.Kernel).DistinctBy(kernel => kernel.ToString()),
            architecture);
    }

    /// <summary>
    /// Every kernel in the order of the run, behind a comment that names what it computes. As for a device whose groups share memory.
    /// </summary>
    /// <exception cref="Diagnostics.DiagnosticException">The engine cannot run this graph.</exception>
    public static string Text(Graph graph) => List(graph, step => step.Kernel.ToString());

    /// <summary>The same as assembly for NVIDIA's architecture 8.0, identifiers numbered in their order.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">The engine cannot run this graph.</exception>
    public static string Ptx(Graph graph) => List(graph, step => PtxText.Of(step.Kernel));

    private static string List(Graph graph, Func<LaunchStep, string> print)
    {
        InterpreterEngine.CheckOperators(graph);
        var text = new StringBuilder();
        var names = Names.Of(graph);
        foreach (var step in GpuPlanner.Make(graph, hasGroups: true).Steps)
        {
            if (text.Length > 0) text.Append('\n');
            foreach (var operation in step.Group.Operations)
                text.Append(
                    $"// {string.Join(", ", operation.Results.Select(r => $"%{Printable.Escape(names[r])}"))} = {operation.Spec.Name} : {operation.Results[0].Type.Shape}\n");
            text.Append(print(step));
        }
        return text.ToString();
    }
}
