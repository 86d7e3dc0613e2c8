using CortexMl.Runs;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Networks that the program brings: what is written compiles, without anything else being there.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mnist-dapp", 0.99)]
    [InlineData("words", 0.9)]
    public void A_sample_compiles_as_its_run_file_says(string name, double least)
    {
        var written = CliRun.Of("sample", name, "-o", _folder[name]);
        Assert.Equal((0, ""), (written.Exit, written.Output));
        Assert.Contains($"cortexml compile {_folder[name]}", written.Error, StringComparison.Ordinal);
        var compiled = CliRun.Of("compile", Path.Combine(_folder[name], RunFile.FileName), "--json");
        Assert.True(compiled.Exit == 0, compiled.Error);
        using var report = System.Text.Json.JsonDocument.Parse(compiled.Output);
        var accuracy = report.RootElement.GetProperty("accuracy");
        Assert.Equal(1000, accuracy.GetProperty("count").GetInt32());
        Assert.InRange(accuracy.GetProperty("results")[1].GetProperty("top1").GetDouble(), least, 1);
        Assert.True(File.Exists(Path.Combine(_folder[name], "out", "symbol")));
    }

    [Fact]
    public void Its_files_are_those_of_the_repository()
    {
        CliRun.Of("sample", "mnist-dapp", "-o", _folder["digits"], "--quiet");
        string[] files = ["calibration.npy", "mnist-dapp-0000.params", "mnist-dapp-symbol.json", "test-images.npy", "test-labels.npy"];
        foreach (string file in files)
            Assert.Equal(
                File.ReadAllBytes(Repository.Path("golden", "models", "mnist-dapp", file)), File.ReadAllBytes(_folder[$"digits/{file}"]));
    }

    [Fact]
    public void What_is_there_stays_unless_it_is_to_be_replaced()
    {
        _folder.Write("words/data.npy", "mine");
        var refused = CliRun.Of("sample", "words", "-o", _folder["words"]);
        Assert.Equal(2, refused.Exit);
        Assert.Contains("holds already: data.npy", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder["words/data.npy"]));
        Assert.Equal(0, CliRun.Of("sample", "words", "-o", _folder["words"], "--replace", "--quiet").Exit);
        Assert.NotEqual("mine", File.ReadAllText(_folder["words/data.npy"]));
    }

    [Fact]
    public void Samples_are_listed_and_others_refused()
    {
        Assert.StartsWith("mnist-dapp ", CliRun.Of("sample").Output, StringComparison.Ordinal);
        Assert.StartsWith("error CML0940: there is no sample 'mnist-dap'", CliRun.Of("sample", "mnist-dap", "-o", _folder["x"]).Error,
            StringComparison.Ordinal);
        Assert.StartsWith("error CML0940: several files cannot go to standard output", CliRun.Of("sample", "words", "-o", "-").Error,
            StringComparison.Ordinal);
    }
}
