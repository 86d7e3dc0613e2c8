using System.Text.RegularExpressions;

namespace CortexMl.Mutants;

/// <summary>The rules to bend, from the text files of a folder; what a line means is in <c>README.md</c>.</summary>
public static partial class RuleList
{
    private const string DefaultTests = "FullyQualifiedName~GoldenFileTests";

    /// <returns>The rules in the order of the files' names, and lines that say nothing sensible.</returns>
    public static (IReadOnlyList<MutationRule> Rules, IReadOnlyList<string> Problems) Read(Checkout checkout)
    {
        var rules = new List<MutationRule>();
        var problems = new List<string>();
        foreach (string file in Directory.EnumerateFiles(checkout.Rules, "*.txt").Order(StringComparer.Ordinal))
        {
            var (read, broken) = Parse(File.ReadAllText(file));
            rules.AddRange(read);
            problems.AddRange(broken.Select(line => $"{Path.GetFileName(file)}: {line}"));
        }
        return (rules, problems);
    }

    /// <summary>One file's text.</summary>
    public static (IReadOnlyList<MutationRule> Rules, IReadOnlyList<string> Problems) Parse(string text)
    {
        var rules = new List<Draft>();
        var problems = new List<string>();
        string tests = DefaultTests;
        foreach (var (i, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            if (line.Trim().Length == 0 || line.StartsWith('#')) continue;
            bool isUnderstood = true;
            if (line.StartsWith("? ", StringComparison.Ordinal)) tests = line[2..].Trim();
            else if (!line.StartsWith(' ')) isUnderstood = Begin(line, tests, rules);
            else isUnderstood = rules.Count > 0 && rules[^1].Add(line);
            if (!isUnderstood) problems.Add($"line {i + 1} is not understood: {line.Trim()}");
        }
        foreach (var draft in rules.Where(d => d.Before.Count == 0 || d.Reason.Count == 0))
            problems.Add($"{draft.Id} lacks {(draft.Before.Count == 0 ? "a text to replace" : "a reason")}");
        return ([.. rules.Select(draft => draft.Rule)], problems);
    }

    /// <summary>
    /// What is wrong with rules: names that stand there twice, files that are not there, texts that do not stand exactly once in theirs.
    /// </summary>
    public static IReadOnlyList<string> Problems(IReadOnlyList<MutationRule> rules, Checkout checkout)
    {
        var sources = checkout.Sources().ToHashSet(StringComparer.Ordinal);
        var problems = new List<string>();
        problems.AddRange(rules.CountBy(rule => rule.Id, StringComparer.Ordinal).Where(id => id.Value > 1)
            .Select(id => $"{id.Key} stands there {id.Value} times"));
        foreach (var rule in rules)
        {
            if (!sources.Contains(rule.File))
            {
                problems.Add($"{rule.Id}: there is no passes/{rule.File}");
                continue;
            }
            int count = Count(checkout.Source(rule.File), rule.Before);
            if (count != 1) problems.Add($"{rule.Id}: its text stands {count} times in {rule.File}: {rule.Before}");
            if (rule.Before == rule.After) problems.Add($"{rule.Id} changes nothing");
        }
        return problems;
    }

    private static bool Begin(string line, string tests, List<Draft> rules)
    {
        if (Head().Match(line) is not { Success: true } head) return false;
        rules.Add(new(head.Groups["id"].Value, head.Groups["file"].Value, tests));
        return true;
    }

    private static int Count(string source, string text)
    {
        int count = 0, at = source.IndexOf(text, StringComparison.Ordinal);
        for (; at >= 0; at = source.IndexOf(text, at + 1, StringComparison.Ordinal)) count++;
        return count;
    }

    [GeneratedRegex(@"^(?<id>[a-z0-9]+(-[a-z0-9]+)*) +(?<file>[\w/]+\.cs)$")]
    private static partial Regex Head();

    /// <summary>A rule while its lines are read.</summary>
    private sealed record Draft(string Id, string File, string Tests)
    {
        private readonly List<string> _after = [], _equivalent = [];
        private string? _tests;

        public List<string> Reason { get; } = [];

        public List<string> Before { get; } = [];

        public MutationRule Rule => new(Id, File, string.Join(' ', Reason), string.Join('\n', Before), string.Join('\n', _after))
        {
            Tests = _tests ?? Tests,
            Equivalent = _equivalent.Count == 0 ? null : string.Join(' ', _equivalent),
        };

        /// <summary>Two spaces, a sign, a space and a text; without a sign it is part of the reason.</summary>
        public bool Add(string line)
        {
            if (line.Length < 3 || !line.StartsWith("  ", StringComparison.Ordinal)) return false;
            string text = line.Length > 4 ? line[4..] : "";
            switch (line[2])
            {
                case '-': Before.Add(text); break;
                case '+': _after.Add(text); break;
                case '=': _equivalent.Add(text.Trim()); break;
                case '?': _tests = text.Trim(); break;
                default: Reason.Add(line.Trim()); break;
            }
            return true;
        }
    }
}
