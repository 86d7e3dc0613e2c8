using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Passes.Instrumentation;

/// <summary>Writes the graph's text around passes, each under a comment line that names the pass.</summary>
/// <param name="print">The text form's printer.</param>
/// <param name="passes">Names of the passes to watch; empty for all.</param>
public sealed class GraphDump(DumpWhen when, Func<Graph, string> print, TextWriter writer, params IReadOnlyCollection<string> passes)
    : IPassInstrumentation
{
    private string _before = "";

    public void Before(PassInfo pass, PassOptions options, Graph graph)
    {
        if (!Watches(pass)) return;
        if (when.HasFlag(DumpWhen.Changed)) _before = print(graph);
        if (when.HasFlag(DumpWhen.Before)) Write($"before {pass.Name}{options}", print(graph));
    }

    public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites)
    {
        if (!Watches(pass) || (when & (DumpWhen.After | DumpWhen.Changed)) == 0) return;
        string text = print(graph);
        if (when.HasFlag(DumpWhen.After) || text != _before) Write($"after {pass.Name}{options}", text);
    }

    public void Failed(PassInfo pass, PassOptions options, Graph graph, Exception error)
    {
        if (Watches(pass) && when.HasFlag(DumpWhen.Failed)) Write($"failed in {pass.Name}{options}", print(graph));
    }

    private bool Watches(PassInfo pass) => passes.Count == 0 || passes.Contains(pass.Name);

    private void Write(string title, string text)
    {
        writer.Write($"// {title}\n");
        writer.Write(text.EndsWith('\n') ? text : text + "\n");
    }
}

/// <summary>When the text of the graph is shown.</summary>
[Flags]
public enum DumpWhen
{
    None = 0,
    Before = 1,
    After = 2,

    /// <summary>After a pass, where its text differs from the one before it.</summary>
    Changed = 4,

    /// <summary>The half-rewritten graph, when a pass fails.</summary>
    Failed = 8,
}
