using Antlr4.Runtime;
using CortexMl.Diagnostics;

namespace CortexMl.Text.Generated;

internal partial class CmlLexer
{
    /// <summary>
    /// Enough for fifteen thousand operations. A token with its place in the syntax tree and what becomes of it takes about 400 bytes; a
    /// reader may use 64 MB beside a multiple of the file's size.
    /// </summary>
    internal const int MaxTokens = 200_000;

    private int _tokens;

    /// <summary>Name of the text for messages.</summary>
    internal string FileName { get; init; } = "text";

    public override IToken NextToken()
    {
        if (++_tokens > MaxTokens)
            throw new DiagnosticException(
                DiagnosticCodes.TooLarge, $"the text has more than {MaxTokens} tokens", new SourceLocation(FileName, Line, Column + 1));
        return base.NextToken();
    }
}
