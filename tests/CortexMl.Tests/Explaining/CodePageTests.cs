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
        var steps = CodePages.All.Single(p => p.Code == code).Example!.Steps;
        Skip.If(OperatingSystem.IsWindows() && steps.Any(s => s is ExampleStep.ShellLine), "needs a shell");
        using var folder = new TemporaryFolder();
        string said = "";
        foreach (var step in steps)
        {
            if (step is ExampleStep.TextFile file) folder.Write(file.Name, file.Text);
            else if (step is ExampleStep.ShellLine shell) Assert.Equal(0, CliProcess.Shell(shell.Line, folder.Path).Exit);
            else if (step is ExampleStep.Program program) said = ExampleProgram.Said(File.ReadAllText(folder[program.File]));
            else if (step is ExampleStep.CommandWords { Setting: { } setting } set)
            {
                var environment = new Dictionary<string, string> { [setting.Split('=')[0]] = setting.Split('=')[1] };
                var run = CliProcess.Run([.. CliProcess.Words, .. set.Words], environment, folder.Path);
                said = run.Error + run.Output;
            }
            else if (step is ExampleStep.CommandWords command)
            {
                var run = CliRun.Of([.. command.Words.Select((word, i) => InFolder(folder, word, i == 0 ? "" : command.Words[i - 1]))]);
                said = run.Error + run.Output;
            }
        }
        Assert.Contains($" {code}: ", said);
    }

    /// <summary>Some need what no example makes in a few lines: a device, a plugin. A test names them.</summary>
    [Fact]
    public void What_has_no_example_has_a_test()
    {
        // A driver that fails, a .NET without ONNX Runtime's library or without ASP.NET, a model of a gigabyte, a compiler of contracts.
        string[] others = ["CML0709", "CML0752", "CML1109", "CML1031", "CML1052"];
        var names = (from assembly in Product.Assemblies
                     from type in assembly.GetTypes()
                     where type.Name.EndsWith("Codes", StringComparison.Ordinal)
                     from field in type.GetFields(Constants)
                     where field.IsLiteral && field.GetRawConstantValue() is string
                     select (Code: (string)field.GetRawConstantValue()!, Name: $"{type.Name}.{field.Name}"))
            .ToDictionary(f => f.Code, f => f.Name);
        string[] texts =
        [
            .. new[] { "tests", "golden" }
                .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*", SearchOption.AllDirectories))
                .Where(f => Path.GetExtension(f) is ".cs" or ".cml" or ".txt" && !f.Contains("obj", StringComparison.Ordinal)
                    && Path.GetFileName(f) != "CodePageTests.cs").Select(File.ReadAllText),
        ];
        Assert.Empty(CodePages.All.Where(page => page.Example is null && !others.Contains(page.Code)
            && !texts.Any(t => t.Contains(page.Code, StringComparison.Ordinal) || t.Contains(names[page.Code], StringComparison.Ordinal)))
            .Select(page => page.Code));
    }

    [Fact]
    public void Most_codes_have_an_example() => Assert.InRange(CodePages.All.Count(page => page.Example is not null), 220, 1000);

    /// <summary>Of files, networks, passes and engines: what no file and no call can provoke.</summary>
    [Fact]
    public void Without_an_example_is_only_what_a_machine_has_to_fail_at()
    {
        (string Code, string Why)[] without =
        [
            ("CML0709", "a driver has to fail while it works"),
            ("CML0710", "a device's compiler has to refuse a kernel of ours"),
            ("CML0752", "ONNX Runtime's native library has to be missing"),
        ];
        Assert.Equal(without.Select(w => w.Code), CodePages.All
            .Where(page => page.Example is null && string.CompareOrdinal(page.Code, "CML0800") < 0).Select(page => page.Code));
    }

    /// <summary>What an example names lies in its folder, there already or written by the command.</summary>
    private static string InFolder(TemporaryFolder folder, string word, string before)
    {
        string[] outputs = ["-o", "--output", "--transcript", "--values"], others = ["out", "run.json", "none"];
        int start = word.IndexOf('=', StringComparison.Ordinal) + 1;
        string path = word[start..], first = path.Split('/')[0];
        bool isOwn = outputs.Contains(before) || others.Contains(first) || (first.Length > 0 && Path.Exists(folder[first]));
        return isOwn ? word[..start] + folder[path] : word;
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
