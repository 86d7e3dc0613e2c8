using CortexMl.Mutants;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Mutants;

/// <summary>The lists of rules of passes that are bent to see whether tests notice.</summary>
public sealed class RuleListTests
{
    private static readonly Checkout s_checkout = new(Repository.Root);

    [Fact]
    public void Every_rule_stands_once_in_the_file_that_it_names()
    {
        var (rules, problems) = RuleList.Read(s_checkout);
        Assert.Empty(problems);
        Assert.Empty(RuleList.Problems(rules, s_checkout));
        Assert.InRange(rules.Count, 60, int.MaxValue);
    }

    [Theory]
    [InlineData("Prepare/")]
    [InlineData("Prepare/Canonical/")]
    [InlineData("Prepare/Folding/")]
    [InlineData("Prepare/Matching/")]
    [InlineData("Calibrate/")]
    [InlineData("Quantize/")]
    [InlineData("Target/")]
    public void Every_folder_of_passes_has_rules(string folder) => Assert.InRange(
        RuleList.Read(s_checkout).Rules.Count(rule => rule.File.StartsWith(folder, StringComparison.Ordinal)), 10, int.MaxValue);

    [Fact]
    public void A_rule_is_a_name_a_file_a_reason_and_two_texts()
    {
        var (rules, problems) = RuleList.Parse("""
            # Some rules.
            ? FullyQualifiedName~Some
            first-one  Prepare/A.cs
              Says what it does,
              in two lines.
              - old text
              -   of two lines
              + new text
              ? FullyQualifiedName~Other
            removed  Target/B.cs
              It goes.
              - old text
              = Nobody can tell.
            """);
        Assert.Empty(problems);
        Assert.Equal(
            [
                new MutationRule("first-one", "Prepare/A.cs", "Says what it does, in two lines.", "old text\n  of two lines", "new text")
                {
                    Tests = "FullyQualifiedName~Other",
                },
                new MutationRule("removed", "Target/B.cs", "It goes.", "old text", "")
                {
                    Tests = "FullyQualifiedName~Some", Equivalent = "Nobody can tell.",
                },
            ], rules);
    }

    [Theory]
    [InlineData("no file", "line 1 is not understood: no file")]
    [InlineData("  - text", "line 1 is not understood: - text")]
    [InlineData("a  A.cs\n  + text\n  reason", "a lacks a text to replace")]
    [InlineData("a  A.cs\n  - text", "a lacks a reason")]
    public void What_makes_no_rule_is_told(string text, string problem) => Assert.Equal([problem], RuleList.Parse(text).Problems);

    [Fact]
    public void Rules_that_do_not_fit_the_sources_are_told()
    {
        MutationRule[] rules =
        [
            Rule("gone", "Target/RoundShift.cs", "no such text", ""), Rule("many", "Target/RoundShift.cs", "return", ""),
            Rule("idle", "Target/RatioChoice.cs", "MultiplierBits = 10", "MultiplierBits = 10"),
            Rule("idle", "Target/Nothing.cs", "a", "b"),
        ];
        var problems = RuleList.Problems(rules, s_checkout);
        Assert.Equal(5, problems.Count);
        Assert.Contains("idle stands there 2 times", problems);
        Assert.Contains("gone: its text stands 0 times in Target/RoundShift.cs: no such text", problems);
        Assert.Contains("idle changes nothing", problems);
        Assert.Contains("idle: there is no passes/Target/Nothing.cs", problems);
    }

    [Fact]
    public void The_text_is_replaced_where_it_stands()
    {
        Assert.Equal("one 2 three", Rule("a", "A.cs", "two", "2").Apply("one two three"));
        Assert.Throws<ArgumentException>(() => Rule("a", "A.cs", "o", "0").Apply("one two"));
    }

    [Fact]
    public void The_table_is_in_the_lists_order_and_survivors_fail()
    {
        MutationRule[] rules =
        [
            Rule("a", "A.cs", "x", "y"), Rule("b", "A.cs", "x", "z"),
            Rule("c", "B.cs", "x", "y") with { Equivalent = "Nobody can tell." },
        ];
        using var text = new StringWriter { NewLine = "\n" };
        var table = new ResultTable(text, rules);
        table.Set(1, null);
        table.Set(0, "Tests.Name(file: \"a|b\")");
        table.Set(2, null);
        Assert.Equal(1, table.Finish());
        Assert.Equal(
            """
            | file | rule | bent so that | killed by |
            |---|---|---|---|
            | A.cs | a | why | Tests.Name(file: "a\|b") |
            | A.cs | b | why | SURVIVED |
            | B.cs | c | why | equivalent: Nobody can tell. |

            3 mutants: 1 killed, 1 explained, 1 survived

            """.ReplaceLineEndings("\n"), text.ToString());
    }

    [Fact]
    public void A_mutant_that_is_called_equivalent_and_is_killed_fails()
    {
        using var text = new StringWriter();
        var table = new ResultTable(text, [Rule("a", "A.cs", "x", "y") with { Equivalent = "Nobody can tell." }]);
        table.Set(0, "Tests.Name");
        Assert.Equal(1, table.Finish());
        Assert.Contains("1 of those killed are called equivalent", text.ToString(), StringComparison.Ordinal);
    }

    private static MutationRule Rule(string id, string file, string before, string after) =>
        new(id, file, "why", before, after) { Tests = "" };
}
