using System.Text.Json;
using System.Text.RegularExpressions;
using CortexMl.Ops;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Text;

/// <summary>The TextMate grammar of tools/vscode knows the words of the text form.</summary>
public sealed class EditorGrammarTests
{
    private static readonly List<(string Name, Regex Match)> s_rules =
    [
        .. JsonDocument.Parse(File.ReadAllText(Repository.Path("tools", "vscode", "syntaxes", "cml.tmLanguage.json"))).RootElement
            .GetProperty("patterns").EnumerateArray()
            .Select(p => (p.GetProperty("name").GetString()!, new Regex(p.GetProperty("match").GetString()!, RegexOptions.Multiline))),
    ];

    [Theory]
    [InlineData("//! opt --passes=x", "keyword.control.directive.cml")]
    [InlineData("//= ", "keyword.control.directive.cml")]
    [InlineData("//- a case", "markup.heading.cml")]
    [InlineData("// a comment", "comment.line.double-slash.cml")]
    [InlineData("%conv0/relu:0", "variable.other.cml")]
    [InlineData("%12", "variable.other.cml")]
    [InlineData("@conv0.weight", "entity.name.constant.cml")]
    [InlineData("f32", "storage.type.cml")]
    [InlineData("i21", "storage.type.cml")]
    [InlineData("\"a \\\" b\"", "string.quoted.double.cml")]
    [InlineData("-2.5e-7", "constant.numeric.cml")]
    [InlineData("return", "keyword.control.cml")]
    [InlineData("dense<sha256:00ff>", "constant.other.digest.cml")]
    public void A_token_is_coloured_as_what_it_is(string text, string name)
    {
        // As an editor does: the match that begins first, of several the one of the first rule.
        var (rule, match) = s_rules.Select(r => (r.Name, Match: r.Match.Match(text))).Where(r => r.Match.Success).MinBy(r => r.Match.Index);
        Assert.Equal((name, text.Trim()), (rule, match.Value.Trim()));
    }

    [Fact]
    public void Every_operator_is_one()
    {
        var operators = s_rules.First(r => r.Name == "entity.name.function.cml").Match;
        Assert.All(OpTable.Rows, row => Assert.Equal(row.Name, operators.Match(row.Name).Value));
    }
}
