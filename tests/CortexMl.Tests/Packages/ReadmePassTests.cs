using CortexMl.Golden;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Packages;

/// <summary>
/// "Write a pass in ten minutes" of the README, command by command, in a temporary folder that stands for what lies beside the clone. No
/// source of packages but the folder that the commands make, and what this machine restored before: offline.
/// </summary>
public sealed class ReadmePassTests : IDisposable
{
    private readonly TemporaryFolder _beside = new();
    private string _folder = Repository.Root;

    public void Dispose() => _beside.Dispose();

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public void The_commands_make_a_pass_that_compiles_a_network()
    {
        Skip.IfNot(PackageTests.IsBuilt, "packages are made of what a Release build made");
        _beside.Write("nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>\n");
        string[] commands = [.. Commands("## Write a pass in ten minutes")];
        Assert.Equal(["dotnet pack", "dotnet new", "dotnet new", "cd ../FoldSquares", "dotnet test", "cortexml passes", "cortexml test",
            "cortexml opt", "cortexml compile"], commands.Select(line => string.Join(' ', line.Split(' ').Take(2))));
        foreach (string line in commands) Run(line);

        string text = File.ReadAllText(_beside["FoldSquares/out/model.cml"]);
        Assert.Contains("graph @energy", text);
        Assert.Contains("canonicalize", File.ReadAllText(_beside["FoldSquares/out/report.json"]));
        Assert.Contains("fold-squares,canonicalize", File.ReadAllText(_beside["FoldSquares/out/report.json"]));
        Assert.False(File.Exists(_beside["FoldSquares/src/bin/Debug/net10.0/CortexMl.Core.dll"]));
        SampleBuildsWhenItIsCopiedOut();
    }

    /// <summary>With the packages that are there by then.</summary>
    private void SampleBuildsWhenItIsCopiedOut()
    {
        foreach (string file in new[] { "CortexMl.Samples.FoldSquares.csproj", "FoldSquares.cs" })
            _beside.Write($"sample/{file}", File.ReadAllText(Repository.Path("passes", "Samples", "FoldSquares", file)));
        File.Copy(_beside["FoldSquares/nuget.config"], _beside["sample/nuget.config"]);
        _folder = _beside["sample"];
        Run("dotnet build");
        string plugin = _beside["sample/bin/Debug/net10.0/CortexMl.Samples.FoldSquares.dll"];
        Assert.Contains("fold-squares  ", CliRun.Of("passes", "--plugin", plugin).Output);
    }

    private void Run(string line)
    {
        string[] words = [.. CommandLineText.Words(line)];
        if (words[0] == "cd")
        {
            _folder = Beside(words[1]);
            return;
        }
        // What is built is packed as it is: these tests run from it.
        if (words is ["dotnet", "pack", ..]) words = [.. words, "--no-build"];
        if (words[0] == "cortexml") words = [.. CliProcess.Words, .. words[1..]];
        var run = CliProcess.Run([.. words.Select(Beside)], new Dictionary<string, string>
        {
            ["DOTNET_CLI_HOME"] = _beside["home"], ["NUGET_PACKAGES"] = _beside["restored"], ["NUGET_FALLBACK_PACKAGES"] = Restored,
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1", ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false", ["MSBUILDDISABLENODEREUSE"] = "1",
        }, _folder);
        Skip.If(run.Exit != 0 && run.Output.Contains("NU1101", StringComparison.Ordinal), "a package was never restored on this machine");
        Assert.True(run.Exit == 0, $"{line}\n{run.Output}\n{run.Error}");
    }

    /// <summary>What this machine restored for the tests themselves.</summary>
    private static string Restored => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } path ? path
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The clone is where it is; what lies beside it is the temporary folder.</summary>
    private string Beside(string word) => word.StartsWith("../", StringComparison.Ordinal) ? _beside[word[3..]] : word;

    private static IEnumerable<string> Commands(string title)
    {
        string page = File.ReadAllText(Repository.Path("README.md")).ReplaceLineEndings("\n");
        string section = page[page.IndexOf(title + "\n", StringComparison.Ordinal)..].Split("\n## ")[0];
        string? block = null;
        foreach (string line in section.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) block = block is null ? line[3..] : null;
            else if (block == "") yield return line;
        }
    }
}
