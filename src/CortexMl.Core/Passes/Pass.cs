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

    /// <summary>
    /// The pass in front of which it asks to stand where it is added to a named pipeline (<c>default,my-pass</c>); a place that the
    /// pipeline itself says wins.
    /// </summary>
    public string? Before { get; init; }

    /// <summary>As <see cref="Before"/>: the pass behind which it asks to stand.</summary>
    public string? After { get; init; }

    public PassOption? Option(string name) => Options.FirstOrDefault(o => o.Name == name);
}

public enum PassOptionKind
{
    Int,
    Float,
    Bool,
    Choice,
    Text,

    /// <summary>Words between commas, in quotes where there are several: <c>skip{names="conv0,fc1"}</c>; empty for none.</summary>
    List,

    /// <summary>A file that the pass reads, empty for none; that there is one is checked before anything runs.</summary>
    Path,
}

/// <summary>A typed option: <c>quantize{weights=per-channel}</c>.</summary>
/// <param name="Default">Spelled as in a pipeline string.</param>
/// <param name="Doc">Meaning and unit.</param>
public sealed record PassOption(string Name, PassOptionKind Kind, string Default, string Doc)
{
    /// <summary>Allowed values of a <see cref="PassOptionKind.Choice"/>, or where there are any of each word of a list.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What each of <see cref="Choices"/> means, in their order; empty where <see cref="Doc"/> says it.</summary>
    public IReadOnlyList<string> Meanings { get; init; } = [];

    public double? Min { get; init; }

    public double? Max { get; init; }
}
