using CortexMl.Golden;
using Xunit;

namespace CortexMl.Tests.GoldenFiles;

public sealed class GoldenRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("golden-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_case_passes_when_the_output_is_what_the_file_says()
    {
        string file = Write("//! upper\nabc\n//=\nABC\n");
        Assert.All(GoldenRunner.Run([file], null, bless: false, Upper), r => Assert.True(r.Passed));
    }

    [Fact]
    public void A_failure_shows_the_difference_and_how_to_accept_it()
    {
        string file = Write("//! upper\nabc\n//=\nABD\n");
        string shown = Assert.Single(GoldenRunner.Run([file], null, bless: false, Upper)).ToString();
        Assert.Contains("-ABD\n+ABC", shown.ReplaceLineEndings("\n"));
        Assert.EndsWith($"cortexml test {file} --bless", shown);
    }

    [Fact]
    public void Bless_rewrites_what_is_expected_and_nothing_else()
    {
        string file = Write("//! upper\nabc\n//= \nold\n//-  second: own command\n//! 'upper' twice\n\nx\n//=\n\nX\n//-  third\ny\n");
        Assert.All(GoldenRunner.Run([file], null, bless: true, Upper), r => Assert.True(r.Passed));
        Assert.Equal("//! upper\nabc\n//=\nABC\n//-  second: own command\n//! 'upper' twice\n\nx\n//=\n\nX\n//-  third\ny\n//=\nY\n", File.ReadAllText(file));
    }

    [Fact]
    public void A_filter_leaves_other_cases_alone()
    {
        string file = Write("//! upper\nabc\n//=\nwrong\n//-  second\nx\n//=\nX\n");
        var result = Assert.Single(GoldenRunner.Run([file], "second", bless: false, Upper));
        Assert.True(result.Passed);
        Assert.Equal(5, result.Line);
    }

    [Fact]
    public void A_case_without_expected_output_fails()
    {
        string file = Write("//! upper\n");
        Assert.False(Assert.Single(GoldenRunner.Run([file], null, bless: false, Upper)).Passed);
    }

    [Fact]
    public void Command_lines_are_words_with_quotes()
    {
        Assert.Equal(["opt", "--passes=a, b{k=v}", "x y", ""], CommandLineText.Words("  opt --passes='a, b{k=v}'\t\"x y\" ''"));
    }

    private static string Upper(IReadOnlyList<string> words, string input, string folder) => input.ToUpperInvariant();

    private string Write(string text)
    {
        string path = Path.Combine(_folder, "case.cml");
        File.WriteAllText(path, text);
        return path;
    }
}
