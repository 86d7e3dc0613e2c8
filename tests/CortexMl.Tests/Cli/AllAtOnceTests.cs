using System.CommandLine;
using CortexMl.Cli;
using CortexMl.Diagnostics;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>A command line with several mistakes is told all of them in one run.</summary>
public sealed class AllAtOnceTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    /// <summary>All that take data or an engine; those below <c>chain</c> do not tell all at once.</summary>
    public static TheoryData<string> Commands => [.. Having("--data", "--engine")];

    /// <summary>Those that cannot do without data.</summary>
    public static TheoryData<string> CommandsOfData => [.. Having("--data").Except(["compile", "verify", "compare", "bisect", "init"])];

    /// <summary>Every option of the command that names a file, a pass or an engine is given wrongly.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_mistake_is_told_in_one_run(string name)
    {
        var command = All().Single(c => c.Name == name);
        string classes = _tiny.Folder.Write("classes.json", "{\"cat\": \"x\"}");
        (string Option, string Value, string Expected)[] mistakes =
        [
            ("--data", "none.npy", "error CML0101: there is no file 'none.npy'\n"),
            ("--test", "none-test.npy", "error CML0101: there is no file 'none-test.npy'\n"),
            ("--labels", "none.txt", "error CML0101: there is no file 'none.txt'\n"),
            ("--classes", classes, "error CML0815: "),
            ("--passes", "canonicalise,quantise", "error CML0902: no pass is named 'quantise'; did you mean 'quantize'?"),
            ("--params", "none.params", "error CML0101: there is no file 'none.params'\n"),
            ("--engine", "interpeter", "error CML0923: there is no engine 'interpeter'\n  help: did you mean 'interpreter'?"),
            ("--engines", "cpu,interpeter", "error CML0923: there is no engine 'interpeter'\n  help: did you mean 'interpreter'?"),
            ("--against", "onnxruntme",
                "error CML0923: there is nothing named 'onnxruntme' to measure against\n  help: did you mean 'onnxruntime'?"),
        ];
        var made = mistakes.Where(m => command.Options.Any(o => o.Name == m.Option)).ToList();
        var run = CliRun.Of([name, "none.onnx", .. Needed(command), .. made.SelectMany(m => (string[])[m.Option, m.Value])]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains("error CML0101: there is no file or folder 'none.onnx'\n", run.Error);
        Assert.All(made, m => Assert.Contains(m.Expected, run.Error));
        Assert.Equal(run.Error.Split('\n').Distinct().Count(l => l.StartsWith("error", StringComparison.Ordinal)),
            run.Error.Split('\n').Count(l => l.StartsWith("error", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(_tiny.Out));
    }

    [Fact]
    public void Both_files_of_a_check_are_told()
    {
        var run = CliRun.Of("check", "none.symbol", "none.params");
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains("there is no file 'none.symbol'", run.Error);
        Assert.Contains("there is no file 'none.params'", run.Error);
    }

    [Fact]
    public void Eleven_commands_take_data_or_an_engine() => Assert.Equal(11, Having("--data", "--engine").Count());

    [Theory]
    [MemberData(nameof(CommandsOfData))]
    public void Data_that_are_left_out_are_told_with_a_model_that_is_not_there(string name)
    {
        var run = CliRun.Of([name, "none.onnx", .. Needed(All().Single(c => c.Name == name)), "--input", "data=1,x"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0807: there is no data\n", run.Error);
        Assert.Contains("error CML0101: there is no file or folder 'none.onnx'\n", run.Error);
        Assert.Contains("error CML0940: --input 1,x: 'x' is no dimension\n", run.Error);
    }

    [Fact]
    public void Labels_that_cannot_be_read_are_told_with_missing_data_and_a_good_model()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        string labels = _tiny.Folder.Write("bad.txt", "0\ncat\n");
        var run = CliRun.Of("run", _tiny.Out, "--data", "none.npy", "--labels", labels, "--engine", "cpuu");
        Assert.Equal(2, run.Exit);
        string[] codes = [.. run.Error.Split('\n').Where(l => l.StartsWith("error", StringComparison.Ordinal)).Select(l => l[6..13])];
        Assert.Equal(["CML0101", "CML0806", "CML0923"], codes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_among_labels_are_no_mistake_of_their_own_where_the_class_list_cannot_be_read()
    {
        string labels = _tiny.Folder.Write("names.txt", "cat\ndog\n");
        var run = CliRun.Of("run", "none.onnx", "--data", _tiny.Data, "--labels", labels, "--classes", "none.json");
        Assert.Contains("there is no file 'none.json'", run.Error);
        Assert.DoesNotContain("CML0806", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Checks_are_made_after_a_mistake_alone_and_a_rejection_stands_alone()
    {
        int made = 0;
        Action check = () => made++;
        Assert.Equal(5, AllAtOnce.Run(() => 5, [check]));
        var rejection = new DiagnosticException("CML0000", "rejected", failure: FailureClass.Logic);
        Assert.Same(rejection, Assert.Throws<DiagnosticException>(() => AllAtOnce.Run<int>(() => throw rejection, [check])));
        Assert.Equal(0, made);
        Assert.Throws<DiagnosticException>(() => AllAtOnce.Run<int>(() => throw new DiagnosticException("CML0000", "wrong"), [check]));
        Assert.Equal(1, made);
    }

    private static IEnumerable<Command> All()
    {
        var terminal = new Terminal(Stream.Null, Stream.Null, TextWriter.Null, interactive: false, colors: false);
        return CommandLine.Root(new Session(terminal)).Subcommands;
    }

    /// <summary>
    /// Without import-ini, which writes down where data are and reads none, and print, whose --engine says whose kernels are printed.
    /// </summary>
    private static IEnumerable<string> Having(params string[] options) =>
        All().Where(c => c.Name is not ("import-ini" or "print" or "merge") && c.Options.Any(o => options.Contains(o.Name)))
            .Select(c => c.Name);

    /// <summary>What the command cannot do without beside its argument: a place for its output, or another model.</summary>
    private string[] Needed(Command command) =>
    [
        .. command.Options.Where(o => o.Required)
            .SelectMany(o => (string[])(o.Name == "--output" ? ["-o", _tiny.Out] : [o.Name, "none.onnx"])),
    ];
}
