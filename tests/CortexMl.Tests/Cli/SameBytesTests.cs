using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>
/// A model and its data are enough to make the same files again, on a processor with other instructions too: those of a network that 8 bits
/// are enough for, and of one whose layers get other forms by what choose-widths measures in float.
/// </summary>
public sealed class SameBytesTests(SameBytesTests.Here here) : IClassFixture<SameBytesTests.Here>
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512=0", "DOTNET_EnableAVX512F=0")]
    [InlineData("DOTNET_EnableAVX2=0")]
    [InlineData("DOTNET_EnableHWIntrinsic=0")]
    [InlineData("DOTNET_PROCESSOR_COUNT=1")]
    [InlineData("DOTNET_PROCESSOR_COUNT=2")]
    [InlineData("DOTNET_EnableAVX2=0", "DOTNET_PROCESSOR_COUNT=1", "LC_ALL=tr_TR.UTF-8")]
    [InlineData("LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8")]
    public void Files_are_the_same_whatever_the_processor_and_the_language(params string[] settings)
    {
        using var there = new TemporaryFolder();
        here.Compile(settings, there);
        foreach (string name in Here.Networks)
        {
            string[] files = [.. Directory.GetFiles(here.Folder[name]).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
            Assert.Contains("params", files);
            foreach (string file in files)
                Assert.Equal(File.ReadAllBytes(here.Folder[$"{name}/{file}"]), File.ReadAllBytes(there[$"{name}/{file}"]));
        }
    }

    [Fact]
    public void One_of_the_networks_gets_15_bits_and_centred_data() => Assert.Matches(NoisyNetwork.Told, here.Told);

    /// <summary>The networks compiled as this machine does it.</summary>
    public sealed class Here : IDisposable
    {
        public static readonly IReadOnlyList<string> Networks = ["lenet", "noisy", "judged"];

        private static readonly string s_lenet = Repository.Path("golden", "models", "mnist-lenet");

        private readonly TemporaryFolder _inputs = new();

        public Here()
        {
            File.WriteAllText(_inputs["net.cml"], NoisyNetwork.Text);
            NpyWriter.Write(_inputs["data.npy"], NoisyNetwork.Samples(8));
            Told = Compile([], Folder);
        }

        internal TemporaryFolder Folder { get; } = new();

        /// <summary>What compiling the noisy network told.</summary>
        public string Told { get; }

        public void Dispose()
        {
            _inputs.Dispose();
            Folder.Dispose();
        }

        /// <returns>What compiling the noisy network told.</returns>
        internal string Compile(string[] settings, TemporaryFolder to)
        {
            Run(
                settings, Path.Combine(s_lenet, "mnist-lenet-symbol.json"), "-o", to["lenet"], "--samples", "40", "--scale", "1/255",
                "--data", Path.Combine(s_lenet, "calibration.npy"));
            Run(
                settings, _inputs["net.cml"], "-o", to["judged"], "--data", _inputs["data.npy"], "--passes",
                DefaultPipeline.Text.Replace(",calibrate,", ",calibrate{method=auto},", StringComparison.Ordinal));
            return Run(settings, [_inputs["net.cml"], "-o", to["noisy"], "--data", _inputs["data.npy"], .. NoisyNetwork.Target]);
        }

        private static string Run(string[] settings, params string[] words)
        {
            var environment = settings.Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]);
            var run = CliProcess.Run([.. CliProcess.Words, "compile", .. words], environment);
            Assert.True(run.Exit == 0, run.Error);
            return run.Error;
        }
    }
}
