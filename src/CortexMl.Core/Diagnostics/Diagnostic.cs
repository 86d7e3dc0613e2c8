using System.Text;

namespace CortexMl.Diagnostics;

public enum Severity { Note, Warning, Error }

/// <summary>
/// The two ways in which the CVM runtime says no (spec: status 1 and 2). Only diagnostics about CVM models carry one.
/// </summary>
public enum FailureClass { Logic = 1, Runtime = 2 }

/// <summary>A user's mistake or a fact worth knowing: what was found, where, what is allowed, and what to do about it.</summary>
/// <param name="Code">Stable code of the form <c>CML0412</c>; see <see cref="DiagnosticCodes"/> for the ranges.</param>
/// <param name="Message">One sentence or a short list in one line; says what was found and what is allowed.</param>
/// <param name="Hint">What to do, or null.</param>
/// <param name="Class">The runtime's error class, for findings about CVM models.</param>
public sealed record Diagnostic(
    string Code, Severity Severity, string Message, SourceLocation? Location = null, string? Hint = null, FailureClass? Class = null)
{
    public string Message { get; init; } = Printable.Line(Message);

    public string? Hint { get; init; } = Hint is null ? null : Printable.Line(Hint);

    /// <summary>Lines below the message, as they are to be indented.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>The line of a text on which it is found, and below it a mark; null where there is no text.</summary>
    public string? Excerpt { get; init; }

    /// <summary>
    /// The form in which diagnostics are shown: <c>error CML0207: message</c>, then location and hint on lines of their own.
    /// </summary>
    public override string ToString() => Text(showsExcerpt: false);

    /// <summary>As <see cref="ToString"/>, with the line of the text below the location.</summary>
    public string WithExcerpt() => Text(showsExcerpt: true);

    private string Text(bool showsExcerpt)
    {
        var text = new StringBuilder();
        text.Append(Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" });
        text.Append(' ').Append(Code).Append(": ").Append(Message);
        foreach (string line in Details) text.Append('\n').Append(Printable.Line(line));
        if (Location is not null && !Location.IsUnknown) text.Append("\n  --> ").Append(Location);
        if (showsExcerpt && Excerpt is not null) text.Append('\n').Append(Printable.Lines(Excerpt));
        if (Hint is not null) text.Append("\n  help: ").Append(Hint);
        return text.ToString();
    }
}

/// <summary>
/// Ends an operation because of the user's input. It is shown as its diagnostics, never as a stack trace; any other exception is our own
/// bug.
/// </summary>
public sealed class DiagnosticException : Exception
{
    public DiagnosticException(IReadOnlyList<Diagnostic> diagnostics) : base(string.Join('\n', diagnostics)) => Diagnostics = diagnostics;

    public DiagnosticException(
        string code, string message, SourceLocation? location = null, string? hint = null, FailureClass? failure = null)
        : this([new Diagnostic(code, Severity.Error, message, location, hint, failure)])
    {
    }

    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>
    /// A check refused the model, though everything about it could be read: <c>bound-check</c>, or the runtime's load-time checks.
    /// </summary>
    public bool IsRejection
    {
        get => field || Diagnostics.Any(d => d.Class is not null);
        init;
    }
}
