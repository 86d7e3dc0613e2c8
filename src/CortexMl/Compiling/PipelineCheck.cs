using CortexMl.Diagnostics;
using CortexMl.Passes;

namespace CortexMl.Compiling;

/// <summary>What is wrong with a pipeline before there is a graph.</summary>
public static class PipelineCheck
{
    /// <param name="pipeline">Its text; null for the default one.</param>
    /// <param name="last">The pass to stop after, or null.</param>
    /// <param name="plugins">Class libraries; where one cannot be loaded, names are not looked at: they may be those of its passes.</param>
    /// <exception cref="DiagnosticException">CML0901, CML0902, CML0906, and those of reading files: all that is found.</exception>
    public static void Check(string? pipeline, string? last, IReadOnlyList<string> plugins)
    {
        var found = new DiagnosticBag();
        var registry = PassTable.Registry();
        foreach (string plugin in plugins) found.Collect(() => registry.LoadPlugin(plugin));
        found.ThrowIfErrors();
        var names = new List<string>();
        if (pipeline is not null) found.Collect(() => names.AddRange(Pipeline.Parse(pipeline).Steps.Select(s => s.Pass)));
        if (last is not null) names.Add(last);
        found.AddRange(names.Where(name => !registry.Contains(name)).Select(registry.Unknown));
        found.ThrowIfErrors();
    }
}
