using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Passes.Instrumentation;

/// <summary>
/// Keeps the text of the graph before the pass that runs, and hands it out when that pass fails with anything but a diagnostic: a text file that
/// replays the failure.
/// </summary>
/// <param name="print">The text form's printer; what it prints must read back on its own.</param>
/// <param name="write">Gets the reproducer's text: a comment with the pipeline that fails, then the graph.</param>
public sealed class Reproducer(Func<Graph, string> print, Action<string> write) : IPassInstrumentation
{
    private string _before = "";

    public void Before(PassInfo pass, PassOptions options, Graph graph) => _before = print(graph);

    public void Failed(PassInfo pass, PassOptions options, Graph graph, Exception error)
    {
        if (error is DiagnosticException) return;
        string reason = string.Join("\n// ", error.Message.Split('\n'));
        write($"// {reason}\n//! opt --passes={pass.Name}{options}\n{_before}");
    }
}
