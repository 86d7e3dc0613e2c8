using CortexMl.Data.Images;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using SkiaSharp;
using Xunit;

namespace CortexMl.Tests.Data;

public sealed class ImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Two pixels, (10, 20, 30) and (40, 50, 60).</summary>
    private static byte[] Encoded(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(2, 1, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.SetPixel(0, 0, new SKColor(10, 20, 30));
        bitmap.SetPixel(1, 0, new SKColor(40, 50, 60));
        return bitmap.Encode(format, 100).ToArray();
    }

    private static byte[] Ppm(params byte[] pixels) => [.. "P6\n# two pixels\n2 1\n255\n"u8, .. pixels];

    [Fact]
    public void Png_becomes_planes()
    {
        var image = ImageFile.Read(_folder.Write("x.png", Encoded(SKEncodedImageFormat.Png)));
        Assert.Equal(Shape.Of(3, 1, 2), image.Shape);
        Assert.Equal(new byte[] { 10, 40, 20, 50, 30, 60 }, image.Data);
    }

    [Fact]
    public void Jpeg_is_decoded_to_nearly_the_same()
    {
        var image = ImageFile.Read(_folder.Write("x.jpg", Encoded(SKEncodedImageFormat.Jpeg)));
        Assert.InRange(image.Data[0], 5, 30);
    }

    [Fact]
    public void Webp_is_decoded_to_nearly_the_same()
    {
        var image = ImageFile.Read(_folder.Write("x.webp", Encoded(SKEncodedImageFormat.Webp)));
        Assert.Equal(Shape.Of(3, 1, 2), image.Shape);
        Assert.InRange(image.Data[0], 0, 40);
    }

    /// <summary>A bitmap of 24 bits: two pixels, B, G and R of each, and two bytes that fill the row.</summary>
    private static readonly byte[] s_bitmap =
    [
        .. "BM"u8, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 8, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 20, 10, 60, 50, 40, 0, 0,
    ];

    /// <summary>Two frames of one pixel, of the first colour of the table and of the second.</summary>
    private static readonly byte[] s_frames =
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 10, 20, 30, 40, 50, 60,
        0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0, 0x3b,
    ];

    [Fact]
    public void Bmp_is_read_and_of_a_gif_the_first_frame()
    {
        Assert.Equal(new byte[] { 10, 40, 20, 50, 30, 60 }, ImageFile.Read(_folder.Write("x.bmp", s_bitmap)).Data);
        Assert.Equal(new byte[] { 10, 20, 30 }, ImageFile.Read(_folder.Write("x.gif", s_frames)).Data);
    }

    [Theory]
    [InlineData("bmp")]
    [InlineData("gif")]
    [InlineData("webp")]
    public void An_image_that_was_cut_off_is_refused(string kind)
    {
        byte[] whole = kind switch { "bmp" => s_bitmap, "gif" => s_frames, _ => Encoded(SKEncodedImageFormat.Webp) };
        var error = Assert.Throws<DiagnosticException>(() => ImageFile.Read(_folder.Write($"x.{kind}", whole[..^3])));
        Assert.Contains("the image ends before its end", error.Message);
    }

    [Fact]
    public void What_is_not_opaque_is_laid_on_white()
    {
        using var bitmap = new SKBitmap(3, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.SetPixel(0, 0, new SKColor(100, 0, 200, 255));
        bitmap.SetPixel(1, 0, new SKColor(100, 0, 200, 51));
        bitmap.SetPixel(2, 0, new SKColor(0, 0, 0, 0));
        var (planes, isTransparent) = ImageFile.Open(_folder.Write("x.png", bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray()));
        Assert.True(isTransparent);
        // 51 / 255 is a fifth: 100 / 5 + 255 · 4 / 5 = 224.
        Assert.Equal(new byte[] { 100, 224, 255, 0, 204, 255, 200, 244, 255 }, planes.Data);
    }

    [Fact]
    public void A_pattern_names_images_in_the_order_of_their_names()
    {
        foreach (string file in (string[])["b2.ppm", "a1.ppm", "a2.ppm", "a.txt"]) _folder.Write(file, Ppm(1, 2, 3, 4, 5, 6));
        Assert.Equal(["a1.ppm", "a2.ppm"], Given.Samples(_folder["a*"], Shape.Of(1, 3, 1, 2)).Select(s => s.Name));
        Assert.Equal(["a2.ppm", "b2.ppm"], Given.Samples(_folder["?2.ppm"], Shape.Of(1, 3, 1, 2)).Select(s => s.Name));
        Assert.StartsWith("error CML0805: no image fits '", Given.Error(_folder["c*.png"], Shape.Of(1, 3, 1, 2)));
    }

    [Fact]
    public void Planes_become_a_png_that_is_read_back()
    {
        var planes = Tensor.Create(Shape.Of(3, 1, 2), new byte[] { 10, 40, 20, 50, 30, 60 });
        Assert.Equal(planes.Data, ImageFile.Read(_folder.Write("x.png", ImageFile.Encode(planes))).Data);
    }

    [Fact]
    public void Ppm_and_pgm_are_read()
    {
        Assert.Equal(new byte[] { 1, 4, 2, 5, 3, 6 }, ImageFile.Read(_folder.Write("x.ppm", Ppm(1, 2, 3, 4, 5, 6))).Data);
        byte[] pgm = [.. "P5 2 1 255 "u8, 7, 8];
        var gray = ImageFile.Read(_folder.Write("x.pgm", pgm));
        Assert.Equal((Shape.Of(1, 1, 2), 7, 8), (gray.Shape, gray.Data[0], gray.Data[1]));
    }

    [Fact]
    public void Sub_folders_in_ordinal_order_are_the_classes()
    {
        foreach (string file in (string[])["dog/b.ppm", "cat/z.ppm", "cat/a.ppm", "Zebra/x.ppm", "cat/readme.txt"])
            _folder.Write("set/" + file, Ppm(1, 2, 3, 4, 5, 6));
        var samples = Given.Samples(_folder["set"], Shape.Of(1, 3, 1, 2));
        Assert.Equal([("x.ppm", 0), ("a.ppm", 1), ("z.ppm", 1), ("b.ppm", 2)], samples.Select(s => (s.Name, s.Label!.Value)));
    }

    [Fact]
    public void A_network_with_channels_behind_gets_them_there()
    {
        var sample = Given.Samples(_folder.Write("x.ppm", Ppm(1, 2, 3, 4, 5, 6)), Shape.Of(1, 1, 2, 3)).Single();
        Assert.Equal([1, 2, 3, 4, 5, 6], sample.Inputs[0].Data);
    }

    [Fact]
    public void A_colour_image_for_a_gray_network_says_what_to_do() => Assert.Equal(
        "error CML0803: x.ppm has shape [3, 1, 2]; input 'data' takes [1, 1, 1, 2]\n  help: change the channels: --channels gray",
        Given.Error(_folder.Write("x.ppm", Ppm(1, 2, 3, 4, 5, 6)), Shape.Of(1, 1, 1, 2)));

    [Fact]
    public void Gray_and_bgr_are_made_from_rgb()
    {
        string path = _folder.Write("x.ppm", Ppm(100, 0, 0, 0, 100, 0));
        var gray = Given.Samples(path, Shape.Of(1, 1, 1, 2), new Preprocessing { Channels = ChannelOrder.Gray }).Single();
        Assert.Equal([29.9f, 58.7f], gray.Inputs[0].Data.Select(v => MathF.Round(v, 3)));
        var bgr = Given.Samples(path, Shape.Of(1, 3, 1, 2), new Preprocessing { Channels = ChannelOrder.Bgr }).Single();
        Assert.Equal([0, 0, 0, 100, 100, 0], bgr.Inputs[0].Data);
    }

    [Fact]
    public void Damage_is_a_diagnostic_at_every_length()
    {
        byte[] ppm = Ppm(1, 2, 3, 4, 5, 6), png = Encoded(SKEncodedImageFormat.Png);
        for (int length = 0; length < ppm.Length; length++) AssertBroken("x.ppm", ppm[..length]);
        for (int length = 0; length < png.Length - 28; length++) AssertBroken("x.png", png[..length]);
    }

    [Fact]
    public void Huge_dimensions_in_a_small_file_are_refused()
    {
        byte[] bytes = [.. "P6 99999 99999 255 "u8, 1, 2, 3];
        Assert.StartsWith("error CML0106", Assert.Throws<DiagnosticException>(() => ImageFile.Read(_folder.Write("x.ppm", bytes))).Message);
    }

    private void AssertBroken(string name, byte[] bytes) =>
        Assert.StartsWith("error CML08", Assert.Throws<DiagnosticException>(() => ImageFile.Read(_folder.Write(name, bytes))).Message);
}
