using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;
using SkiaSharp;

namespace CortexMl.Data.Images;

/// <summary>Reads PNG, JPEG, PPM and PGM files into planes.</summary>
public static class ImageFile
{
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".ppm", ".pgm"];

    public static bool HasImageName(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    public static bool IsImage(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])
            || bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) || NetPbm.IsNetPbm(bytes);

    /// <inheritdoc cref="Open"/>
    public static Tensor<byte> Read(string path) => Open(path).Planes;

    /// <returns>
    /// u8[3, H, W] in the order R, G, B, or u8[1, H, W] of a grey image, and whether any pixel is not opaque. Colours are those that are
    /// stored, below transparency too, as the usual libraries give them to training; what a viewer shows there depends on its background.
    /// </returns>
    /// <exception cref="DiagnosticException">CML0101, CML0102; CML0808 broken or not an image.</exception>
    public static (Tensor<byte> Planes, bool IsTransparent) Open(string path)
    {
        byte[] bytes = InputFile.ReadAllBytes(path);
        string name = InputFile.DisplayName(path);
        if (!IsImage(bytes)) throw Broken(name, "this is not a PNG, JPEG, PPM or PGM image");
        return NetPbm.IsNetPbm(bytes) ? (NetPbm.Read(bytes, name), false) : Decode(bytes, name);
    }

    private static (Tensor<byte> Planes, bool IsTransparent) Decode(byte[] bytes, string name)
    {
        if (ImageEnd.IsMissing(bytes)) throw Broken(name, "the image ends before its end: the file was cut off", bytes.Length);
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data) ?? throw Broken(name, "the image cannot be decoded");
        int width = codec.Info.Width, height = codec.Info.Height;
        CheckSize(width, height, bytes.Length, name);
        bool gray = codec.Info.ColorType == SKColorType.Gray8;
        var pixels = new byte[height * width * 4];
        SKCodecResult result;
        unsafe
        {
            fixed (byte* target = pixels)
                result = codec.GetPixels(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul), (nint)target);
        }
        if (result != SKCodecResult.Success) throw Broken(name, $"the image is damaged ({result})");
        return (Planes(pixels, height, width, pixelBytes: 4, channels: gray ? 1 : 3), IsTransparent(pixels));
    }

    /// <param name="pixels">R, G, B and opacity of each.</param>
    private static bool IsTransparent(byte[] pixels)
    {
        for (int i = 3; i < pixels.Length; i += 4)
            if (pixels[i] != byte.MaxValue) return true;
        return false;
    }

    /// <summary>Interleaved pixels as planes.</summary>
    internal static Tensor<byte> Planes(ReadOnlySpan<byte> pixels, int height, int width, int pixelBytes, int channels)
    {
        var planes = new byte[channels * height * width];
        for (int c = 0; c < channels; c++)
            for (int i = 0; i < height * width; i++) planes[c * height * width + i] = pixels[i * pixelBytes + c];
        return Tensor.Create(Shape.Of(channels, height, width), planes);
    }

    /// <summary>Refuses an image whose pixels would take more memory than a file of this size justifies.</summary>
    internal static void CheckSize(long width, long height, long fileBytes, string name)
    {
        if (width * height * 4 > InputFile.UnpackedLimit(fileBytes))
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                string.Create(CultureInfo.InvariantCulture,
                    $"an image of {width} x {height} pixels in {Counted.Of(fileBytes, "byte")} is refused"),
                new(name), "resize it with an image program first");
    }

    internal static DiagnosticException Broken(string name, string message, long? offset = null) =>
        new(DataCodes.Image, message, new SourceLocation(name, Offset: offset));
}
