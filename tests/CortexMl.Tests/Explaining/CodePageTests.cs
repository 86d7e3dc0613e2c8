using System.Reflection;
using CortexMl.Cli.Explaining;
using CortexMl.Tests.Architecture;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Explaining;

/// <summary>Every diagnostic code has a page, and an example shows the diagnostic that it is an example of.</summary>
public sealed class CodePageTests
{
    public static TheoryData<string> Examples => [.. CodePages.All.Where(p => p.Example is not null).Select(p => p.Code)];

    private const BindingFlags Constants = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Fact]
    public void Every_code_has_a_page_and_every_page_a_code()
    {
        var codes = from assembly in Product.Assemblies
                    from type in assembly.GetTypes()
                    where type.Name.EndsWith("Codes", StringComparison.Ordinal)
                    from field in type.GetFields(Constants)
                    where field.IsLiteral && field.GetRawConstantValue() is string text && text.StartsWith("CML", StringComparison.Ordinal)
                    select (string)field.GetRawConstantValue()!;
        Assert.Equal(codes.Order(StringComparer.Ordinal), CodePages.All.Select(p => p.Code));
    }

    [Fact]
    public void A_page_says_what_why_and_what_to_do() => Assert.All(CodePages.All, page =>
    {
        Assert.Matches("^[^a-z ].*\\.$", page.What);
        Assert.Contains("\nWhy: ", page.Text);
        Assert.Contains("\nDo: ", page.Text);
    });

    [SkippableTheory]
    [MemberData(nameof(Examples))]
    public void An_example_shows_its_diagnostic(string code)
    {
        string said = ExampleRun.Said(CodePages.All.Single(p => p.Code == code).Example!);
        // The page of 'serve' answers in JSON.
        string[] forms = [$" {code}: ", $"\"code\": \"{code}\""];
        Assert.True(forms.Any(form => said.Contains(form, StringComparison.Ordinal)), said);
    }

    /// <summary>What no file and no call can provoke on every machine.</summary>
    [Fact]
    public void Without_an_example_is_only_what_a_machine_has_to_fail_at()
    {
        (string Code, string Why)[] without =
        [
            ("CML0709", "a driver has to fail while it works"),
            ("CML0710", "a device's compiler has to refuse a kernel of ours"),
            ("CML0752", "ONNX Runtime's native library has to be missing"),
            ("CML1031", "a model has to be larger than a gigabyte"),
            ("CML1109", "ASP.NET Core has to be missing"),
        ];
        Assert.Equal(without.Select(w => w.Code), CodePages.All.Where(page => page.Example is null).Select(page => page.Code));
    }

    [Theory]
    [InlineData("CML0302")]
    [InlineData("302")]
    [InlineData("cml0302")]
    public void A_code_is_explained_however_it_is_written(string code) =>
        Assert.StartsWith("CML0302\nAn operator that no row of the table has.\nWhy: ", CliRun.Of("explain", code).Output);

    [Fact]
    public void All_codes_are_listed_and_others_refused()
    {
        string[] listed = CliRun.Of("explain").Output.Split('\n');
        Assert.Equal(CodePages.All.Count, listed.Count(l => l.StartsWith("CML", StringComparison.Ordinal)));
        string refused = CliRun.Of("explain", "nonsense").Error;
        Assert.Equal("error CML0940: there is no diagnostic 'nonsense'\n  help: 'cortexml explain' lists all\n", refused);
    }
}
