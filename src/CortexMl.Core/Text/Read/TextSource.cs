using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Numerics;
using CortexMl.Text.Generated;

namespace CortexMl.Text.Read;

/// <summary>The text that is being read, what was found wrong with it, and the memory its constants may still take.</summary>
internal sealed class TextSource(string text, string fileName, ParseOptions options)
{
    /// <summary>Looking for near names takes time that a text of nothing but mistakes should not get.</summary>
    private const int MaxHints = 20;

    /// <summary>Nobody reads more at once.</summary>
    private const int MaxProblems = 100;

    /// <summary>Characters of a line that are shown in front of a mistake and behind its beginning.</summary>
    private const int ExcerptBefore = 70, ExcerptBehind = 60;

    private int _hints;
    private long _memoryLeft = options.MaxMemory;

    public string Text { get; } = text;

    public string FileName { get; } = fileName;

    public ParseOptions Options { get; } = options;

    public DiagnosticBag Problems { get; } = new();

    public ReadOnlySpan<char> TextOf(IToken token) =>
        token.StartIndex < 0 || token.StopIndex < token.StartIndex
            ? ""
            : Text.AsSpan(token.StartIndex, token.StopIndex - token.StartIndex + 1);

    public SourceLocation At(IToken token) => new(FileName, token.Line, token.Column + 1);

    public void Error(string code, IToken at, string message, string? hint = null) =>
        Error(new Diagnostic(code, Severity.Error, message, At(at), hint) { Excerpt = Excerpt(at) });

    /// <summary>The line of a token with a mark below it.</summary>
    public string Excerpt(IToken token) => Excerpt(token.Line, token.Column, Math.Max(1, token.StopIndex - token.StartIndex + 1));

    /// <summary>A line, cut around the place where it is long, with a mark below <paramref name="length"/> characters of it.</summary>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 0.</param>
    public string Excerpt(int line, int column, int length)
    {
        int start = 0;
        for (int i = 1; i < line && start >= 0; i++) start = Text.IndexOf('\n', start) is >= 0 and var end ? end + 1 : -1;
        if (start < 0) return "   |\n   | ^";
        int stop = Text.IndexOf('\n', start) is >= 0 and var next ? next : Text.Length;
        int first = Math.Max(0, column - ExcerptBefore);
        string shown = Text[Math.Min(stop, start + first)..Math.Min(stop, start + column + ExcerptBehind)].TrimEnd('\r').Replace('\t', ' ');
        int marked = Math.Clamp(Math.Min(length, shown.Length - (column - first)), 1, ExcerptBehind);
        return $"   | {shown}\n   | {new string(' ', column - first)}{new string('^', marked)}";
    }

    /// <exception cref="DiagnosticException">The text has too many mistakes; the rest is not read.</exception>
    public void Error(Diagnostic problem)
    {
        Problems.Add(problem);
        if (Problems.Items.Count >= MaxProblems) Problems.ThrowIfErrors();
    }

    /// <summary>"Did you mean", for the first mistakes of a text.</summary>
    public string? Hint(string unknown, IEnumerable<string> known) => ++_hints <= MaxHints ? Nearest.Hint(unknown, known) : null;

    /// <summary>The string behind a literal; an impossible escape is reported and reads as nothing.</summary>
    public string StringOf(IToken token) => Unquoted(token, TextOf(token));

    /// <summary>The name of a VALUE or CONSTANT token without sigil.</summary>
    public TextName NameOf(IToken token)
    {
        var name = TextOf(token)[1..];
        bool constant = token.Type == CmlParser.CONSTANT;
        if (name[0] == '"') return new TextName(constant, IsNumber: false, Unquoted(token, name));
        return new TextName(constant, char.IsAsciiDigit(name[0]), name.ToString());
    }

    /// <summary>Takes <paramref name="bytes"/> of the memory for constants; reports CML0106 where too little is left.</summary>
    public bool Reserve(long bytes, IToken at, string what)
    {
        if (bytes > _memoryLeft)
        {
            Error(DiagnosticCodes.TooLarge, at,
                $"{what} needs {Counted.Of(bytes, "byte")}, {Numbers.Format(_memoryLeft)} of {Numbers.Format(Options.MaxMemory)} left",
                "raise the limit with --max-memory");
            return false;
        }
        _memoryLeft -= bytes;
        return true;
    }

    private string Unquoted(IToken at, ReadOnlySpan<char> literal)
    {
        if (Quoted.Read(literal) is { } read) return read;
        Error(DiagnosticCodes.UnsupportedLiteral, at, $"{literal} has an escape that names no character");
        return "";
    }
}

/// <summary>A name of the text: constants and values have their own spaces, and so have numbers of unnamed values.</summary>
internal readonly record struct TextName(bool IsConstant, bool IsNumber, string Name)
{
    public override string ToString() => (IsConstant ? "@" : "%") + (IsNumber ? Name : NameSpelling.Of(Name));
}
