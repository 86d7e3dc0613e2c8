using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Passes.Instrumentation;

/// <summary>A text of the graph around a pass.</summary>
/// <param name="Number">Which pass it is of those that ran, from 1.</param>
/// <param name="Title"><c>after quantize{weights=per-tensor}</c></param>
/// <param name="Before">The text before the pass, where the dump shows changes; else empty.</param>
public sealed record DumpedText(int Number, string Pass, string Title, string Before, string Text);

/// <summary>Shows the graph's text around passes.</summary>
/// <param name="print">The text form's printer.</param>
/// <param name="show">Gets each text.</param>
/// <param name="passes">Names of the passes to watch; empty for all.</param>
public sealed class GraphDump(
    DumpWhen when, Func<Graph, string> print, Action<DumpedText> show, params IReadOnlyCollection<string> passes)
    : IPassInstrumentation
{
    private string _before = "";
    private int _number;

    /// <summary>Writes the texts one behind the other, each under a comment line that names the pass.</summary>
    public GraphDump(DumpWhen when, Func<Graph, string> print, TextWriter writer, params IReadOnlyCollection<string> passes)
        : this(when, print, text => Write(writer, text), passes)
    {
    }

    public void Before(PassInfo pass, PassOptions options, Graph graph)
    {
        _number++;
        if (!Watches(pass)) return;
        if (when.HasFlag(DumpWhen.Changed)) _before = print(graph);
        if (when.HasFlag(DumpWhen.Before)) Show(pass, $"before {pass.Name}{options}", print(graph));
    }

    public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites)
    {
        if (!Watches(pass) || (when & (DumpWhen.After | DumpWhen.Changed)) == 0) return;
        string text = print(graph);
        if (when.HasFlag(DumpWhen.After) || text != _before) Show(pass, $"after {pass.Name}{options}", text);
    }

    public void Failed(PassInfo pass, PassOptions options, Graph graph, Exception error)
    {
        if (Watches(pass) && when.HasFlag(DumpWhen.Failed)) Show(pass, $"failed in {pass.Name}{options}", print(graph));
    }

    private bool Watches(PassInfo pass) => passes.Count == 0 || passes.Contains(pass.Name);

    private void Show(PassInfo pass, string title, string text) =>
        show(new(_number, pass.Name, title, _before, text.EndsWith('\n') ? text : text + "\n"));

    private static void Write(TextWriter writer, DumpedText dumped)
    {
        writer.Write($"// {dumped.Title}\n");
        writer.Write(dumped.Text);
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
