using CortexMl.Fuzz;
using Xunit;

namespace CortexMl.Tests.Fuzzing;

public sealed class FuzzerTests
{
    /// <summary>The short run; a long one is <c>dotnet run --project tools/CortexMl.Fuzz -c Release -- --minutes 30 --threads 2</c>.</summary>
    [Fact]
    public void No_reader_is_impressed_by_broken_files()
    {
        using var folder = new TemporaryFolder();
        var report = Fuzzer.Run(new Options { Inputs = 150, Seed = 2, Out = folder.Path });
        Assert.True(report.Findings.Count == 0, report.ToString());
        Assert.All(report.Tallies, t => Assert.Equal(150, t.Tally.Inputs));
        Assert.All(report.Tallies, t => Assert.InRange(t.Tally.Accepted, 1, 149));
    }
}
