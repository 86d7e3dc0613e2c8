using CortexMl.Cli;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Completion, the manual page and the version: made from the tree of commands.</summary>
public sealed class ShellTests
{
    [SkippableTheory]
    [InlineData("chain pa", "pack")]
    [InlineData("comp", "compare compile completion")]
    [InlineData("run --profile r", "reference-cpu")]
    [InlineData("compile x --target", "--target-drop")]
    [InlineData("chain pack --piece", "--piece-length")]
    [InlineData("compile x --channels ", "bgr gray rgb")]
    public void Bash_completes(string line, string expected)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs bash");
        using var folder = new Support.TemporaryFolder();
        string script = folder.Write("cortexml.bash", CliRun.Of("completion", "bash").Output);
        string words = string.Join(' ', $"cortexml {line}".Split(' ').Select(w => $"'{w}'"));
        int last = line.Split(' ').Length;
        string body = $"source {script}; COMP_WORDS=({words}); COMP_CWORD={last}; _cortexml; echo \\${{COMPREPLY[@]}}";
        var run = CliProcess.Shell($"bash -c \"{body}\"");
        Assert.Equal(expected, string.Join(' ', run.Output.Trim().Split(' ').Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("zsh", "#compdef cortexml\n")]
    [InlineData("fish", "complete -c cortexml -n 'test \"(__cortexml_path)\" = \"chain pack\"' -l piece-length")]
    [InlineData("pwsh", "'chain pack' = @(")]
    public void Other_shells_have_scripts_with_every_command(string shell, string part)
    {
        var run = CliRun.Of("completion", shell);
        Assert.Equal(0, run.Exit);
        Assert.Contains(part, run.Output);
        Assert.All(CommandLine.Root(OptionValueTests.NoTerminal()).Subcommands, c => Assert.Contains(c.Name, run.Output));
    }

    [Fact]
    public void A_shell_that_is_not_known_is_answered_with_those_that_are() => Assert.Contains(
        "error CML0940: SHELL 'bsh': bash, fish, pwsh or zsh is needed\n  help: did you mean 'bash'?", CliRun.Of("completion", "bsh")
            .Error);

    [Fact]
    public void The_manual_page_has_every_command_and_no_request_by_accident()
    {
        string page = CliRun.Of("man").Output;
        Assert.StartsWith(".TH CORTEXML 1 ", page);
        Assert.All(CommandLine.Root(OptionValueTests.NoTerminal()).Subcommands, c =>
            Assert.Contains($"\n.SS \"cortexml {c.Name.Replace("-", "\\-", StringComparison.Ordinal)}", page));
        string[] requests = [".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".I", ".nf", ".fi"];
        Assert.All(page.Split('\n').Where(l => l.StartsWith('.')), line => Assert.Contains(line.Split(' ')[0], requests));
        Assert.DoesNotContain(page, c => c > 0x7e);
    }

    [Fact]
    public void The_version_names_program_runtime_and_instruction_sets()
    {
        string[] lines = CliRun.Of("--version").Output.Split('\n');
        Assert.Matches("^cortexml [0-9]+\\.[0-9]+\\.[0-9]+( \\(commit [0-9a-f]{40}\\))?$", lines[0]);
        Assert.StartsWith(".NET ", lines[1]);
        Assert.StartsWith("instruction sets: portable", lines[2]);
    }
}
