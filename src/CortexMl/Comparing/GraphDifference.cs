using System.Net;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Numerics;

namespace CortexMl.Comparing;

/// <summary>One line of a difference.</summary>
/// <param name="Kind"><c>same</c>, <c>changed</c>, <c>added</c> or <c>removed</c>.</param>
/// <param name="Text">The operation as the second graph has it, or the first where it is removed.</param>
/// <param name="Changes">What is another than in the first graph, a line each.</param>
public sealed record DifferenceLine(string Kind, string Text, IReadOnlyList<string> Changes);

/// <summary>What a graph has that another has not, operation by operation: matched by what they stand for, not by their lines.</summary>
public sealed record GraphDifference(
    string First, string Second, int Same, int Changed, int Added, int Removed, IReadOnlyList<DifferenceLine> Lines)
{
    private const string Unchanged = "same", Altered = "changed", New = "added", Gone = "removed";

    /// <summary>Whether anything differs: an operation, an input or a result.</summary>
    public bool IsAny => Changed + Added + Removed > 0;

    public static GraphDifference Of(Model first, Model second)
    {
        var match = new OperationMatch(first.Graph, second.Graph);
        var (one, other) = (Names.Of(first.Graph), Names.Of(second.Graph));
        var lines = new List<DifferenceLine>();
        AddInputs();
        var left = new Queue<Operation>(first.Graph.Operations);
        foreach (var operation in second.Graph.Operations)
        {
            if (match.Of(operation) is not { } own)
            {
                lines.Add(new(New, Text(operation, other), []));
                continue;
            }
            // What is gone stands where it stood: in front of the next operation that is still there.
            while (left.TryPeek(out var next) && !match.IsMatched(next)) lines.Add(new(Gone, Text(left.Dequeue(), one), []));
            if (left.TryPeek(out var same) && same == own) left.Dequeue();
            string[] changes = [.. Changes(own, operation)];
            lines.Add(new(changes.Length == 0 ? Unchanged : Altered, Text(operation, other), changes));
        }
        foreach (var gone in left.Where(o => !match.IsMatched(o))) lines.Add(new(Gone, Text(gone, one), []));
        string was = Returned(first.Graph, one), @is = Returned(second.Graph, other);
        bool isSame = first.Graph.Outputs.Count == second.Graph.Outputs.Count
            && first.Graph.Outputs.Zip(second.Graph.Outputs).All(p => match.IsSame(p.First, p.Second));
        lines.Add(new(isSame ? Unchanged : Altered, @is, isSame ? [] : [$"was {was}"]));
        int Count(string kind) => lines.Count(line => line.Kind == kind);
        return new(first.Name, second.Name, Count(Unchanged), Count(Altered), Count(New), Count(Gone), lines);

        void AddInputs()
        {
            foreach (var (old, now) in first.Graph.Inputs.Zip(second.Graph.Inputs))
            {
                string[] renamed = old.Name == now.Name ? [] : [$"name: %{old.Name} → %{now.Name}"];
                string[] changes = [.. Typed(old, now), .. renamed];
                lines.Add(new(changes.Length == 0 ? Unchanged : Altered, $"input %{now.Name}: {now.Type}", changes));
            }
            foreach (var gone in first.Graph.Inputs.Skip(second.Graph.Inputs.Count))
                lines.Add(new(Gone, $"input %{gone.Name}: {gone.Type}", []));
            foreach (var more in second.Graph.Inputs.Skip(first.Graph.Inputs.Count))
                lines.Add(new(New, $"input %{more.Name}: {more.Type}", []));
        }

        IEnumerable<string> Changes(Operation old, Operation now)
        {
            if (old.Constant is { } before && now.Constant is { } after && before.Digest != after.Digest)
                yield return Elements(before, after);
            foreach (string name in old.Attributes.Concat(now.Attributes).Select(a => a.Key).Distinct(StringComparer.Ordinal))
                if (!Equals(old.Attributes[name], now.Attributes[name]))
                    yield return $"{name}: {Spelled(old.Attributes[name])} → {Spelled(now.Attributes[name])}";
            bool isRewired = old.Operands.Count != now.Operands.Count
                || old.Operands.Zip(now.Operands).Any(p => !match.IsSame(p.First, p.Second));
            if (isRewired) yield return $"operands: ({List(old.Operands, one)}) → ({List(now.Operands, other)})";
            foreach (var (o, n) in old.Results.Zip(now.Results))
                foreach (string change in Typed(o, n)) yield return change;
        }
    }

    /// <summary>A line for each operation that is not the same, then the numbers.</summary>
    public string ToText(bool showsSame = false)
    {
        var text = new StringBuilder();
        foreach (var line in Lines.Where(line => showsSame || line.Kind != Unchanged))
        {
            text.Append(Sign(line.Kind)).Append(' ').Append(Printable.Escape(line.Text)).Append('\n');
            foreach (string change in line.Changes) text.Append("    ").Append(Printable.Escape(change)).Append('\n');
        }
        return text.Append(Summary).Append('\n').ToString();
    }

    /// <summary>A page with all lines, coloured; those that are the same can be hidden.</summary>
    public string ToHtml()
    {
        var rows = new StringBuilder();
        foreach (var line in Lines)
        {
            rows.Append("<div class=\"").Append(line.Kind).Append("\"><b>").Append(Sign(line.Kind)).Append("</b> ");
            rows.Append(Encoded(line.Text));
            foreach (string change in line.Changes) rows.Append("<div class=\"change\">").Append(Encoded(change)).Append("</div>");
            rows.Append("</div>\n");
        }
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>difference</title>"
            + "<link rel=\"icon\" href=\"data:,\"><style>"
            + "body{font:13px monospace;margin:16px}h1{font:600 16px sans-serif}.added{background:#e6ffec}.removed{background:#ffebe9}"
            + ".changed{background:#fff8c5}.change{padding-left:40px;color:#555}div{overflow-wrap:anywhere;padding:1px 4px}"
            + "#hide:checked~main .same{display:none}"
            + $"</style></head>\n<body><h1>{Encoded(First)} → {Encoded(Second)}: {Encoded(Summary)}</h1>"
            + "<input type=\"checkbox\" id=\"hide\"><label for=\"hide\">hide what is the same</label>\n"
            + $"<main>\n{rows}</main></body></html>\n";
    }

    private string Summary => $"{Numbers.Format(Same)} the same, {Numbers.Format(Changed)} changed, {Numbers.Format(Added)} added, "
        + $"{Numbers.Format(Removed)} removed";

    private static char Sign(string kind) => kind switch { New => '+', Gone => '-', Altered => '~', _ => ' ' };

    private static IEnumerable<string> Typed(Value old, Value now) =>
        old.Type.ToString() == now.Type.ToString() ? [] : [$"type: {old.Type} → {now.Type}"];

    private static string Spelled(AttributeValue? value) => value?.ToString() ?? "left out";

    private static string Elements(ConstantData before, ConstantData after)
    {
        if (before.Tensor.Length != after.Tensor.Length)
            return $"elements: {Counted.Of(before.Tensor.Length, "number")} → {Counted.Of(after.Tensor.Length, "number")}";
        double ErrorAt(int i) => Math.Abs(before.Tensor.GetDouble(i) - after.Tensor.GetDouble(i));
        double[] errors = [.. Enumerable.Range(0, before.Tensor.Length).Select(ErrorAt)];
        string part = Counted.Part(errors.Count(e => e != 0), errors.Length, "number", "differs", "differ");
        return $"elements: {part}, by up to {Numbers.Format(errors.DefaultIfEmpty(0).Max())}";
    }

    private static string Returned(Graph graph, Names names) => $"return {List(graph.Outputs, names)}";

    private static string List(IEnumerable<Value> values, Names names) =>
        string.Join(", ", values.Select(v => (v.IsConstant ? "@" : "%") + names[v]));

    private static string Text(Operation operation, Names names)
    {
        string types = string.Join(", ", operation.Results.Select(r => $"{r.Type}"));
        if (operation.Constant is not null) return $"{List(operation.Results, names)}: {types}";
        string attributes = string.Join(", ", operation.Attributes.Select(a => $"{a.Key} = {a.Value}"));
        return $"{List(operation.Results, names)} = {operation.Spec.Name}({List(operation.Operands, names)})"
            + $"{(attributes.Length > 0 ? $" {{{attributes}}}" : "")} : {types}";
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(Printable.Escape(text));
}
