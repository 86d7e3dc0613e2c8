using CortexMl.Diagnostics;
using CortexMl.Golden;
using CortexMl.Passes;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.GoldenFiles;

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
        var commands = new TextCommands(PassTable.Registry(), () => new PassServices());
        var failures = GoldenRunner.Run([Repository.Path(file.Split('/'))], filter: null, bless: false, commands, new DiagnosticBag())
            .Where(r => !r.Passed).ToList();
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }
}
