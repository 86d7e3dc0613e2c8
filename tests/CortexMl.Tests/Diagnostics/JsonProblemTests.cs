using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Diagnostics;

/// <summary>Files that are no JSON are told without words about the reader.</summary>
public sealed class JsonProblemTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{\"a\": }")]
    [InlineData("[1,")]
    public void No_message_speaks_of_the_reader(string text)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("x.json", text);
        string[][] lines =
        [
            ["compile", file, "-o", folder["out"]], ["chain", "decode", "--abi", file, "0x00"],
            ["chain", "decode", "--abi", Support.Repository.Path("golden", "chain", "market.json"), "--log", file],
            ["compile", "none.cml", "-o", folder["out"], "--data", "none.npy", "--calibration", file],
        ];
        foreach (string[] line in lines)
        {
            var run = CliRun.Of(line);
            Assert.Equal(2, run.Exit);
            Assert.DoesNotContain("isFinalBlock", run.Error);
            Assert.DoesNotContain("BytePosition", run.Error);
        }
        Assert.Contains("error CML0202: x.json", CliRun.Of(lines[0]).Error);
        Assert.Contains("no JSON: ", CliRun.Of(lines[2]).Error);
    }
}
