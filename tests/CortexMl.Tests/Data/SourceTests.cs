using System.IO.Compression;
using CortexMl.Data;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Data;

public sealed class SourceTests : IDisposable
{
    private static readonly byte[] IdxImages = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Npy_is_split_along_its_first_axis()
    {
        string path = _folder.Write("x.npy", Given.Npy(Tensor.Create(Shape.Of(2, 1, 1, 2), new byte[] { 1, 2, 3, 4 })));
        var samples = Given.Samples(path, Shape.Of(1, 1, 1, 2));
        Assert.Equal([[1, 2], [3, 4]], samples.Select(s => s.Inputs[0].Data));
        Assert.Equal(Shape.Of(1, 1, 1, 2), samples[0].Inputs[0].Shape);
        Assert.Null(samples[0].Label);
    }

    [Fact]
    public void An_array_that_already_is_the_input_is_one_sample()
    {
        string path = _folder.Write("x.npy", Given.Npy(Tensor.Zeros<float>(Shape.Of(3, 2, 2))));
        Assert.Single(Given.Samples(path, Shape.Of(1, 3, 2, 2)));
    }

    [Fact]
    public void An_input_whose_first_axis_is_no_batch_takes_one_sample_of_its_shape_or_several()
    {
        string one = _folder.Write("x.npy", Given.Npy(Tensor.Zeros<float>(Shape.Of(5, 2))));
        Assert.Equal(Shape.Of(5, 2), Assert.Single(Given.Samples(one, Shape.Of(5, 2))).Inputs[0].Shape);
        string several = _folder.Write("y.npy", Given.Npy(Tensor.Zeros<float>(Shape.Of(3, 5, 2))));
        Assert.Equal(3, Given.Samples(several, Shape.Of(5, 2)).Count);
    }

    [Fact]
    public void Npz_gives_samples_and_labels()
    {
        var stream = new MemoryStream();
        NpzWriter.Write(stream, [("images", Tensor.Zeros<byte>(Shape.Of(2, 2, 2))), ("labels", Tensor.Vector(7, 9))]);
        Assert.Equal([7, 9], Given.Samples(_folder.Write("x.npz", stream.ToArray()), Shape.Of(1, 1, 2, 2)).Select(s => s.Label));
    }

    [Fact]
    public void Npz_serves_a_network_of_two_inputs_by_name()
    {
        var stream = new MemoryStream();
        NpzWriter.Write(stream,
            [("b", Tensor.Create(Shape.Of(2, 1), new float[] { 3, 4 })), ("a", Tensor.Create(Shape.Of(2, 1), new float[] { 1, 2 }))]);
        string path = _folder.Write("x.npz", stream.ToArray());
        var samples = SampleSource.Open(new DataOptions(path), [("a", Shape.Of(1, 1)), ("b", Shape.Of(1, 1))]).Read();
        Assert.Equal([(1f, 3f), (2f, 4f)], samples.Select(s => (s.Inputs[0].Data[0], s.Inputs[1].Data[0])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Idx_is_read_packed_or_not(bool packed)
    {
        string path = _folder.Write("t10k-images-idx3-ubyte", packed ? Gzip(IdxImages) : IdxImages);
        Assert.Equal([[1, 2], [3, 4]], Given.Samples(path, Shape.Of(1, 1, 1, 2)).Select(s => s.Inputs[0].Data));
    }

    [Fact]
    public void Cifar_records_hold_their_labels()
    {
        byte[] records = [7, .. Enumerable.Repeat((byte)5, 3072), 9, .. Enumerable.Repeat((byte)6, 3072)];
        var samples = Given.Samples(_folder.Write("test.bin.gz", Gzip(records)), Shape.Of(1, 3, 32, 32));
        Assert.Equal([(7, 5f), (9, 6f)], samples.Select(s => (s.Label!.Value, s.Inputs[0].Data[3071])));
    }

    [Fact]
    public void Raw_binary_needs_a_shape_and_takes_a_type()
    {
        string path = _folder.Write("x.bin", [1, 0, 2, 0, 3, 0, 4, 0]);
        var samples = Given.Samples(path, Shape.Of(1, 2), change: o => o with { Shape = Shape.Of(2), DType = DType.I16 });
        Assert.Equal([[1, 2], [3, 4]], samples.Select(s => s.Inputs[0].Data));
    }

    [Fact]
    public void Limit_takes_the_first_samples_and_reading_again_starts_over()
    {
        string path = _folder.Write("x.npy", Given.Npy(Tensor.Create(Shape.Of(3, 1), new byte[] { 1, 2, 3 })));
        var source = SampleSource.Open(new DataOptions(path) { Limit = 2 }, [("data", Shape.Of(1, 1))]);
        Assert.Equal("x.npy (3 x [1] u8), first 2", source.Description);
        Assert.Equal([1, 2], source.Read().Select(s => (int)s.Inputs[0].Data[0]));
        Assert.Equal([1, 2], source.Read().Select(s => (int)s.Inputs[0].Data[0]));
    }

    [Theory]
    [InlineData("labels.txt", "7\n9\n")]
    [InlineData("labels-idx1-ubyte", "\0\0\u0008\u0001\0\0\0\u0002\u0007\u0009")]
    public void Labels_come_from_text_or_idx(string name, string content)
    {
        string data = _folder.Write("images-idx3-ubyte", IdxImages), labels = _folder.Write(name, content);
        Assert.Equal([7, 9], Given.Samples(data, Shape.Of(1, 1, 1, 2), change: o => o with { Labels = labels }).Select(s => s.Label));
    }

    [Fact]
    public void Random_samples_are_the_same_for_the_same_seed()
    {
        var shape = Shape.Of(1, 4);
        float[] first = new RandomSamples([shape], 1, seed: 7).Read().Single().Inputs[0].Data;
        Assert.Equal(first, new RandomSamples([shape], 2, seed: 7).Read().First().Inputs[0].Data);
        Assert.All(first, v => Assert.InRange(v, -1f, 1f));
        Assert.Equal(4, first.Distinct().Count());
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
