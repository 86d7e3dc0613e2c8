using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Text.Generated;

internal partial class CmlLexer
{
    /// <summary>
    /// Enough for forty thousand operations; a token with its place in the syntax tree takes about 150 bytes, so that a text stays within the
    /// 64 MB every reader may use beside a multiple of the file's size.
    /// </summary>
    internal const int MaxTokens = 400_000;

    private int _tokens;

    public override IToken NextToken()
    {
        if (++_tokens > MaxTokens)
            throw new DiagnosticException(DiagnosticCodes.TooLarge, $"the text has more than {MaxTokens} tokens", new SourceLocation(null, Line, Column + 1));
        return base.NextToken();
    }
}
