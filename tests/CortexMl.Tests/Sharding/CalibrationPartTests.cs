using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Sharding;

/// <summary>The calibration that is merged of parts is, byte by byte, that of one run.</summary>
public sealed class CalibrationPartTests
{
    [Fact]
    public void Any_number_of_parts_of_any_data_in_any_order_makes_the_file_of_one_run()
    {
        var draw = Gen.Select(Gen.Int[0, ShardedData.Kinds.Count - 1], Gen.Int[1, 30], Gen.Int[1, 50], Gen.Int);
        draw.Sample((kind, count, of, seed) => Same(ShardedData.Kinds[kind], count, of, seed), iter: 6, threads: 1);
    }

    public static TheoryData<string> Kinds => [.. ShardedData.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_data_can_be_cut(string kind) => Same(kind, count: 11, of: 3, seed: 5);

    [Theory]
    [InlineData("default,calibrate{method=auto}@instead")]
    [InlineData("default,calibrate{method=percentile}@instead")]
    [InlineData("default,calibrate{method=entropy}@instead")]
    public void Every_method_chooses_as_in_one_run(string pipeline) => Same("npy", count: 70, of: 4, seed: 3, "--passes", pipeline);

    [Fact]
    public void Widths_and_rounding_are_chosen_on_the_samples_that_one_run_draws()
    {
        using var folder = new Support.TemporaryFolder();
        string model = folder.Write("net.cml", NoisyNetwork.Text), data = folder["data.npy"];
        string whole = folder["whole.json"], merged = folder["merged.json"];
        NpyWriter.Write(data, NoisyNetwork.Samples(2 * NoisyNetwork.Measured));
        string[] call = ["calibrate", model, "--data", data];
        Assert.Equal(0, CliRun.Of([.. call, "-o", whole]).Exit);
        string[] parts = [.. Enumerable.Range(1, 5).Select(i => folder[$"{i}.part"])];
        foreach (var (i, part) in parts.Index()) Assert.Equal(0, CliRun.Of([.. call, "-o", part, "--shard", $"{i + 1}/5"]).Exit);
        var run = CliRun.Of(["merge", .. parts.Reverse(), "-o", merged]);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains("\"damage\"", File.ReadAllText(whole));
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(merged));
    }

    [Fact]
    public void The_limit_cuts_before_the_shards()
    {
        using var data = new ShardedData("npy", count: 20, seed: 1);
        byte[] whole = data.Whole("--samples", "7");
        Assert.Equal(whole, data.Merged(data.Parts(3, "--samples", "7")));
        Assert.NotEqual(whole, data.Whole());
    }

    [Fact]
    public void A_part_is_the_same_whenever_it_is_made()
    {
        using var data = new ShardedData("folder", count: 6, seed: 2);
        byte[] once = File.ReadAllBytes(data.Part(2, 3));
        Assert.Equal(once, File.ReadAllBytes(data.Part(2, 3)));
    }

    [Fact]
    public void A_folder_and_a_pattern_stand_for_their_parts()
    {
        using var data = new ShardedData("npy", count: 5, seed: 4);
        byte[] whole = data.Whole();
        data.Parts(2);
        Assert.Equal(whole, data.Merged([data.Folder.Path]));
        Assert.Equal(whole, data.Merged([data.Folder["*-of-2.part"]]));
    }

    [Fact]
    public void Model_and_data_may_lie_elsewhere_when_parts_are_merged()
    {
        using var data = new ShardedData("npy", count: 5, seed: 4);
        byte[] whole = data.Whole();
        string[] parts = data.Parts(2);
        Directory.CreateDirectory(data.Folder["moved"]);
        string model = data.Folder["moved/small.cml"], samples = data.Folder["moved/data.npy"];
        File.Move(data.Model, model);
        File.Move(data.Folder["data.npy"], samples);
        Assert.Contains("error CML0101", data.Merge(parts).Error);
        Assert.Equal(whole, data.Merged(parts, "--model", model, "--data", samples));
    }

    private static void Same(string kind, int count, int of, int seed, params string[] more)
    {
        using var data = new ShardedData(kind, count, seed);
        byte[] whole = data.Whole(more);
        string[] parts = data.Parts(of, more);
        new Random(seed).Shuffle(parts);
        Assert.Equal(whole, data.Merged(parts));
    }
}
