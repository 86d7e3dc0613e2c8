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

/// <summary>The record of a pass: what the command line, the pipeline parser and the docs know of it.</summary>
/// <param name="Name">Kebab-case; the file is named after it.</param>
/// <param name="Summary">One line.</param>
/// <param name="From">The levels that it takes.</param>
/// <param name="To">The level that it leaves, or the same flags as <paramref name="From"/> where it leaves the level alone.</param>
public sealed record PassInfo(string Name, string Summary, Level From, Level To, params IReadOnlyList<PassOption> Options)
{
    public bool ChangesLevel => From != To;

    /// <summary>
    /// What it may change of what callers of the network rely on; anything else that it changes there is an error of the pass.
    /// </summary>
    public GraphContract Alters { get; init; }

    public PassOption? Option(string name) => Options.FirstOrDefault(o => o.Name == name);
}

public enum PassOptionKind { Int, Float, Bool, Choice, Text }

/// <summary>A typed option: <c>quantize{weights=per-channel}</c>.</summary>
/// <param name="Default">Spelled as in a pipeline string.</param>
/// <param name="Doc">Meaning and unit.</param>
public sealed record PassOption(string Name, PassOptionKind Kind, string Default, string Doc)
{
    /// <summary>Allowed values of a <see cref="PassOptionKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public double? Min { get; init; }

    public double? Max { get; init; }
}
