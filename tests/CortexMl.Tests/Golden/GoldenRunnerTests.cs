using CortexMl.Diagnostics;
using CortexMl.Golden;
using CortexMl.Passes;
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
        Assert.All(Run(null, bless: false, file), r => Assert.True(r.Passed));
    }

    [Fact]
    public void A_failure_shows_the_difference_and_how_to_accept_it()
    {
        string file = Write("//! upper\nabc\n//=\nABD\n");
        string shown = Assert.Single(Run(null, bless: false, file)).ToString();
        Assert.Contains("-ABD\n+ABC", shown.ReplaceLineEndings("\n"));
        Assert.EndsWith($"cortexml test {file} --bless", shown);
    }

    [Fact]
    public void Bless_rewrites_what_is_expected_and_nothing_else()
    {
        string file = Write("//! upper\nabc\n//= \nold\n//-  second: own command\n//! 'upper' twice\n\nx\n//=\n\nX\n//-  third\ny\n");
        Assert.All(Run(null, bless: true, file), r => Assert.True(r.Passed));
        Assert.Equal("//! upper\nabc\n//=\nABC\n//-  second: own command\n//! 'upper' twice\n\nx\n//=\n\nX\n//-  third\ny\n//=\nY\n",
            File.ReadAllText(file));
    }

    [Fact]
    public void A_filter_leaves_other_cases_alone()
    {
        string file = Write("//! upper\nabc\n//=\nwrong\n//-  second\nx\n//=\nX\n");
        var result = Assert.Single(Run("second", bless: false, file));
        Assert.True(result.Passed);
        Assert.Equal(5, result.Line);
    }

    [Fact]
    public void A_case_without_expected_output_fails()
    {
        string file = Write("//! upper\nabc\n");
        Assert.False(Assert.Single(Run(null, bless: false, file)).Passed);
    }

    [Fact]
    public void Command_lines_are_words_with_quotes()
    {
        Assert.Equal(["opt", "--passes=a, b{k=v}", "x y", ""], CommandLineText.Words("  opt --passes='a, b{k=v}'\t\"x y\" ''"));
    }

    [Theory]
    [InlineData("CML0910", "abc\n//=\nABC\n", "the first line")]
    [InlineData("CML0910", "", "the first line")]
    [InlineData("CML0910", "//! upper\nabc\n//! upper\n//=\nABC\n", "stands first in its case")]
    [InlineData("CML0911", "//! upper 'abc\nabc\n//=\nABC\n", "a quote ' is not closed")]
    [InlineData("CML0911", "//! lower\nabc\n//=\nabc\n", "not 'lower'")]
    [InlineData("CML0911", "//! upper\nabc\n//=\nABC\n//- second\n//! lower\nabc\n//=\nabc\n", "not 'lower'")]
    [InlineData("CML0913", "//! upper\n//=\n", "no input")]
    [InlineData("CML0913", "//! upper\nabc\n//=\nABC\n//- second\n\n// nothing\n//=\n", "no input")]
    public void A_file_that_could_be_green_by_mistake_is_refused(string code, string text, string message)
    {
        var error = Assert.Throws<DiagnosticException>(() => Run(null, bless: true, Write(text)));
        Assert.Contains(error.Diagnostics, d => d.Code == code && d.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal(text, File.ReadAllText(Path.Combine(_folder, "case.cml")));
    }

    [Fact]
    public void A_filter_that_names_nothing_and_a_folder_without_golden_files_are_refused()
    {
        string file = Write("//! upper\nabc\n//=\nABC\n"), empty = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;
        Assert.Equal("CML0912", Assert.Throws<DiagnosticException>(() => Run("third", bless: false, file)).Diagnostics[0].Code);
        Assert.Equal("CML0912", Assert.Throws<DiagnosticException>(() => Run(null, bless: false, empty)).Diagnostics[0].Code);
        Assert.Equal("CML0101",
            Assert.Throws<DiagnosticException>(() => Run(null, bless: false, Path.Combine(_folder, "nowhere"))).Diagnostics[0].Code);
    }

    [Fact]
    public void Folders_of_every_name_are_searched_and_what_is_left_out_is_told()
    {
        foreach (string folder in (string[])["models", ".hidden", "bin"])
            File.WriteAllText(
                Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName, "a.cml"), "//! upper\nabc\n//=\nABC\n");
        Write("//! input\nwhat another test reads\n");
        var notes = new DiagnosticBag();
        Assert.Equal(3, GoldenRunner.Run([_folder], null, bless: false, new Upper(), notes).Count);
        Assert.Equal(
            (GoldenCodes.LeftOut, Path.Combine(_folder, "case.cml")), (Assert.Single(notes.Items).Code, notes.Items[0].Location!.File));
    }

    [Theory]
    [InlineData("opt --pases=canonicalize", "opt has no option '--pases'", "did you mean 'passes'?")]
    [InlineData("op --passes=canonicalize", "not 'op'", "did you mean 'opt'?")]
    [InlineData("opt --passes=a --passes=b", "stands twice", null)]
    [InlineData("opt passes", "'passes' is no option", null)]
    [InlineData("opt --passes", "has no value", null)]
    [InlineData("opt --rewrite-limit=x", "'x' is no number", null)]
    [InlineData("print --format=kernel", "no format 'kernel'", "did you mean 'kernels'?")]
    [InlineData("print --strip=name", "'name' cannot be stripped", "did you mean 'names'?")]
    public void Commands_and_options_that_there_are_not_are_refused(string line, string message, string? hint)
    {
        var commands = new TextCommands(PassTable.Registry(), () => new PassServices());
        var problem = Assert.Single(Assert.Throws<DiagnosticException>(() => commands.Check(CommandLineText.Words(line))).Diagnostics);
        Assert.Contains(message, problem.Message);
        Assert.Equal(hint, problem.Hint);
    }

    private static IReadOnlyList<GoldenResult> Run(string? filter, bool bless, string path) =>
        GoldenRunner.Run([path], filter, bless, new Upper(), new DiagnosticBag());

    private sealed class Upper : IGoldenCommands
    {
        public void Check(IReadOnlyList<string> words)
        {
            if (words is not ["upper", ..]) throw new DiagnosticException(GoldenCodes.UnknownCommand, $"not '{words[0]}'");
        }

        public string Run(IReadOnlyList<string> words, string input, string folder) => input.ToUpperInvariant();
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder, "case.cml");
        File.WriteAllText(path, text);
        return path;
    }
}
