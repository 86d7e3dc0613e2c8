using CortexMl.Ir;

namespace CortexMl.Passes;

/// <summary>A named rewrite of a graph. One file each, named after the pass; the file opens with before ⇒ after.</summary>
public abstract class Pass
{
    /// <summary>The pass's record; by convention also a public static field of the class.</summary>
    public abstract PassInfo Info { get; }

    /// <summary>Rewrites <paramref name="graph"/> through <see cref="PassContext.Rewriter"/>.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">
    /// The graph or its data cannot be handled; the graph may be half rewritten then.
    /// </exception>
    public abstract void Run(Graph graph, PassContext context);
}
