using CortexMl.Ir;

namespace CortexMl.Diagnostics;

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
