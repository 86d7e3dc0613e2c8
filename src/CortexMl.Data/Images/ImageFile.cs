using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;
using SkiaSharp;

namespace CortexMl.Data.Images;

/// <summary>Reads PNG, JPEG, BMP, GIF, WebP, PPM and PGM files into planes; of several frames the first.</summary>
public static class ImageFile
{
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".ppm", ".pgm"];

    public static bool HasImageName(string path) => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    public static bool IsImage(ReadOnlySpan<byte> bytes) => ImageEnd.KindOf(bytes) is not null || NetPbm.IsNetPbm(bytes);

    /// <inheritdoc cref="Open"/>
    public static Tensor<byte> Read(string path) => Open(path).Planes;

    /// <returns>
    /// u8[3, H, W] in the order R, G, B, or u8[1, H, W] of a grey image, and whether any pixel is not opaque. Such pixels are laid on
    /// white, as pages and most viewers show them: (colour · opacity + 255 · (255 - opacity)) / 255, rounded.
    /// </returns>
    /// <exception cref="DiagnosticException">CML0101, CML0102; CML0808 broken or not an image.</exception>
    public static (Tensor<byte> Planes, bool IsTransparent) Open(string path)
    {
        byte[] bytes = InputFile.ReadAllBytes(path);
        string name = InputFile.DisplayName(path);
        if (!IsImage(bytes)) throw Broken(name, "this is not a PNG, JPEG, BMP, GIF, WebP, PPM or PGM image");
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
        bool isTransparent = LayOnWhite(pixels);
        return (Planes(pixels, height, width, pixelBytes: 4, channels: gray ? 1 : 3), isTransparent);
    }

    /// <param name="pixels">R, G, B and opacity of each.</param>
    /// <returns>Whether any was not opaque.</returns>
    private static bool LayOnWhite(byte[] pixels)
    {
        bool isTransparent = false;
        for (int i = 0; i < pixels.Length; i += 4)
        {
            int opacity = pixels[i + 3];
            if (opacity == byte.MaxValue) continue;
            isTransparent = true;
            for (int c = i; c < i + 3; c++) pixels[c] = (byte)((pixels[c] * opacity + 255 * (255 - opacity) + 127) / 255);
        }
        return isTransparent;
    }

    /// <summary>Planes as a PNG file.</summary>
    /// <param name="planes">u8[1, H, W] or u8[3, H, W].</param>
    public static byte[] Encode(Tensor<byte> planes)
    {
        int height = planes.Shape[1], width = planes.Shape[2], size = height * width;
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var data = planes.Data;
        byte Plane(int c, int i) => data[(planes.Shape[0] == 1 ? 0 : c) * size + i];
        for (int i = 0; i < size; i++) bitmap.SetPixel(i % width, i / width, new SKColor(Plane(0, i), Plane(1, i), Plane(2, i)));
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return encoded.ToArray();
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
