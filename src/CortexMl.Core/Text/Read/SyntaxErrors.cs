using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Text.Generated;

namespace CortexMl.Text.Read;

/// <summary>Turns what lexer and parser do not understand into CML0301: what was found and what may stand there.</summary>
internal sealed class SyntaxErrors(TextSource source) : IAntlrErrorListener<IToken>, IAntlrErrorListener<int>
{
    /// <summary>A text with this many syntax errors is something else; the rest is not read.</summary>
    private const int MaxErrors = 20;

    public void SyntaxError(
        TextWriter output, IRecognizer recognizer, IToken offendingSymbol, int line, int charPositionInLine,
        string msg, RecognitionException e)
    {
        var parser = (Parser)recognizer;
        var expected = parser.GetExpectedTokens().ToList().Select(t => Describe(t, parser.Vocabulary)).Distinct().ToList();
        string found = offendingSymbol.Type == TokenConstants.EOF ? "the end of the text" : Describe(offendingSymbol);
        Add($"found {found}" + (expected.Count == 0 ? "" : $", expected {string.Join(" or ", expected)}"), line, charPositionInLine);
    }

    public void SyntaxError(TextWriter output, IRecognizer recognizer, int offendingSymbol, int line, int charPositionInLine,
        string msg, RecognitionException e)
    {
        int at = ((Lexer)recognizer).TokenStartCharIndex;
        string hint = at < source.Text.Length && source.Text[at] is '[' or '"' ? ", which is not closed" : "";
        Add($"found {(at < source.Text.Length ? Quoted.Write(source.Text[at].ToString()) : "the end of the text")}{hint}",
            line, charPositionInLine);
    }

    private void Add(string message, int line, int column)
    {
        var location = new SourceLocation(source.FileName, line, column + 1);
        source.Problems.Add(new Diagnostic(DiagnosticCodes.Syntax, Severity.Error, message, location)
        {
            Excerpt = source.Excerpt(line, column, 1),
        });
        if (source.Problems.Items.Count >= MaxErrors) source.Problems.ThrowIfErrors();
    }

    private string Describe(IToken token)
    {
        var text = source.TextOf(token);
        return text.Length <= 40 ? $"'{text}'" : $"'{text[..40]}…'";
    }

    private static string Describe(int tokenType, IVocabulary vocabulary) => tokenType switch
    {
        TokenConstants.EOF => "the end of the text",
        CmlParser.VALUE => "a value such as %0",
        CmlParser.CONSTANT => "a name such as @weight",
        CmlParser.NUMBER => "a number",
        CmlParser.WORD => "a word",
        CmlParser.STRING => "a string",
        CmlParser.LIST => "a list such as [1, 2]",
        CmlParser.DENSE => "dense<sha256:…>",
        _ => vocabulary.GetDisplayName(tokenType),
    };
}
