using CortexMl.Golden;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Searching;

/// <summary>A search of the command, in one process and as jobs.</summary>
internal sealed class JobDriver : IDisposable
{
    private static readonly string s_lenet = Repository.Path("golden", "models", "mnist-lenet");

    public JobDriver(params string[] search) => Words =
    [
        s_lenet, "--data", Path.Combine(s_lenet, "calibration.npy"), "--samples", "24", "--scale", "1/255",
        "--test", Path.Combine(s_lenet, "test-images.npy"), "--limit", "30", .. search,
    ];

    /// <summary>Model, data and search, without a place for the result.</summary>
    public IReadOnlyList<string> Words { get; }

    public TemporaryFolder Folder { get; } = new();

    public string Plan => Folder["plan"];

    public string Results => Path.Combine(Plan, "results");

    public IReadOnlyList<string> Lines => File.ReadAllLines(Path.Combine(Plan, "jobs.txt"));

    public void Dispose() => Folder.Dispose();

    public CliRun InOneProcess(string to = "one") => CliRun.Of(["compile", .. Words, "-o", Folder[to]]);

    public CliRun MakePlan(params string[] more) => CliRun.Of(["compile", .. Words, "-o", Folder["jobs"], "--plan-jobs", Plan, .. more]);

    public CliRun GoOn(params string[] more) => CliRun.Of(["compile", "--from-jobs", Plan, .. more]);

    public static CliRun Make(string line)
    {
        var words = CommandLineText.Words(line);
        Assert.Equal("cortexml", words[0]);
        return CliRun.Of([.. words.Skip(1)]);
    }

    /// <summary>Runs the jobs of every round, in the reverse of their order.</summary>
    /// <returns>Rounds.</returns>
    public int RunAll(out CliRun last)
    {
        for (int round = 1; ; round++)
        {
            foreach (string line in Lines.Reverse())
            {
                var run = Make(line);
                Assert.True(run.Exit == 0, $"{line}\n{run.Error}");
            }
            last = GoOn();
            if (last.Exit != 4) return round;
            Assert.True(round < 20, "no end");
        }
    }

    public void AssertSame(string one = "one", string jobs = "jobs")
    {
        string[] Names(string folder) => [.. Directory.GetFiles(Folder[folder]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        Assert.Equal(Names(one), Names(jobs));
        Assert.Contains("report.html", Names(one));
        Assert.All(Names(one), name =>
            Assert.Equal(File.ReadAllBytes(Folder[$"{one}/{name}"]), File.ReadAllBytes(Folder[$"{jobs}/{name}"])));
    }
}
