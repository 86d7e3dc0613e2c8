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
