using CortexMl.Diagnostics;
using CortexMl.Golden;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Golden;

/// <summary>Every file of golden/ is a test.</summary>
public sealed class GoldenFileTests
{
    public static TheoryData<string> Files =>
        [.. GoldenFolders.Files(Repository.Path("golden"), new DiagnosticBag())
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Output_is_what_the_file_says(string file)
    {
        var commands = new GoldenCommands();
        var notes = new DiagnosticBag();
        var tests = File.ReadLines(Repository.Path(file.Split('/'))).First() == "//! input" ? []
            : GoldenRunner.Discover([Repository.Path(file.Split('/'))], filter: null, commands, notes);
        var failures = GoldenRunner.Run(tests, commands).Where(r => !r.Passed).ToList();
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }
}
