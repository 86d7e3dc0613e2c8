using System.Buffers.Binary;
using System.IO.Compression;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Data;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Sharding;

/// <summary>A small network, and the same kind of random samples in every form that data can have.</summary>
internal sealed class ShardedData : IDisposable
{
    private const int Channels = 3, Side = 32, Elements = Channels * Side * Side;

    private const string Network = """
        graph @small(%data: f32[1, 3, 32, 32]) {
          @w: f32[4, 3, 3, 3] = random(7)
          @b: f32[4] = [0.25, -0.5, 0, 1]
          @d: f32[5, 256] = random(11)
          %conv = nn.conv2d(%data, @w, @b) {kernel = [3, 3], strides = [4, 4]}
          %relu = nn.relu(%conv)
          %flat = nn.flatten(%relu)
          %fc = nn.dense(%flat, @d)
          return %fc
        }

        """;

    private readonly string[] _data;

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    public ShardedData(string kind, int count, int seed)
    {
        Model = Folder.Write("small.cml", Network);
        _data = Written(kind, count, new Random(seed));
    }

    public static IReadOnlyList<string> Kinds { get; } =
        ["npy", "big-endian npy", "float npy", "fortran npy", "idx", "idx.gz", "npz", "records", "raw", "folder", "pattern"];

    public TemporaryFolder Folder { get; } = new();

    public string Model { get; }

    public void Dispose() => Folder.Dispose();

    public CliRun Calibrate(params string[] more) =>
        CliRun.Of(["calibrate", Model, "--data", .. _data, "--scale", "1/255", "--quiet", .. more]);

    /// <summary>The calibration file of one run.</summary>
    public byte[] Whole(params string[] more)
    {
        var run = Calibrate(["-o", Folder["whole.json"], .. more]);
        Assert.True(run.Exit == 0, run.Error);
        return File.ReadAllBytes(Folder["whole.json"]);
    }

    /// <summary>Parts of all shards, in their order.</summary>
    public string[] Parts(int of, params string[] more) => [.. Enumerable.Range(1, of).Select(i => Part(i, of, more))];

    public string Part(int index, int of, params string[] more)
    {
        string part = Folder[$"{index}-of-{of}.part"];
        var run = Calibrate(["-o", part, "--shard", $"{index}/{of}", .. more]);
        Assert.True(run.Exit == 0, run.Error);
        return part;
    }

    public CliRun Merge(IEnumerable<string> parts, params string[] more) =>
        CliRun.Of(["merge", .. parts, "-o", Folder["merged.json"], "--quiet", .. more]);

    public byte[] Merged(IEnumerable<string> parts, params string[] more)
    {
        var run = Merge(parts, more);
        Assert.True(run.Exit == 0, run.Error);
        return File.ReadAllBytes(Folder["merged.json"]);
    }

    private string[] Written(string kind, int count, Random random)
    {
        byte[] bytes = new byte[count * Elements];
        random.NextBytes(bytes);
        var shape = Shape.Of(count, Channels, Side, Side);
        switch (kind)
        {
            case "npy": return [Folder.Write("data.npy", Given.Npy(Tensor.Create(shape, bytes)))];
            case "big-endian npy": return [Folder.Write("data.npy", BigEndian(Tensor.Create(shape, Wide(bytes))))];
            case "float npy": return [Folder.Write("data.npy", Given.Npy(Tensor.Create(shape, Array.ConvertAll(bytes, b => b / 3f - 20))))];
            case "fortran npy": return [Folder.Write("data.npy", Replaced(Given.Npy(Tensor.Create(shape, bytes)), "False", "True "))];
            case "idx": return [Folder.Write("data.idx", Idx(shape, bytes))];
            case "idx.gz": return [Folder.Write("data.idx.gz", Packed(Idx(shape, bytes)))];
            case "npz": return [Folder.Write("data.npz", Npz(Given.Npy(Tensor.Create(shape, bytes))))];
            case "raw": return [Folder.Write("data.bin", bytes), "--shape", "3,32,32"];
            case "records":
                return [Folder.Write("data.bin", [.. bytes.Chunk(Elements).SelectMany((sample, i) => sample.Prepend((byte)(i % 10)))])];
            default:
                foreach (var (i, sample) in bytes.Chunk(Elements).Index()) Image(ImageName(kind, i), sample);
                return [kind == "folder" ? Folder["images"] : Folder["images/*.ppm"]];
        }
    }

    /// <summary>Of a folder two classes, so that the order is that of the classes' names first.</summary>
    private static string ImageName(string kind, int index) =>
        kind == "folder" ? $"images/{(index % 2 == 0 ? "cat" : "dog")}/{index:d4}.ppm" : $"images/{index:d4}.ppm";

    private void Image(string name, byte[] pixels) => Folder.Write(name, [.. "P6 32 32 255\n"u8, .. pixels]);

    private static ushort[] Wide(byte[] bytes) => Array.ConvertAll(bytes, b => (ushort)(b * 200));

    private static byte[] BigEndian(Tensor<ushort> tensor)
    {
        byte[] bytes = Replaced(Given.Npy(tensor), "<u2", ">u2");
        int start = bytes.Length - 2 * tensor.Length;
        for (int i = 0; i < tensor.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(start + 2 * i), tensor.Data[i]);
        return bytes;
    }

    private static byte[] Idx(Shape shape, byte[] elements)
    {
        byte[] head = [0, 0, 8, 4, .. new byte[16]];
        for (int axis = 0; axis < 4; axis++) BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + 4 * axis), shape[axis]);
        return [.. head, .. elements];
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Npz(byte[] npy)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("data.npy").Open()) entry.Write(npy);
        return packed.ToArray();
    }

    private static byte[] Replaced(byte[] bytes, string text, string by)
    {
        int at = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(text));
        System.Text.Encoding.ASCII.GetBytes(by.PadRight(text.Length), bytes.AsSpan(at));
        return bytes;
    }
}
