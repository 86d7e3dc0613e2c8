using System.Collections.Immutable;
using CortexMl.Diagnostics;

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

/// <summary>
/// Operators that a file holds in their form for training: they compute with the batch at hand, or at random. Such a file was exported by
/// mistake, and what it would do is not what was trained for: it is refused, in every format and opset, with the same advice.
/// </summary>
internal static class TrainingForm
{
    private const string Advice =
        "export the model for inference (in PyTorch model.eval() and training=TrainingMode.EVAL, in Keras training=False), ";

    /// <param name="sign">What in the file says so: <c>training_mode = 1</c>.</param>
    public static NodeException BatchNorm(string sign, string remedy) => Refused(
        sign, "it normalises by the mean and variance of the batch at hand, not by those that it was trained with", remedy);

    public static NodeException Dropout(string sign, string remedy) => Refused(sign, "it drops elements at random", remedy);

    /// <param name="remedy">How to change the file itself.</param>
    private static NodeException Refused(string sign, string meaning, string remedy) => new(
        FrontendCodes.TrainingForm, $"it is in its form for training ({sign}): {meaning}", Advice + remedy);
}
