using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Text.Generated;
using CortexMl.Text.Read;

namespace CortexMl.Text;

/// <summary>Reads the text form (grammar/Cml.g4). Everything wrong with a text is reported at once, with line and column.</summary>
public static class TextParser
{
    /// <param name="fileName">Name of the text for messages, without folders of this machine.</param>
    /// <returns>The graphs in the order of the text; none for a text of comments.</returns>
    /// <exception cref="DiagnosticException">CML0301 to CML0311, CML0105, CML0106.</exception>
    public static IReadOnlyList<Graph> Parse(string text, string fileName = "text", ParseOptions? options = null)
    {
        var source = new TextSource(text, fileName, options ?? ParseOptions.Default);
        var syntax = Syntax(source, out _);
        source.Problems.ThrowIfErrors();
        var graphs = new List<Graph>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var graph in syntax.graph())
        {
            string name = source.NameOf(graph.CONSTANT().Symbol).Name;
            if (!names.Add(name))
                source.Error(DiagnosticCodes.DuplicateName, graph.CONSTANT().Symbol, $"the text has two graphs named '{name}'");
            graphs.Add(new GraphReader(source, graph, name).Read());
        }
        source.Problems.ThrowIfErrors();
        return graphs;
    }

    /// <summary>The graph of a text that holds exactly one.</summary>
    /// <exception cref="DiagnosticException">As <see cref="Parse"/>; CML0301 where there are none or several.</exception>
    public static Graph ParseOne(string text, string fileName = "text", ParseOptions? options = null) =>
        Parse(text, fileName, options) switch
        {
            [var graph] => graph,
            var graphs => throw new DiagnosticException(
                DiagnosticCodes.Syntax, $"the text has {Counted.Of(graphs.Count, "graph")} where one is expected",
                new SourceLocation(fileName, 1, 1)),
        };

    /// <summary>The syntax of a text, and the tokens that it is of.</summary>
    /// <exception cref="DiagnosticException">CML0301.</exception>
    internal static (CmlParser.FileContext Syntax, IReadOnlyList<IToken> Tokens) Tokens(string text, string fileName)
    {
        var source = new TextSource(text, fileName, ParseOptions.Default);
        var syntax = Syntax(source, out var tokens);
        source.Problems.ThrowIfErrors();
        return (syntax, [.. tokens.GetTokens()]);
    }

    private static CmlParser.FileContext Syntax(TextSource source, out CommonTokenStream tokens)
    {
        var errors = new SyntaxErrors(source);
        var lexer = new CmlLexer(new AntlrInputStream(source.Text))
        {
            FileName = source.FileName, MaxTokens = CmlLexer.Limit(source.Text.Length, source.Options.MaxMemory),
        };
        var parser = new CmlParser(tokens = new CommonTokenStream(lexer));
        lexer.RemoveErrorListeners();
        lexer.AddErrorListener(errors);
        parser.RemoveErrorListeners();
        parser.AddErrorListener(errors);
        return parser.file();
    }
}
