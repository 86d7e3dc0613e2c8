namespace CortexMl.Diagnostics;

/// <summary>Collects diagnostics so that a user sees all of them at once, and each of them once: an equal one is not added again.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];
    private readonly HashSet<Diagnostic> _known = [];

    public IReadOnlyList<Diagnostic> Items => _items;

    public bool HasErrors { get; private set; }

    public void Add(Diagnostic diagnostic)
    {
        if (!_known.Add(diagnostic)) return;
        _items.Add(diagnostic);
        HasErrors |= diagnostic.Severity == Severity.Error;
    }

    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics) Add(diagnostic);
    }

    /// <summary>Takes up what ends the action, if anything does.</summary>
    public void Collect(Action action)
    {
        try
        {
            action();
        }
        catch (DiagnosticException error)
        {
            AddRange(error.Diagnostics);
        }
    }

    public void Error(string code, string message, SourceLocation? location = null, string? hint = null, FailureClass? failure = null) =>
        Add(new Diagnostic(code, Severity.Error, message, location, hint, failure));

    public void Warning(string code, string message, SourceLocation? location = null, string? hint = null) =>
        Add(new Diagnostic(code, Severity.Warning, message, location, hint));

    public void Note(string code, string message, SourceLocation? location = null, string? hint = null) =>
        Add(new Diagnostic(code, Severity.Note, message, location, hint));

    /// <summary>Takes warnings for errors. What the exception carries has left the bag: who shows both tells nothing twice.</summary>
    /// <exception cref="DiagnosticException">There is a warning or an error; it carries everything, warnings as errors.</exception>
    public void RefuseWarnings()
    {
        if (!HasErrors && _items.All(d => d.Severity != Severity.Warning)) return;
        Diagnostic[] refused = [.. _items.Select(d => d.Severity == Severity.Warning ? d with { Severity = Severity.Error } : d)];
        _items.Clear();
        _known.Clear();
        HasErrors = false;
        throw new DiagnosticException(refused);
    }

    /// <exception cref="DiagnosticException">There is at least one error; it carries everything collected so far.</exception>
    public void ThrowIfErrors()
    {
        if (HasErrors) throw new DiagnosticException([.. _items]);
    }
}

/// <summary>The mistakes of one command line in one answer, where work alone would end at the first.</summary>
public static class AllAtOnce
{
    /// <summary>Does the work. Where a mistake ends it, all checks are made too; what they find is told behind it, each once.</summary>
    /// <param name="checks">
    /// What can be found out without the work; each throws what it finds. They are made after a mistake only, so that what can be read but
    /// once, such as a pipe, is left to the work.
    /// </param>
    /// <exception cref="DiagnosticException">What the work and the checks find; the rejection of a model stands alone.</exception>
    public static T Run<T>(Func<T> work, IEnumerable<Action> checks)
    {
        try
        {
            return work();
        }
        catch (DiagnosticException error) when (!error.IsRejection)
        {
            var found = new DiagnosticBag();
            found.AddRange(error.Diagnostics);
            foreach (var check in checks) found.Collect(check);
            throw new DiagnosticException(found.Items);
        }
    }
}
