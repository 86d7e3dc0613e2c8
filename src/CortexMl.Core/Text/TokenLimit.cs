using Antlr4.Runtime;
using CortexMl.Diagnostics;

namespace CortexMl.Text.Generated;

internal partial class CmlLexer
{
    /// <summary>
    /// What any text may have: enough for fifteen thousand operations. A reader may use 64 MB beside a multiple of the file's size.
    /// </summary>
    private const int AlwaysAllowed = 200_000;

    /// <summary>What a token takes, with its place in the syntax tree and what becomes of it.</summary>
    private const int BytesPerToken = 400;

    /// <summary>
    /// What the printer prints has more characters to a token: it is bounded by the memory that it may take, not by this, and a text of
    /// nothing but brackets is.
    /// </summary>
    private const int LeastCharactersPerToken = 2;

    private long _tokens;

    /// <summary>Name of the text for messages.</summary>
    internal string FileName { get; init; } = "text";

    /// <summary>Tokens that the text may have.</summary>
    internal long MaxTokens { get; init; } = AlwaysAllowed;

    /// <param name="characters">Of the text.</param>
    /// <param name="maxMemory">Bytes that it may take.</param>
    internal static long Limit(int characters, long maxMemory) =>
        Math.Max(AlwaysAllowed, Math.Min(characters / LeastCharactersPerToken, maxMemory / BytesPerToken));

    public override IToken NextToken()
    {
        if (++_tokens > MaxTokens)
            throw new DiagnosticException(
                DiagnosticCodes.TooLarge, $"the text has more than {MaxTokens} tokens", new SourceLocation(FileName, Line, Column + 1));
        return base.NextToken();
    }
}
