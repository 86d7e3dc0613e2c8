using CortexMl.Cli.Samples;
using CortexMl.Golden;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary><c>cortexml sample</c>: the files of golden/models out of the command itself, and the compilation that it names.</summary>
public sealed class SampleCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mnist-dapp", 993)]
    [InlineData("words", 929)]
    public void A_sample_is_that_of_the_repository_and_compiles_as_it_says(string name, int right)
    {
        string folder = _folder["the sample"];
        var written = CliRun.Of("sample", name, "-o", folder);
        Assert.Equal((0, ""), (written.Exit, written.Error));
        string golden = Repository.Path("golden", "models", name);
        foreach (string file in Directory.GetFiles(golden))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(file))));

        var compiled = CliRun.Of([.. CommandLineText.Words(written.Output.TrimEnd('\n')).Skip(1)]);
        Assert.True(compiled.Exit == 0, compiled.Error);
        Assert.Contains($"{right / 10.0:0.0}", compiled.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "out", "symbol")));
    }

    [Fact]
    public void Samples_are_listed_and_others_refused()
    {
        Assert.Equal(EmbeddedSample.All.Count, CliRun.Of("sample").Output.TrimEnd('\n').Split('\n').Length);
        Assert.Contains("error CML0940: there is no sample 'mnist-dap'\n  help: did you mean 'mnist-dapp'?",
            CliRun.Of("sample", "mnist-dap").Error);
        Assert.Contains("several files cannot go to standard output", CliRun.Of("sample", "words", "-o", "-").Error);
    }

    [Fact]
    public void What_the_command_carries_is_small() => Assert.InRange(
        EmbeddedSample.All.SelectMany(sample => sample.Files()).Sum(Size), 1, 3_000_000);

    private static long Size(CortexMl.Files.OutputFile file)
    {
        using var stream = new MemoryStream();
        file.Write(stream);
        return stream.Length;
    }
}
