using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CortexMl.Mutants;

/// <summary>
/// A copy of the built tests in which the passes' assembly is exchanged; packages' native libraries are linked, since they are large.
/// </summary>
internal sealed partial class TestsCopy
{
    private const string Passes = "CortexMl.Passes.dll", Settings = "mutants.runsettings";

    /// <summary>Theories are found as one test, which starts sooner; the first failure ends the run.</summary>
    private const string SettingsText = """
        <RunSettings>
          <RunConfiguration><CollectSourceInformation>false</CollectSourceInformation></RunConfiguration>
          <xUnit><PreEnumerateTheories>false</PreEnumerateTheories><StopOnFail>true</StopOnFail></xUnit>
        </RunSettings>
        """;

    private readonly string _folder;

    public TestsCopy(string built, string folder)
    {
        _folder = folder;
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(built)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        foreach (string inner in Directory.EnumerateDirectories(built))
            Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(inner)), inner);
        File.Delete(Path.Combine(folder, Path.ChangeExtension(Passes, ".pdb")));
        File.WriteAllText(Path.Combine(folder, Settings), SettingsText);
    }

    public void Install(byte[] passes)
    {
        string file = Path.Combine(_folder, Passes);
        File.Delete(file);
        File.WriteAllBytes(file, passes);
    }

    /// <returns>What ended the run early: the first test that failed, a hanging or an ended process; null where all passed.</returns>
    /// <exception cref="BrokenSetupException">The filter chooses no test, or none could be started.</exception>
    public string? Run(string filter, TimeSpan timeout)
    {
        string[] arguments =
        [
            "test", Path.Combine(_folder, "CortexMl.Tests.dll"), "--filter", $"({filter})&Speed!=Slow",
            "--settings", Path.Combine(_folder, Settings), "--logger", "console;verbosity=normal",
        ];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        foreach (var (name, value) in new[] { ("DOTNET_CLI_UI_LANGUAGE", "en"), ("DOTNET_NOLOGO", "1"), ("NO_COLOR", "1") })
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new BrokenSetupException("dotnet cannot be started");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        bool hangs = !process.WaitForExit(timeout);
        if (hangs) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        string text = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
        if (FailedTest().Match(text) is { Success: true } failed) return failed.Groups["test"].Value;
        if (hangs) return string.Create(CultureInfo.InvariantCulture, $"no end within {timeout.TotalSeconds} s");
        if (!PassedTest().IsMatch(text) && !text.Contains("Test host process crashed", StringComparison.Ordinal))
            throw new BrokenSetupException($"no test ran for {filter}:\n{text}");
        return process.ExitCode == 0 ? null : "the tests' process ended";
    }

    [GeneratedRegex(@"CortexMl\.Tests\.(?<test>[^\r\n]+) \[FAIL\]")]
    private static partial Regex FailedTest();

    [GeneratedRegex(@"^\s*Passed +(?!:)\S", RegexOptions.Multiline)]
    private static partial Regex PassedTest();
}
