using CortexMl.Ir;

namespace CortexMl.Diagnostics;

/// <summary>Collects diagnostics so that a user sees all of them at once.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];

    public IReadOnlyList<Diagnostic> Items => _items;

    public bool HasErrors => _items.Exists(d => d.Severity == Severity.Error);

    public void Add(Diagnostic diagnostic) => _items.Add(diagnostic);

    public void AddRange(IEnumerable<Diagnostic> diagnostics) => _items.AddRange(diagnostics);

    public void Error(string code, string message, SourceLocation? location = null, string? hint = null, FailureClass? failure = null) =>
        Add(new Diagnostic(code, Severity.Error, message, location, hint, failure));

    public void Warning(string code, string message, SourceLocation? location = null, string? hint = null) =>
        Add(new Diagnostic(code, Severity.Warning, message, location, hint));

    public void Note(string code, string message, SourceLocation? location = null, string? hint = null) =>
        Add(new Diagnostic(code, Severity.Note, message, location, hint));

    /// <exception cref="DiagnosticException">There is at least one error; it carries everything collected so far.</exception>
    public void ThrowIfErrors()
    {
        if (HasErrors) throw new DiagnosticException([.. _items]);
    }
}
