using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Data;

/// <summary>What a user gets to read when the data is not what the network needs.</summary>
public sealed class BadDataTests : IDisposable
{
    private static readonly Shape Mnist = Shape.Of(1, 1, 28, 28);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Npy(Tensor tensor) => _folder.Write("x.npy", Given.Npy(tensor));

    [Fact]
    public void Missing_file() => Assert.Equal(
        "error CML0101: there is no file 'no-such-file.npy'\n  help: check the path; it is relative to the current folder",
        Given.Error("no-such-file.npy", Mnist));

    [Fact]
    public void Not_what_the_name_says() => Assert.Equal(
        "error CML0104: this is not a .npy file: it does not begin with \\x93NUMPY\n  --> x.npy, byte 0",
        Given.Error(_folder.Write("x.npy", "{\"nodes\": []}"), Mnist));

    [Fact]
    public void Not_an_image() => Assert.Equal(
        "error CML0808: this is not a PNG, JPEG, BMP, GIF, WebP, PPM or PGM image\n  --> x.png",
        Given.Error(_folder.Write("x.png", "II*"), Mnist));

    [Fact]
    public void Of_no_known_kind() => Assert.Equal(
        "error CML0801: what kind of data 'x.dat' is cannot be told from its name, its first bytes or its length\n  --> x.dat\n" +
        "  help: known are .npy, .npz, IDX, CIFAR records, PNG, JPEG, BMP, GIF, WebP, PPM, folders and patterns of images, "
        + "and raw binary with --shape and --dtype",
        Given.Error(_folder.Write("x.dat", "hello"), Mnist));

    [Fact]
    public void Of_another_shape() => Assert.Equal(
        "error CML0803: sample 0 of x.npy has shape [3, 32, 32]; input 'data' takes [1, 1, 28, 28]\n  help: change the "
        + "channels: --channels gray",
        Given.Error(Npy(Tensor.Zeros<byte>(Shape.Of(4, 3, 32, 32))), Mnist));

    [Fact]
    public void With_channels_behind() => Assert.Equal(
        "error CML0803: sample 0 of x.npy has shape [32, 32, 3]; input 'data' takes [1, 3, 32, 32]\n  help: say where the "
        + "channels are: --layout nhwc",
        Given.Error(Npy(Tensor.Zeros<byte>(Shape.Of(4, 32, 32, 3))), Shape.Of(1, 3, 32, 32)));

    [Fact]
    public void Empty() => Assert.StartsWith("error CML0805: ", Given.Error(Npy(Tensor.Zeros<byte>(Shape.Of(0, 28, 28))), Mnist));

    [Fact]
    public void Empty_file() => Assert.StartsWith("error CML0805: the file is empty", Given.Error(_folder.Write("x.bin", ""), Mnist));

    [Fact]
    public void Inputs_with_different_numbers_of_samples()
    {
        var stream = new MemoryStream();
        NpzWriter.Write(stream, [("a", Tensor.Zeros<byte>(Shape.Of(3, 2))), ("b", Tensor.Zeros<byte>(Shape.Of(1, 2)))]);
        string path = _folder.Write("x.npz", stream.ToArray());
        (string, Shape)[] inputs = [("a", Shape.Of(1, 2)), ("b", Shape.Of(1, 2))];
        var error = Assert.Throws<DiagnosticException>(() => SampleSource.Open(new DataOptions(path), inputs));
        Assert.Equal("error CML0803: inputs have different numbers of samples: x.npz[a] (3 x [2] u8), x.npz[b] (1 x [2] u8)\n" +
            "  help: give every array of the file as many samples", error.Message);
    }

    [Fact]
    public void Empty_folder() => Assert.StartsWith("error CML0805: folder ", Given.Error(_folder.Path, Mnist));

    [Fact]
    public void With_nan() => Assert.Equal(
        "error CML0804: sample 1 of x.npy holds NaN at element 1; every number must be finite\n  help: repair the data",
        Given.Error(Npy(Tensor.Create(Shape.Of(2, 2), new[] { 1, 2, 3, float.NaN })), Shape.Of(1, 2)));

    [Fact]
    public void Cut_off_idx()
    {
        byte[] whole = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4];
        for (int length = 0; length < whole.Length; length++)
            Assert.StartsWith("error CML08", Given.Error(_folder.Write("images-idx3-ubyte", whole[..length]), Shape.Of(1, 1, 2, 2)));
        Assert.Equal(
            "error CML0802: the file ends after 19 bytes; its head promises 20\n  --> images-idx3-ubyte, byte 19\n  help: "
            + "the file was cut off: copy it again",
            Given.Error(_folder["images-idx3-ubyte"], Shape.Of(1, 1, 2, 2)));
    }

    [Fact]
    public void No_whole_number_of_raw_records() => Assert.StartsWith(
        "error CML0802: 5 bytes are no whole number of records of 4 bytes ([2, 2] u8)\n  --> x.bin, byte 4",
        Given.Error(_folder.Write("x.bin", "12345"), Shape.Of(1, 1, 2, 2), change: o => o with { Shape = Shape.Of(2, 2) }));

    [Fact]
    public void Fewer_labels_than_samples() => Assert.StartsWith(
        "error CML0806: there are 2 samples, but only 1 label",
        Given.Error(
            Npy(Tensor.Zeros<byte>(Shape.Of(2, 2))), Shape.Of(1, 2), change: o => o with { Labels = _folder.Write("l.txt", "3\n") }));

    [Fact]
    public void A_label_line_that_is_no_number() => Assert.StartsWith(
        "error CML0806: this line is not a class number\n  --> l.txt:2:1",
        Given.Error(
            Npy(Tensor.Zeros<byte>(Shape.Of(2, 2))), Shape.Of(1, 2), change: o => o with { Labels = _folder.Write("l.txt", "3\ncat\n") }));

    [Fact]
    public void Crop_larger_than_the_image() => Assert.StartsWith(
        "error CML0807: --crop 224 is larger than sample 0 of x.npy: 28 x 28",
        Given.Error(Npy(Tensor.Zeros<byte>(Shape.Of(1, 28, 28))), Mnist, new Preprocessing { Crop = 224 }));
}
