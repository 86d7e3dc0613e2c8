namespace CortexMl.Passes.Instrumentation;

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
