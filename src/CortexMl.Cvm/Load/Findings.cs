using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Cvm.Load;

/// <summary>
/// Collects what is wrong in the order of CortexMl.Cvm/SPECIFICATION.md §6: the first failure is the one that the runtime reports.
/// </summary>
internal sealed class Findings
{
    /// <summary>More than a person reads; keeps a hostile file from filling the memory.</summary>
    private const int Shown = 100;

    private const int LongestMessage = 400;

    private readonly List<Diagnostic> _items = [];
    private int _leftOut;

    public bool Any => _items.Count > 0;

    /// <summary>The runtime's class of the first failure; null without one.</summary>
    public FailureClass? First => _items.FirstOrDefault()?.Class;

    public void Logic(string code, string message, SourceLocation? location, string? hint = null) =>
        Add(new Diagnostic(code, Severity.Error, message, location, hint, FailureClass.Logic));

    public void Runtime(string code, string message, SourceLocation? location, string? hint = null) =>
        Add(new Diagnostic(code, Severity.Error, message, location, hint, FailureClass.Runtime));

    public void Add(Diagnostic finding)
    {
        if (_items.Count < Shown) _items.Add(finding with { Message = Clipped(finding.Message) });
        else _leftOut++;
    }

    public void Add(DiagnosticException error)
    {
        foreach (var finding in error.Diagnostics) Add(finding);
    }

    public IReadOnlyList<Diagnostic> ToList()
    {
        if (_leftOut == 0) return [.. _items];
        string further = Counted.Of(_leftOut, "further finding of this kind or later is", "further findings of this kind or later are");
        return [.. _items, new Diagnostic(CvmCodes.MoreFindings, Severity.Note, $"{further} left out")];
    }

    /// <summary>A name in a hostile file may be as long as the file.</summary>
    private static string Clipped(string message) => message.Length <= LongestMessage ? message : message[..LongestMessage] + "…";
}
