using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir.Walks;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>The one message about every operator of a model that cannot be imported.</summary>
internal static class OnnxUnsupportedOps
{
    /// <summary>Node names listed for each operator, and characters of each.</summary>
    private const int NamesShown = 10, NameLength = 80;

    private const int GroupsShown = 100;

    /// <summary>Null where all are supported.</summary>
    public static Diagnostic? Report(OnnxImportPlan plan)
    {
        var groups = plan.Nodes.Select(n => (Node: n, Reason: Reason(n))).Where(n => n.Reason is not null)
            .GroupBy(n => (Name: Spell(n.Node), n.Reason)).OrderBy(g => g.Key.Name, StringComparer.Ordinal).ToList();
        if (groups.Count == 0) return null;
        var lines = groups.Take(GroupsShown)
            .Select(g => (g.Key, Count: g.Count(), Nodes: Names([.. g.Select(n => OnnxGraphImport.NameOf(n.Node))])))
            .Select(g => $"  {g.Key.Name}: {Times(g.Count)}, {g.Nodes}: {g.Key.Reason}");
        string[] more = groups.Count > GroupsShown ? [$"  and {groups.Count - GroupsShown} more"] : [];
        string operators = Counted.Of(groups.Count, "operator");
        return new Diagnostic(FrontendCodes.UnsupportedOperators, Severity.Error,
            $"{operators} of opset {plan.Opset} cannot be imported:", new SourceLocation(plan.File),
            "'cortexml ops --frontend onnx' lists the supported ones; replace the others in the model, or cut it before them")
        {
            Details = [.. lines, .. more],
        };
    }

    private static string? Reason(NodeProto node)
    {
        if (OnnxOps.Find(node) is { } row) return row.Refusal;
        return OnnxOps.IsStandard(node.Domain) ? "not in the table" : $"of domain '{Short(node.Domain)}', which is not ONNX's own";
    }

    private static string Spell(NodeProto node) => Short(OnnxOps.IsStandard(node.Domain) ? node.OpType : $"{node.Domain}.{node.OpType}");

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamesShown).Select(n => $"'{Short(n)}'"))
            + (names.Count > NamesShown ? $", and {names.Count - NamesShown} more" : "");

    private static string Short(string text) => text.Length <= NameLength ? text : text[..NameLength] + "…";
}
