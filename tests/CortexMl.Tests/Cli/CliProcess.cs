using System.Diagnostics;
using CortexMl.Cli;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>The command as a process of its own, for what only the system can show: signals, closed streams, opened files.</summary>
internal sealed record CliProcess(int Exit, string Output, string Error)
{
    private static readonly string s_host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? Environment.ProcessPath!
        : "dotnet";

    /// <summary>The words that start the command.</summary>
    public static IReadOnlyList<string> Words => [s_host, typeof(CommandLine).Assembly.Location];

    /// <summary>
    /// The words that start the command so that it hears signals. Who runs the tests with nohup, or behind everything else, ignores some
    /// of them, and so does then whatever it starts.
    /// </summary>
    public static IReadOnlyList<string> Listening()
    {
        string[] listening = ["env", "--default-signal=INT,HUP,TERM"];
        bool isKnown = Shell($"{string.Join(' ', listening)} true").Exit == 0;
        return isKnown ? [.. listening, .. Words] : Words;
    }

    /// <summary>The words for a shell.</summary>
    public static string Quoted => string.Join(' ', Words.Select(w => $"'{w}'"));

    public static CliProcess Run(
        IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        using var process = Start(words, environment, folder);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(4))) process.Kill(entireProcessTree: true);
        return new(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public static CliProcess Of(params string[] args) => Run([.. Words, .. args]);

    /// <summary>A line of the shell; skips where there is none.</summary>
    public static CliProcess Shell(string line, string? folder = null)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a shell");
        return Run(["/bin/sh", "-c", line], folder: folder);
    }

    public static Process Start(IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(words[0])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "",
        };
        foreach (string word in words.Skip(1)) start.ArgumentList.Add(word);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
