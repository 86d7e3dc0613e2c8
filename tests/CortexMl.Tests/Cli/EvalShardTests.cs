using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary><c>eval --shard</c>, and <c>merge</c> of what it writes.</summary>
public sealed class EvalShardTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public EvalShardTests() => Assert.Equal(0, _tiny.Compile("--input-precision", "3").Exit);

    public void Dispose() => _tiny.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void Parts_become_the_JSON_of_one_run(int of)
    {
        string[] words = [_tiny.Model, _tiny.Out, .. Data(), "--labels", _tiny.Labels, "--metric", "cosine"];
        var whole = CliRun.Of(["eval", .. words, "--json"]);
        for (int i = of; i >= 1; i--) Part(i, of, words);
        var merged = CliRun.Of("merge", _tiny.Folder["parts"], "-o", _tiny.Folder["merged.json"]);
        Assert.True(merged.Exit == 0, merged.Error);
        Assert.Equal(whole.Output, File.ReadAllText(_tiny.Folder["merged.json"]));
        Assert.Equal(whole.Error, merged.Error);
        Assert.Equal(whole.Output, CliRun.Of("merge", _tiny.Folder["parts"], "-o", "-").Output);
    }

    [Fact]
    public void The_JSON_of_one_run_goes_to_a_file()
    {
        string[] words = ["eval", _tiny.Model, .. Data(), "--labels", _tiny.Labels];
        Assert.Equal(0, CliRun.Of([.. words, "-o", _tiny.Folder["figures.json"]]).Exit);
        Assert.Equal(CliRun.Of([.. words, "--json"]).Output, File.ReadAllText(_tiny.Folder["figures.json"]));
    }

    // All pictures are one, so that no part of a single picture can know it.
    [Theory]
    [InlineData(0, "CML0812: all 6 samples are the same")]
    [InlineData(255, "CML0812: 6 of 6 samples hold the number 255 everywhere")]
    public void Doubts_about_all_data_are_told_by_merging(byte constant, string told)
    {
        byte[] pixels = [.. Enumerable.Range(0, 16).Select(i => (byte)(constant == 0 ? 37 * i : constant))];
        string odd = _tiny.WriteNpy("odd.npy", Tensor.Create(Shape.Of(6, 4, 4), [.. Enumerable.Repeat(pixels, 6).SelectMany(p => p)]));
        string[] words = [_tiny.Out, "--data", odd, "--scale", "1/255"];
        var whole = CliRun.Of(["eval", .. words, "--json"]);
        Assert.Contains(told, whole.Error);
        for (int i = 1; i <= 6; i++) Assert.DoesNotContain("CML0812", Part(i, 6, words).Error);
        var merged = CliRun.Of("merge", _tiny.Folder["parts"], "-o", "-");
        Assert.Equal((whole.Output, whole.Error), (merged.Output, merged.Error));
    }

    [Fact]
    public void A_part_that_is_there_is_kept()
    {
        string[] words = [_tiny.Out, .. Data(), "--resume"];
        Part(2, 3, words);
        string path = _tiny.Folder["parts/2.part"];
        byte[] first = File.ReadAllBytes(path);
        Assert.Contains("note CML1208: '2.part' is kept: shard 2/3 of this run, whole", Part(2, 3, words).Error);
        File.WriteAllBytes(path, first[..^20]);
        Assert.Contains("note CML1209: '2.part' is computed again: the part is damaged", Part(2, 3, words).Error);
        Assert.Equal(first, File.ReadAllBytes(path));
        Assert.Contains("note CML1209: '2.part' is computed again: other options", Part(2, 3, [.. words, "--limit", "5"]).Error);
    }

    [Fact]
    public void Parts_of_different_calls_do_not_merge()
    {
        Part(1, 2, [_tiny.Out, .. Data()]);
        Part(2, 2, [_tiny.Out, .. Data(), "--labels", _tiny.Labels]);
        var merged = CliRun.Of("merge", _tiny.Folder["parts"], "-o", _tiny.Folder["merged.json"]);
        Assert.Equal(2, merged.Exit);
        Assert.Contains("error CML1202: the part is of another run than the others: other labels", merged.Error);
        Assert.False(File.Exists(_tiny.Folder["merged.json"]));
    }

    [Fact]
    public void Merging_opens_what_the_parts_were_made_of()
    {
        Part(1, 1, [_tiny.Out, .. Data()]);
        string other = _tiny.WriteNpy("other.npy", Tensor.Create(Shape.Of(7, 4, 4), new byte[7 * 16]));
        var merged = CliRun.Of("merge", _tiny.Folder["parts"], "-o", "-", "--data", other);
        Assert.Contains(
            "error CML1205: what is opened is not what the parts were made of: other data: 'other.npy (7 x [4, 4] u8)", merged.Error);
        string moved = _tiny.Folder["moved"];
        Directory.Move(_tiny.Out, moved);
        merged = CliRun.Of("merge", _tiny.Folder["parts"], "-o", "-", "--model", moved);
        Assert.True(merged.Exit == 0, merged.Error);
        Assert.Contains("\"model\": \"out\"", merged.Output);
    }

    [Theory]
    [InlineData("CML1206: --stream", "-o", "x.part", "--stream")]
    [InlineData("CML1206: --differences saves samples", "-o", "x.part", "--differences", "d")]
    [InlineData("CML0940: --shard makes a part, and no file is named for it")]
    [InlineData("CML0940: --json: with --shard the output is a part", "-o", "x.part", "--json")]
    public void What_a_part_cannot_be_is_refused(string told, params string[] more)
    {
        var run = CliRun.Of(["eval", _tiny.Model, _tiny.Out, .. Data(), "--shard", "1/2", .. more]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error " + told, run.Error);
    }

    private CliRun Part(int index, int of, string[] words)
    {
        Directory.CreateDirectory(_tiny.Folder["parts"]);
        var run = CliRun.Of(["eval", .. words, "--shard", $"{index}/{of}", "-o", _tiny.Folder[$"parts/{index}.part"]]);
        Assert.True(run.Exit == 0, run.Error);
        return run;
    }

    private string[] Data() => ["--data", _tiny.Data, "--scale", "1/255"];
}
