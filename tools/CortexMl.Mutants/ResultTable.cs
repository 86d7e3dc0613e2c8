namespace CortexMl.Mutants;

/// <summary>One row for each rule, in the order of the list; a row is printed as soon as all before it are.</summary>
public sealed class ResultTable
{
    private readonly TextWriter _to;
    private readonly IReadOnlyList<MutationRule> _rules;
    private readonly (bool Known, string? Killer)[] _results;
    private int _printed;

    public ResultTable(TextWriter to, IReadOnlyList<MutationRule> rules)
    {
        (_to, _rules, _results) = (to, rules, new (bool, string?)[rules.Count]);
        _to.WriteLine("| file | rule | bent so that | killed by |");
        _to.WriteLine("|---|---|---|---|");
    }

    /// <param name="killer">The first test that failed; null where all passed.</param>
    public void Set(int index, string? killer)
    {
        _results[index] = (true, killer);
        for (; _printed < _rules.Count && _results[_printed].Known; _printed++)
        {
            var rule = _rules[_printed];
            _to.WriteLine($"| {rule.File} | {rule.Id} | {Cell(rule.Reason)} | {Cell(Verdict(rule, _results[_printed].Killer))} |");
        }
    }

    /// <summary>Prints the sums.</summary>
    /// <returns>The exit code: 1 for survivors, and for mutants that are called equivalent and were killed.</returns>
    public int Finish()
    {
        int killed = Count((_, killer) => killer is not null);
        int unexplained = Count((rule, killer) => killer is null && rule.Equivalent is null);
        int wrong = Count((rule, killer) => killer is not null && rule.Equivalent is not null);
        _to.WriteLine();
        _to.WriteLine($"{_rules.Count} mutants: {killed} killed, {_rules.Count - killed - unexplained} explained, {unexplained} survived"
            + (wrong > 0 ? $"; {wrong} of those killed are called equivalent" : ""));
        return unexplained > 0 || wrong > 0 ? 1 : 0;
    }

    private int Count(Func<MutationRule, string?, bool> counts) => _rules.Zip(_results).Count(r => counts(r.First, r.Second.Killer));

    private static string Verdict(MutationRule rule, string? killer) => (killer, rule.Equivalent) switch
    {
        (null, null) => "SURVIVED",
        (null, { } why) => $"equivalent: {why}",
        ({ } test, null) => test,
        ({ } test, _) => $"{test} (called equivalent, but it is not)",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
