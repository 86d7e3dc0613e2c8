using CortexMl.Passes;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Compiling warns once of an output whose parts are too far apart for the bits that it has, and of no other.</summary>
public sealed class JoinedOutputTests : IDisposable
{
    private const string Warning = "warning CML0535";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 24 bits have 256 steps for what is 32768 times smaller, 16 bits one for each 128.
    [Theory]
    [InlineData("1000", 0)]
    [InlineData("1000000", 1)]
    [InlineData("1000", 1, "--output-precision", "16")]
    [InlineData("1000000", 1, "--output-precision", "16")]
    [InlineData("100", 0, "--output-precision", "16")]
    [InlineData("1000", 1, "--passes", "…,quantize{output=12},…")]
    [InlineData("1000000", 0, "--passes", "default,-check-joins", "--output-precision", "16")]
    public void Told_once_where_steps_are_few(string factor, int times, params string[] options)
    {
        string model = _folder.Write("joined.cml", $$"""
            graph @joined(%x: f32[1, 2]) {
              @c: f32[2] = [{{factor}}, {{factor}}]
              %a = nn.mul(%x, @c)
              %b = nn.concat(%x, %a) {axis = 1}
              return %b
            }
            """);
        string Words(string word) =>
            word[0] == '…' ? DefaultPipeline.Text.Replace(",quantize,", word.Trim('…'), StringComparison.Ordinal) : word;
        var run = CliRun.Of(["compile", model, "-o", _folder["out"], "--random-data", "4", .. options.Select(Words)]);
        Assert.Equal((0, times), (run.Exit, run.Error.Split(Warning).Length - 1));
    }
}
