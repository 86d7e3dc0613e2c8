using CortexMl.Diagnostics;
using CortexMl.Golden;
using Xunit;

namespace CortexMl.Tests.Golden;

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
        Assert.Equal(5, result.Test.Line);
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
    [InlineData("CML0915", "//! upper\nabc\n//=\nABC\n//- same\nx\n//=\nX\n//- same\ny\n//=\nY\n", "two cases have the title 'same'")]
    [InlineData("CML0915", "//! upper\nabc\n//=\nABC\n//-\nx\n//=\nX\n", "two cases have no title")]
    [InlineData("CML0916", "//! upper\nabc\n//? holds ABC\n", "'//? holds ABC' means nothing")]
    [InlineData("CML0916", "//! upper\nabc\n//? run f(1)\n", "means nothing")]
    public void A_file_that_could_be_green_by_mistake_is_a_case_that_fails(string code, string text, string message)
    {
        string file = Write(text), other = Path.Combine(_folder, "other.cml");
        File.WriteAllText(other, "//! upper\nabc\n//=\nABC\n");
        var tests = GoldenRunner.Discover([file, other], null, new Upper(), new DiagnosticBag());
        var results = GoldenRunner.Run(tests, new Upper(), bless: true);
        Assert.Equal([false, true], results.Select(r => r.Passed));
        Assert.Contains(results[0].Test.Problems, d => d.Code == code && d.Message.Contains(message, StringComparison.Ordinal));
        Assert.Contains(code, results[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(file));
    }

    [Fact]
    public void A_filter_finds_a_broken_file_by_what_stands_in_it()
    {
        Write("//! upper 'abc\nabc\n//=\nABC\n//- second\nx\n");
        Assert.False(Assert.Single(Run("second", bless: false, _folder)).Passed);
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
        Assert.Equal(3, GoldenRunner.Discover([_folder], null, new Upper(), notes).Count);
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
    [InlineData("compile --shows=gas", "compile has no option '--shows'", "did you mean 'show'?")]
    [InlineData("compile --show=gaz", "'gaz' cannot be shown", "did you mean 'gas'?")]
    [InlineData("compile --scale=x", "'x' is no number for --scale", null)]
    [InlineData("compile --labels=y.npy", "--labels are those of --test", null)]
    public void Commands_and_options_that_there_are_not_are_refused(string line, string message, string? hint)
    {
        var commands = new GoldenCommands();
        var problem = Assert.Single(Assert.Throws<DiagnosticException>(() => commands.Check(CommandLineText.Words(line))).Diagnostics);
        Assert.Contains(message, problem.Message);
        Assert.Equal(hint, problem.Hint);
    }

    [Theory]
    [InlineData("\r\n", false)]
    [InlineData("\n", true)]
    [InlineData("\r\n", true)]
    public void Bless_keeps_line_ends_and_the_byte_order_mark(string end, bool hasMark)
    {
        string mark = hasMark ? "\uFEFF" : "", text = mark + "//! upper\nabc\n//=\nold\n\n//-  second\nx\n//=\nX".ReplaceLineEndings(end);
        string file = Write(text);
        Assert.All(Run(null, bless: true, file), r => Assert.True(r.Passed));
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(text.Replace("old", "ABC", StringComparison.Ordinal)), File.ReadAllBytes(file));
    }

    [Theory]
    [InlineData("//! upper\nabc\noops\n//=\nold\n", false)]
    [InlineData("//! upper\nabc\noops\n", false)]
    [InlineData("//! upper\nabc\noops\n//? error CML0999\n//=\nold\n", true)]
    [InlineData("//! upper\nabc\noops\n//=\nerror CML0998: old\n", true)]
    public void Bless_stores_an_error_where_the_case_expects_one(string text, bool isStored)
    {
        string file = Write(text);
        Assert.Equal(isStored, Assert.Single(Run(null, bless: true, file)).Passed);
        Assert.Equal(isStored, File.ReadAllText(file).Contains("error CML0999: oops", StringComparison.Ordinal));
        if (!isStored) Assert.Contains("if it does, write //? error CML0999", Run(null, bless: true, file)[0].ToString());
    }

    [Theory]
    [InlineData("//? contains AB", true)]
    [InlineData("//? contains XY", false)]
    [InlineData("//? lacks XY", true)]
    [InlineData("//? lacks AB", false)]
    [InlineData("//? contains AB\n//? lacks AB", false)]
    [InlineData("//? run @f([1]) == [1,2]", true)]
    [InlineData("//? run @f([1]) == [1, 3]", false)]
    [InlineData("//? error", false)]
    public void Checks_hold_in_place_of_the_text(string checks, bool passes) =>
        Assert.Equal(passes, Assert.Single(Run(null, bless: false, Write($"//! upper\nabc\n{checks}\n"))).Passed);

    [Theory]
    [InlineData("//? error", true)]
    [InlineData("//? error CML0999 line 2: oops", true)]
    [InlineData("//? error CML0998", false)]
    [InlineData("//? error CML0999 line 3", false)]
    [InlineData("//? error CML0999: something else", false)]
    [InlineData("//? warning CML0999", false)]
    [InlineData("//? contains oops", false)]
    public void An_error_passes_where_a_line_expects_it(string check, bool passes) =>
        Assert.Equal(passes, Assert.Single(Run(null, bless: false, Write($"//! upper\nabc\noops\n{check}\n"))).Passed);

    [Fact]
    public void Checks_behind_the_text_are_no_part_of_it_and_outlive_a_bless()
    {
        string file = Write("//! upper\nabc\n//=\nold\n//? contains ABC\n//? run @f([1]) == [0]\n\n//-  second\nx\n//=\nX\n");
        Assert.All(Run(null, bless: true, file), r => Assert.True(r.Passed));
        Assert.Equal("//! upper\nabc\n//=\nABC\n//? contains ABC\n//? run @f([1]) == [1, 2]\n\n//-  second\nx\n//=\nX\n",
            File.ReadAllText(file));
    }

    [Fact]
    public void A_check_that_does_not_hold_is_not_blessed_away()
    {
        string file = Write("//! upper\nabc\n//? contains XY\n//=\nold\n"), before = File.ReadAllText(file);
        Assert.False(Assert.Single(Run(null, bless: true, file)).Passed);
        Assert.Equal(before, File.ReadAllText(file));
    }

    [Fact]
    public void A_case_is_found_by_its_title_a_part_of_it_or_its_number()
    {
        string file = Write("//! upper\nabc\n//=\nABC\n//-  second one\nx\n//=\nX\n//-  second two\ny\n//=\nY\n");
        Assert.Equal("abc\n", GoldenRunner.Find(file, "1", new Upper()).Input);
        Assert.Equal("x\n", GoldenRunner.Find(file, "second one", new Upper()).Input);
        Assert.Equal("y\n", GoldenRunner.Find(file, "two", new Upper()).Input);
        foreach (string none in (string[])["second", "4", "0"])
        {
            var error = Assert.Throws<DiagnosticException>(() => GoldenRunner.Find(file, none, new Upper()));
            Assert.Equal("CML0912", error.Diagnostics[0].Code);
        }
    }

    [Fact]
    public void Results_are_json_and_the_xml_of_build_servers()
    {
        string file = Write("//! upper\na<b\u0001\n//=\nwrong\n//-  second\nx\n//=\nX\n");
        var results = Run(null, bless: false, file);
        var json = System.Text.Json.JsonDocument.Parse(GoldenReports.Json(results)).RootElement;
        Assert.Equal((1, 1, 2), (json.GetProperty("passed").GetInt32(), json.GetProperty("failed").GetInt32(),
            json.GetProperty("cases").GetArrayLength()));
        using var stream = new MemoryStream(GoldenReports.JUnit(results));
        var suite = System.Xml.Linq.XDocument.Load(stream).Root!.Element("testsuite")!;
        Assert.Equal(("2", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
        Assert.Equal(["line 1", "second"], suite.Elements("testcase").Select(c => c.Attribute("name")!.Value));
        Assert.Contains("+A<B", Assert.Single(suite.Descendants("failure")).Value);
    }

    private static IReadOnlyList<GoldenResult> Run(string? filter, bool bless, string path) =>
        GoldenRunner.Run(GoldenRunner.Discover([path], filter, new Upper(), new DiagnosticBag()), new Upper(), bless);

    private sealed class Upper : IGoldenCommands
    {
        public void Check(IReadOnlyList<string> words)
        {
            if (words is not ["upper", ..]) throw new DiagnosticException(GoldenCodes.UnknownCommand, $"not '{words[0]}'");
        }

        /// <summary>A text with "oops" is a mistake.</summary>
        public GoldenOutput Run(GoldenInput input)
        {
            Diagnostic[] told = input.Text.Contains("oops", StringComparison.Ordinal)
                ? [new Diagnostic("CML0999", Severity.Error, "oops", new SourceLocation("input", 2, 1))] : [];
            string text = string.Join('\n', input.Text.Split('\n').Where(l => !GoldenCheck.IsCheck(l))).ToUpperInvariant();
            return new(told.Length > 0 ? told[0] + "\n" : text, told) { Answers = [.. input.Calls.Select(_ => "[1, 2]")] };
        }
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder, "case.cml");
        File.WriteAllText(path, text);
        return path;
    }
}
