using CortexMl.Files;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Files;

/// <summary>A container without devices: no /dev/urandom.</summary>
public sealed class NothingRandomTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void What_is_written_needs_nothing_random()
    {
        foreach (string words in new[]
        {
            "sample mnist-dapp -o digits --quiet",
            "compile digits -o out --data digits/calibration.npy --limit 8 --scale 1/255 --quiet",
            "run out --data digits/test-images.npy --limit 2 --quiet",
        })
        {
            var done = Without(words);
            Assert.Equal((0, ""), (done.Exit, done.Error));
        }
    }

    [Fact]
    public void Names_of_what_is_not_finished_are_different_on_all_threads()
    {
        string[] names = new string[1000];
        Parallel.For(0, names.Length, i => names[i] = PartialName.New());
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.True(PartialName.Is(name), name));
    }

    /// <summary>The command where /dev has nothing but null.</summary>
    private CliProcess Without(string words)
    {
        const string Root = "unshare --user --map-root-user --mount sh -c 'mount -t tmpfs none /dev && : > /dev/null";
        Skip.If(CliProcess.Shell($"{Root}'").Exit != 0, "needs unshare, and a system that allows it");
        return CliProcess.Shell($"{Root} && exec \"$@\"' sh {CliProcess.Quoted} {words}", _folder.Path);
    }
}
