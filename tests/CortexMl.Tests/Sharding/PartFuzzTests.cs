using CortexMl.Diagnostics;
using CortexMl.Passes.Calibrate.Parts;
using CortexMl.Sharding;
using CortexMl.Text;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Sharding;

/// <summary>Parts that were changed and sealed again, as somebody would who means harm: they are read, or refused with a code.</summary>
public sealed class PartFuzzTests : IDisposable
{
    // Of parts, data, options and files, and of passes: thresholds that no layer can have are refused where it is quantized.
    private static readonly string[] s_codes =
    [
        "CML1200", "CML1201", "CML1202", "CML1203", "CML1205", "CML0802", "CML0940", "CML0934", "CML0101", "CML0806", "CML0807", "CML0532",
    ];

    private readonly ShardedData _data = new("npy", count: 4, seed: 9);

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Changed_bytes_under_a_new_seal_are_read_or_refused_with_a_code()
    {
        byte[] whole = File.ReadAllBytes(_data.Part(1, 1));
        string part = _data.Folder["changed.part"];
        Gen.Select(Gen.Int[32, whole.Length - 70], Gen.Byte, Gen.Int[0, 3]).Sample((at, value, how) =>
        {
            byte[] changed = how switch
            {
                0 => [.. whole[..at], .. whole[(at + 1)..]],
                1 => [.. whole[..at], value, .. whole[at..]],
                2 => [.. whole[..at], .. whole[(at / 2)..]],
                _ => [.. whole[..at], value, .. whole[(at + 1)..]],
            };
            PartDigest.Seal(changed);
            File.WriteAllBytes(part, changed);
            var run = _data.Merge([part]);
            Assert.True(run.Exit is 0 or 2, run.Error);
            if (run.Exit != 0) Assert.True(s_codes.Any(code => run.Error.Contains($"error {code}: ", StringComparison.Ordinal)), run.Error);
        }, iter: 150, threads: 1);
    }

    [Fact]
    public void Statistics_that_are_cut_or_changed_are_refused_or_read_and_never_more()
    {
        var graph = TextParser.ParseOne(File.ReadAllText(_data.Model));
        byte[] bytes = CalibrationStatistics.Empty(graph).ToBytes();
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte.Array[0, 40]).Sample((at, more) =>
        {
            byte[] changed = [.. bytes[..at], .. more, .. bytes[at..]];
            try
            {
                CalibrationStatistics.Empty(graph).Merge(changed, 0, 4);
            }
            catch (FormatException)
            {
                // Refused.
            }
        }, iter: 2000, threads: 1);
    }

    [Theory]
    [InlineData("calibrate", "print")]
    [InlineData("--scale=1/255", "--output=x")]
    [InlineData("--scale=1/255", "--trace=trace.json")]
    [InlineData("--scale=1/255", "--plugin=x.dll")]
    [InlineData("--scale=1/255", "--shard=1/2")]
    public void Words_that_are_no_call_of_a_part_are_refused(string word, string other)
    {
        byte[] whole = File.ReadAllBytes(_data.Part(1, 1));
        string text = System.Text.Encoding.UTF8.GetString(whole);
        byte[] changed = System.Text.Encoding.UTF8.GetBytes(text.Replace($"\"{word}\"", $"\"{other}\"", StringComparison.Ordinal));
        PartDigest.Seal(changed);
        string part = _data.Folder.Write("changed.part", changed);
        var run = _data.Merge([part]);
        Assert.Equal(2, run.Exit);
        Assert.StartsWith("error CML1200", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists("trace.json"));
    }
}
