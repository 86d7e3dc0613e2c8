using System.Collections.Immutable;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Frontends;

/// <summary>
/// What of a model is read otherwise than it is written: the importers of operators say it node by node, the user is told once for all
/// nodes of one operator of which the same is true.
/// </summary>
internal sealed class ImportNotes(string file)
{
    /// <summary>Node names listed in a message.</summary>
    private const int NamesShown = 20;

    private readonly List<(Remark Remark, List<string> Nodes)> _found = [];
    private readonly Dictionary<Remark, List<string>> _nodes = [];

    /// <param name="message">What is done instead, without numbers of the node, so that nodes can share it.</param>
    public void Add(Severity severity, string op, string node, string code, string message, string? hint)
    {
        var remark = new Remark(severity, op, code, message, hint);
        if (!_nodes.TryGetValue(remark, out var nodes))
        {
            _nodes.Add(remark, nodes = []);
            _found.Add((remark, nodes));
        }
        nodes.Add(node);
    }

    //  note CML0214: QuantizeLinear 'q0', 'q1': …
    public void Report(DiagnosticBag bag)
    {
        foreach (var (remark, nodes) in _found)
        {
            string more = nodes.Count > NamesShown ? $" and {nodes.Count - NamesShown} more" : "";
            string names = string.Join(", ", nodes.Take(NamesShown).Select(n => $"'{n}'"));
            var location = new SourceLocation(file) { Nodes = nodes.Count == 1 ? [nodes[0]] : ImmutableArray<string>.Empty };
            bag.Add(new Diagnostic(remark.Code, remark.Severity, $"{remark.Op} {names}{more}: {remark.Message}", location, remark.Hint));
        }
    }

    private sealed record Remark(Severity Severity, string Op, string Code, string Message, string? Hint);
}
