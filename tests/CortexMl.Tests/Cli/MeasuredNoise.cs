using System.Text.Json;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>What <c>eval --metric db</c> says of a compiled model.</summary>
/// <param name="Decibels">Of its noisiest output, against the float network.</param>
/// <param name="Told">On the error stream.</param>
internal sealed record MeasuredNoise(double Decibels, string Told)
{
    /// <param name="args">The float network, the compiled folder, and options that say what they run on.</param>
    public static MeasuredNoise Of(params string[] args)
    {
        var run = CliRun.Of(["eval", .. args, "--metric", "db", "--json", "--quiet"]);
        Assert.True(run.Exit == 0, run.Error);
        using var result = JsonDocument.Parse(run.Output);
        return new(result.RootElement.GetProperty("metric").GetProperty("results")[1].GetProperty("value").GetDouble(), run.Error);
    }
}
