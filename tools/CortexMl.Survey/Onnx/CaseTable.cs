namespace CortexMl.Survey.Onnx;

/// <summary>A row for each operator: how many cases agree, are refused, fail; then the reasons.</summary>
public static class CaseTable
{
    private const int ReasonLength = 160;

    public static void Write(IReadOnlyList<CaseResult> results, TextWriter output)
    {
        output.WriteLine($"{"operator",-40} {"agree",6} {"on constants",13} {"refused",8} {"failed",7}");
        foreach (var group in results.GroupBy(r => r.Operator).OrderBy(g => g.Key, StringComparer.Ordinal))
            Row(output, group.Key, [.. group]);
        Row(output, "all", results);
        output.WriteLine();
        foreach (var reason in results.Where(r => r.Outcome is Outcome.Refused).GroupBy(r => (r.Operator, Reason: Short(r.Reason)))
            .OrderBy(g => g.Key.Operator, StringComparer.Ordinal))
            output.WriteLine($"refused {reason.Key.Operator}, {reason.Count()} ({reason.First().Name}): {reason.Key.Reason}");
        foreach (var failed in results.Where(r => r.Outcome == Outcome.Failed)) output.WriteLine($"FAILED {failed.Name}: {failed.Reason}");
    }

    private static void Row(TextWriter output, string name, IReadOnlyList<CaseResult> results)
    {
        output.WriteLine(
            $"{name,-40} {Count(Outcome.Agrees),6} {Count(Outcome.AgreesOnConstants),13} {Count(Outcome.Refused),8} {Count(Outcome.Failed),7}");

        int Count(Outcome outcome) => results.Count(r => r.Outcome == outcome);
    }

    private static string Short(string text)
    {
        string line = text.Replace('\n', ' ');
        return line.Length <= ReasonLength ? line : line[..ReasonLength] + "…";
    }
}
