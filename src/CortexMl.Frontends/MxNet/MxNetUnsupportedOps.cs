using CortexMl.Diagnostics;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir.Walks;

namespace CortexMl.Frontends.MxNet;

/// <summary>The one message about every operator of a model that is outside the table.</summary>
internal static class MxNetUnsupportedOps
{
    /// <summary>Node names listed for each operator.</summary>
    private const int NamesShown = 10;

    private const int GroupsShown = 100;

    /// <summary>Null where all are supported.</summary>
    public static Diagnostic? Report(MxNetImportPlan plan)
    {
        var groups = plan.Symbol.Nodes.Where(n => !n.IsVariable && plan.Needed[n.Index] && plan.Ops[n.Index] is not { Refusal: null })
            .GroupBy(n => n.Op, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        if (groups.Count == 0) return null;
        var lines = groups.Take(GroupsShown)
            .Select(g =>
            $"  {Printable.Name(g.Key)}: {Times(g.Count())}, {Names([.. g.Select(n => n.Name)])}: {MxNetOps.Find(g.Key)?.Refusal ?? "not in the table"}");
        string[] more = groups.Count > GroupsShown ? [$"  and {groups.Count - GroupsShown} more"] : [];
        string operators = Counted.Of(groups.Count, "operator is", "operators are");
        return new Diagnostic(
            FrontendCodes.UnsupportedOperators, Severity.Error, $"{operators} not supported:", new SourceLocation(plan.Symbol.File),
            "'cortexml ops --frontend mxnet' lists the supported ones; replace the others in the model, or cut it before them")
        {
            Details = [.. lines, .. more],
        };
    }

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamesShown).Select(n => $"'{Printable.Name(n)}'"))
            + (names.Count > NamesShown ? $", and {names.Count - NamesShown} more" : "");
}
