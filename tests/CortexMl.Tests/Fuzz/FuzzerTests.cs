using CortexMl.Fuzz;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Fuzz;

public sealed class FuzzerTests
{
    /// <summary>
    /// The short run; a long one is <c>dotnet run --project tools/CortexMl.Fuzz -c Release -- --minutes 30 --threads 2</c>.
    /// </summary>
    [Fact]
    public void No_reader_is_impressed_by_broken_files()
    {
        using var folder = new TemporaryFolder();
        var report = Fuzzer.Run(new Options { Inputs = 150, Seed = 2, Out = folder.Path });
        Assert.True(report.Findings.Count == 0, report.ToString());
        Assert.All(report.Tallies, t => Assert.Equal(150, t.Tally.Inputs));
        Assert.All(report.Tallies, t => Assert.InRange(t.Tally.Accepted, 1, 149));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_reader_that_takes_long_gets_its_inputs_all_the_same()
    {
        using var folder = new TemporaryFolder();
        Target Reader(string name, int milliseconds) => new(name, false, [new Seed("seed", [1, 2, 3, 4])], _ => Thread.Sleep(milliseconds));
        var options = new Options { Minutes = 0.1, Out = folder.Path };
        var report = Fuzzer.Run(options, [Reader("slow", 20), Reader("quick", 0)]);
        Assert.Equal(33, options.LeastInputs);
        Assert.All(report.Tallies, t => Assert.True(t.Tally.Inputs >= 33, report.ToString()));
        Assert.Empty(report.Starved);
        Assert.Equal(0, report.ExitCode);
    }

    /// <summary>A machine that stands still for a while is not the reader's fault; a reader that takes long each time is.</summary>
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(1, 0)]
    [InlineData(3, 1)]
    public void An_input_that_takes_long_is_read_again(int slowReadings, int findings)
    {
        using var folder = new TemporaryFolder();
        int readings = 0;
        void Read(Attempt attempt) => Thread.Sleep(readings++ < slowReadings ? 5_100 : 0);
        var reader = new Target("reader", false, [new Seed("seed", [1, 2, 3, 4])], Read);
        var report = Fuzzer.Run(new Options { Inputs = 1, Out = folder.Path }, [reader]);
        Assert.Equal(findings, report.Findings.Count);
        Assert.Equal(slowReadings == 1 ? 2 : 3, readings);
        Assert.Equal(findings, report.ExitCode);
    }

    [Fact]
    public void A_reader_that_got_too_few_is_named()
    {
        var report = new FuzzReport([("onnx", new Tally())], [], TimeSpan.Zero) { LeastInputs = 10_000 };
        Assert.Equal(["onnx"], report.Starved);
        Assert.Equal(1, report.ExitCode);
        Assert.Contains("fewer than 10000 inputs: onnx", report.ToString());
    }
}
