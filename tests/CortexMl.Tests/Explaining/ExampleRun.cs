using CortexMl.Cli.Explaining;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace CortexMl.Tests.Explaining;

/// <summary>Runs an example of a page, step by step, in a folder of its own.</summary>
internal sealed class ExampleRun : IDisposable
{
    /// <summary>What an example names that not every system has, and how a shell finds out.</summary>
    private static readonly (string Named, string Question)[] s_needs =
    [
        ("/dev/full", "test -e /dev/full"), ("curl ", "command -v curl"), ("solc.js", "command -v node"),
        ("sha256sum", "command -v sha256sum"),
    ];

    private readonly TemporaryFolder _folder = new(), _programs = new();
    private readonly Dictionary<string, string> _environment = [];

    private ExampleRun()
    {
        if (OperatingSystem.IsWindows()) return;
        string program = _programs.Write("cortexml", $"#!/bin/sh\nexec {CliProcess.Quoted} \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _environment["PATH"] = $"{_programs.Path}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    /// <summary>What the last command says; skips where the example needs what this system does not have.</summary>
    public static string Said(CodeExample example)
    {
        foreach (var step in example.Steps.OfType<ExampleStep.ShellLine>()) SkipUnlessThere(step.Line);
        foreach (var step in example.Steps.OfType<ExampleStep.TextFile>()) SkipUnlessThere(step.Text);
        using var run = new ExampleRun();
        string said = "";
        foreach (var (place, step) in example.Steps.Index())
        {
            if (step is ExampleStep.TextFile file) run.Write(file, isProgram: example.Steps.Contains(new ExampleStep.Program(file.Name)));
            else if (step is ExampleStep.Program program) said = ExampleProgram.Said(File.ReadAllText(run._folder[program.File]));
            else if (step is ExampleStep.CommandWords command) said = run.Command(command);
            else if (step is ExampleStep.ShellLine shell) said = run.Shell(shell.Line, isLast: place == example.Steps.Count - 1);
        }
        return said;
    }

    public void Dispose()
    {
        _folder.Dispose();
        _programs.Dispose();
    }

    private static void SkipUnlessThere(string text)
    {
        foreach (var (named, question) in s_needs.Where(need => text.Contains(need.Named, StringComparison.Ordinal)))
            Skip.If(CliProcess.Shell(question).Exit != 0, $"needs {named.Trim()}");
    }

    private void Write(ExampleStep.TextFile file, bool isProgram)
    {
        string path = _folder.Write(file.Name, file.Text);
        if (Path.GetExtension(path) == ".cs" && !isProgram) Build(file.Text, Path.ChangeExtension(path, ".dll"));
    }

    /// <summary>Against what lies in the folder already, and else against the libraries of the program.</summary>
    private static void Build(string source, string library)
    {
        string[] own = Directory.GetFiles(Path.GetDirectoryName(library)!, "*.dll"), names = [.. own.Select(f => Path.GetFileName(f))];
        var others = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(f => !names.Contains(Path.GetFileName(f)));
        var emitted = CSharpCompilation.Create(Path.GetFileNameWithoutExtension(library), [CSharpSyntaxTree.ParseText(source)],
            own.Concat(others).Select(f => MetadataReference.CreateFromFile(f)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(library);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
    }

    private string Command(ExampleStep.CommandWords command)
    {
        var words = command.Words;
        // A plugin stays loaded, and a pass that fails leaves a file in the current folder; settings are read when a process starts.
        if (words.Contains("--plugin") || command.Setting is not null)
        {
            var environment = command.Setting?.Split('=') is [var name, var value]
                ? new Dictionary<string, string> { [name] = value } : null;
            var process = CliProcess.Run([.. CliProcess.Words, .. words], environment, _folder.Path);
            return process.Error + process.Output;
        }
        var run = CliRun.Of([.. words.Select((word, i) => InFolder(word, i == 0 ? "" : words[i - 1]))]);
        return run.Error + run.Output;
    }

    /// <summary>What makes or spoils files has to succeed; the last line is what says the diagnostic.</summary>
    private string Shell(string line, bool isLast)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a shell");
        var run = CliProcess.Run(["/bin/sh", "-c", line], _environment, _folder.Path);
        if (!isLast) Assert.True(run.Exit == 0, $"{line}\n{run.Error}{run.Output}");
        return run.Error + run.Output;
    }

    /// <summary>What an example names lies in its folder, there already or written by the command.</summary>
    private string InFolder(string word, string before)
    {
        string[] outputs = ["-o", "--output", "--transcript", "--values", "--plan-jobs"], others = ["out", "run.json", "none"];
        int start = word.IndexOf('=', StringComparison.Ordinal) + 1;
        string path = word[start..], first = path.Split('/')[0];
        bool isOwn = outputs.Contains(before) || others.Contains(first) || (first.Length > 0 && Path.Exists(_folder[first]));
        return isOwn ? word[..start] + _folder[path] : word;
    }
}
