using CortexMl.Ir;

namespace CortexMl.Text;

/// <summary>
/// Prints graphs in the one canonical spelling: attributes sorted, shortest numbers that read back, LF. Reading it back and printing
/// again gives the same text.
/// </summary>
public static class TextPrinter
{
    public static string Print(Graph graph, PrintOptions? options = null)
    {
        using var text = new StringWriter { NewLine = "\n" };
        Print(graph, text, options);
        return text.ToString();
    }

    /// <summary>Several graphs, an empty line between them.</summary>
    public static string Print(IEnumerable<Graph> graphs, PrintOptions? options = null) =>
        string.Join('\n', graphs.Select(g => Print(g, options)));

    public static void Print(Graph graph, TextWriter text, PrintOptions? options = null) =>
        new GraphPrinter(graph, text, options ?? PrintOptions.Default).Print();
}

/// <summary>How the printer spells what it has a choice about.</summary>
public sealed record PrintOptions
{
    public static PrintOptions Default { get; } = new();

    /// <summary>Constants of more elements are not listed.</summary>
    public int InlineLimit { get; init; } = 64;

    /// <summary>
    /// Where the elements of a constant too large to list stand: asked with the constant's name, it answers a file and key, or null for
    /// <c>dense&lt;sha256:…&gt;</c>. Not asked for constants that still are what a file or a seed gave.
    /// </summary>
    public Func<string, ConstantData, ConstantOrigin.File?>? Place { get; init; }

    /// <summary>
    /// Everything stands in the text: the elements of large constants as bytes, also of those that are still what a file gave. Such a text
    /// reads back anywhere.
    /// </summary>
    public bool Whole { get; init; }

    /// <summary>
    /// Prints structure and numbers alone: the graph, its values and constants get ordinal names, constants stand before their first use,
    /// and their elements are listed or named by digest. Two graphs that compute the same in the same way print the same.
    /// </summary>
    public bool StripNames { get; init; }

    /// <summary>Leaves out scales and scale tables.</summary>
    public bool StripScales { get; init; }
}
