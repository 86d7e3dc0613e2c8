using CortexMl.Golden;
using CortexMl.Numerics;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Searching;

/// <summary>A search of the command, in one process and as jobs.</summary>
internal sealed class JobDriver : IDisposable
{
    // Differences of large numbers: 8 bits of them are much noise.
    private const string Network = """
        graph @net(%data: f32[1, 4, 2, 2]) {
          @a: f32[8, 4, 1, 1] = random(1)
          @c: f32[8] = [9, 9, 9, 9, 9, 9, 9, 9]
          @w: f32[4, 8, 1, 1] = [1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1]
          @b: f32[4, 4, 1, 1] = random(5)
          @v: f32[6, 16] = random(3)
          %x = nn.conv2d(%data, @a, @c) {kernel = [1, 1]}
          %r = nn.relu(%x)
          %y = nn.conv2d(%r, @w) {kernel = [1, 1]}
          %s = nn.conv2d(%y, @b) {kernel = [1, 1]}
          %f = nn.flatten(%s)
          %z = nn.dense(%f, @v)
          return %z
        }
        """;

    public JobDriver(params string[] search) => Words =
    [
        Folder.Write("net.cml", Network), "--data", Write("data.npy", 32, 1), "--test", Write("test.npy", 60, 2), .. search,
    ];

    private JobDriver(IReadOnlyList<string> words) => Words = words;

    /// <summary>The trained network that most commands are shown with.</summary>
    public static JobDriver OfLenet(params string[] search)
    {
        string lenet = Repository.Path("golden", "models", "mnist-lenet");
        return new((IReadOnlyList<string>)
        [
            lenet, "--data", Path.Combine(lenet, "calibration.npy"), "--samples", "24", "--scale", "1/255",
            "--test", Path.Combine(lenet, "test-images.npy"), "--labels", Path.Combine(lenet, "test-labels.npy"), "--limit", "30",
            .. search,
        ]);
    }

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

    private string Write(string name, int count, int seed)
    {
        var random = new SplitMix64(seed);
        float[] numbers = [.. Enumerable.Range(0, count * 16).Select(_ => (float)(2 * random.NextUnit() - 1))];
        NpyWriter.Write(Folder[name], Tensor.Create(Shape.Of(count, 4, 2, 2), numbers));
        return Folder[name];
    }

    public void AssertSame(string one = "one", string jobs = "jobs")
    {
        string[] Names(string folder) =>
            [.. Directory.GetFiles(Folder[folder]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

        Assert.Equal(Names(one), Names(jobs));
        Assert.Contains("symbol", Names(one));
        Assert.All(Names(one), name =>
            Assert.Equal(File.ReadAllBytes(Folder[$"{one}/{name}"]), File.ReadAllBytes(Folder[$"{jobs}/{name}"])));
    }
}
