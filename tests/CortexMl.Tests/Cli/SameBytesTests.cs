using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.CommandLines;

/// <summary>A model and its data are enough to make the same files again, on a processor with other instructions too.</summary>
public sealed class SameBytesTests : IDisposable
{
    private static readonly string Lenet = Repository.Path("golden", "models", "mnist-lenet");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("DOTNET_EnableAVX512=0", "DOTNET_EnableAVX512F=0")]
    [InlineData("DOTNET_EnableAVX2=0")]
    [InlineData("DOTNET_EnableHWIntrinsic=0")]
    [InlineData("DOTNET_PROCESSOR_COUNT=1")]
    [InlineData("LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8")]
    public void Files_are_the_same_whatever_the_processor_and_the_language(params string[] settings)
    {
        Compile([], "here");
        Compile(settings, "there");
        foreach (string file in Directory.GetFiles(_folder["here"]).Order(StringComparer.Ordinal))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_folder["there"], Path.GetFileName(file))));
    }

    private void Compile(string[] settings, string output)
    {
        string[] words =
        [
            "compile", Path.Combine(Lenet, "mnist-lenet-symbol.json"), "-o", _folder[output], "--samples", "40", "--scale", "1/255",
            "--data", Path.Combine(Lenet, "calibration.npy"),
        ];
        var environment = settings.Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]);
        var run = CliProcess.Run([.. CliProcess.Words, .. words], environment);
        Assert.True(run.Exit == 0, run.Error);
    }
}
