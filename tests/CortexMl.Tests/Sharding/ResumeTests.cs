using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Sharding;

/// <summary>What --resume keeps and what it computes again, and calls that cannot be cut.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly ShardedData _data = new("npy", count: 6, seed: 1);

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_whole_part_of_this_run_is_kept()
    {
        string part = _data.Part(1, 2);
        var written = File.GetLastWriteTimeUtc(part);
        var run = Resume(part);
        Assert.Equal((0, written), (run.Exit, File.GetLastWriteTimeUtc(part)));
        Assert.Contains("note CML1208: '1-of-2.part' is kept: shard 1/2 of this run, whole", run.Error);
    }

    [Fact]
    public void A_damaged_part_is_computed_again()
    {
        string part = _data.Part(1, 2);
        byte[] whole = File.ReadAllBytes(part);
        File.WriteAllBytes(part, whole[..100]);
        var run = Resume(part);
        Assert.Contains("note CML1209: '1-of-2.part' is computed again: the part is damaged", run.Error);
        Assert.Equal(whole, File.ReadAllBytes(part));
    }

    [Fact]
    public void A_part_of_another_shard_or_run_is_computed_again()
    {
        string part = _data.Part(2, 2);
        Assert.Contains("note CML1209: '2-of-2.part' is computed again: it is shard 2/2, wanted is 1/2", Resume(part).Error);
        Assert.Contains("note CML1208", Resume(part).Error);
        string told = Resume(part, "--samples", "4").Error;
        Assert.Contains("note CML1209: '2-of-2.part' is computed again: other options: '--scale=1/255' (", told);
    }

    [Fact]
    public void Without_a_shard_there_is_nothing_to_resume() =>
        Assert.Contains("error CML0940: --resume is about parts", _data.Calibrate("-o", _data.Folder["x.json"], "--resume").Error);

    [Fact]
    public void Nothing_half_written_is_left_where_a_shard_fails()
    {
        File.WriteAllBytes(_data.Folder["data.npy"], File.ReadAllBytes(_data.Folder["data.npy"])[..^1]);
        Assert.Equal(2, _data.Calibrate("-o", _data.Folder["x.part"], "--shard", "1/2").Exit);
        Assert.Equal(["data.npy", "small.cml"], _data.Folder.Listing);
    }

    [Theory]
    [InlineData("error CML1206: this calibration cannot be cut into shards: samples of a stream depend on those before them", "--stream")]
    [InlineData("error CML1206: this calibration cannot be cut into shards: the pipeline calibrates several times",
        "--passes", "check-forms,calibrate,calibrate,measure-layers")]
    [InlineData("error CML1206: this calibration cannot be cut into shards: the pipeline calibrates nothing", "--passes", "check-forms")]
    [InlineData("error CML1207: '3/2' is no shard", "--shard", "3/2")]
    public void A_call_that_cannot_be_cut_is_refused(string told, params string[] more)
    {
        string[] shard = more.Contains("--shard") ? [] : ["--shard", "1/2"];
        var run = _data.Calibrate(["-o", _data.Folder["x.part"], .. shard, .. more]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(told, run.Error);
    }

    [Fact]
    public void A_model_from_standard_input_cannot_be_cut()
    {
        string text = File.ReadAllText(_data.Model), data = _data.Folder["data.npy"];
        var run = CliRun.With(text, "calibrate", "-", "--data", data, "--shard", "1/2", "-o", "x");
        Assert.StartsWith("error CML1206: a model from standard input or a pipe cannot be cut", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data", "error CML1205: what is opened is not what the parts were made of: other data: 'data.npy (5 x")]
    [InlineData("model", "error CML1205: what is opened is not what the parts were made of: other model: 'small' (")]
    [InlineData("sample", "error CML1205: sample 'sample 3 of data.npy' is another one than a part saw under its index")]
    public void Merging_opens_what_the_parts_were_made_of(string what, string told)
    {
        string[] parts = _data.Parts(2);
        byte[] npy = File.ReadAllBytes(_data.Folder["data.npy"]);
        using var other = new ShardedData("npy", count: 5, seed: 1);
        if (what == "data") File.Copy(other.Folder["data.npy"], _data.Folder["data.npy"], overwrite: true);
        else if (what == "model")
            File.WriteAllText(_data.Model, File.ReadAllText(_data.Model).Replace("(11)", "(12)", StringComparison.Ordinal));
        else
        {
            npy[^(2 * 3 * 32 * 32 + 5)] ^= 1;
            File.WriteAllBytes(_data.Folder["data.npy"], npy);
        }
        var run = _data.Merge(parts);
        Assert.Equal(2, run.Exit);
        Assert.StartsWith(told, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_data.Folder["merged.json"]));
    }

    [Fact]
    public void A_plugin_that_the_parts_had_not_is_refused_before_it_is_loaded()
    {
        string plugin = _data.Folder.Write("other.dll", "no library");
        var run = _data.Merge(_data.Parts(2), "--plugin", plugin);
        Assert.Equal(2, run.Exit);
        Assert.Equal("error CML1205: the parts were made with no plugin, and others are named\n  help: leave --plugin out\n", run.Error);
    }

    private CliRun Resume(string part, params string[] more)
    {
        string[] call = ["calibrate", _data.Model, "--data", _data.Folder["data.npy"], "--scale", "1/255"];
        return CliRun.Of([.. call, "-o", part, "--shard", "1/2", "--resume", .. more]);
    }
}
