using CortexMl.Data;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Data;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Sharding;

/// <summary>A shard reads its own samples and nothing of others'; what it says of them is what one run says.</summary>
public sealed class ShardReadingTests
{
    [Theory]
    [InlineData("folder")]
    [InlineData("pattern")]
    public void Images_of_other_shards_are_not_opened(string kind)
    {
        using var data = new ShardedData(kind, count: 9, seed: 3);
        byte[] part = File.ReadAllBytes(data.Part(2, 3));
        // Classes come one behind the other: the second shard's samples are the fourth to sixth of all files in that order.
        string[] files = [.. Directory.GetFiles(data.Folder["images"], "*.ppm", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        foreach (string other in files.Where((_, i) => i is < 3 or > 5)) Poison(other);
        Assert.Equal(part, File.ReadAllBytes(data.Part(2, 3)));
        Assert.NotEqual(0, data.Calibrate("--shard", "1/3", "-o", data.Folder["x.part"]).Exit);
    }

    [Theory]
    [InlineData("npy")]
    [InlineData("idx")]
    [InlineData("raw")]
    [InlineData("records")]
    [InlineData("npz")]
    public void A_range_is_what_reading_all_gives(string kind)
    {
        using var data = new ShardedData(kind, count: 7, seed: 8);
        string file = Directory.GetFiles(data.Folder.Path, "data.*").Single();
        var options = new DataOptions(file) { Shape = kind == "raw" ? Shape.Of(3, 32, 32) : null };
        SampleSource Open() => SampleSource.Open(options, [("data", Shape.Of(1, 3, 32, 32))]);
        var all = Open().Read().ToList();
        Assert.Equal(7, all.Count);
        Same(all[2..5], Open().Read(2, 3));
        Same([all[1], all[4], all[6]], Open().Read([1, 4, 6]));
        Assert.Equal(all[6].Name, Open().ReadOne(6).Name);
    }

    [Fact]
    public void A_file_of_more_than_memory_is_opened_and_a_sample_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder["large.npy"];
        // Three gigabytes that take no disk: 250,000 samples of 3·64·64.
        byte[] head = Head(Given.Npy(Tensor.Create(Shape.Of(0, 3, 64, 64), Array.Empty<byte>())), "(0, 3, 64, 64)", "(250000, 3, 64, 64)");
        using (var file = File.Create(path))
        {
            file.Write(head);
            file.SetLength(head.Length + 250_000L * 3 * 64 * 64);
            file.Position = file.Length - 1;
            file.WriteByte(7);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        var source = SampleSource.Open(new DataOptions(path), [("data", Shape.Of(1, 3, 64, 64))]);
        var last = source.Read(249_999, 1).Single();
        Assert.Equal(7, last.Inputs[0].Data[^1]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    private static byte[] Head(byte[] npy, string shape, string larger)
    {
        string text = System.Text.Encoding.Latin1.GetString(npy)
            .Replace($"{shape}, }}".PadRight(larger.Length + 3), $"{larger}, }}", StringComparison.Ordinal);
        Assert.Contains(larger, text, StringComparison.Ordinal);
        return System.Text.Encoding.Latin1.GetBytes(text);
    }

    private static void Same(IReadOnlyList<Sample> expected, IEnumerable<CortexMl.Passes.Sample> actual)
    {
        foreach (var (one, other) in expected.Zip(actual.ToList(), (a, b) => (a, b)))
        {
            Assert.Equal(one.Name, other.Name);
            Assert.Equal(one.Label, other.Label);
            Assert.Equal(one.Inputs[0].Data, other.Inputs[0].Data);
        }
    }

    /// <summary>Of the same length, so that the listing is the same, and no image any more.</summary>
    private static void Poison(string path) => File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
}
