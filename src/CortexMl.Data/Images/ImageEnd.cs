using System.Buffers.Binary;

namespace CortexMl.Data.Images;

/// <summary>
/// What kind of image bytes are, and whether their end is there. The decoder paints what it has of a file that was cut off, and half a
/// picture is another picture. Source: the PNG specification (chunks), ITU-T T.81 (markers), GIF89a (trailer), the WebP container
/// specification (RIFF), and the bitmap file header.
/// </summary>
internal static class ImageEnd
{
    private const int PngHead = 8;

    /// <summary>A kind of image: its first bytes, and whether all of a file is there.</summary>
    /// <param name="Name">As people call it.</param>
    /// <param name="Begins">By the first bytes.</param>
    /// <param name="IsWhole">Of bytes that begin so.</param>
    internal sealed record Kind(string Name, ByteTest Begins, ByteTest IsWhole);

    internal delegate bool ByteTest(ReadOnlySpan<byte> bytes);

    private static readonly Kind[] s_kinds =
    [
        new("PNG", bytes => bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']), EndsPng),
        new("JPEG", bytes => bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]), EndsJpeg),
        new("GIF", bytes => bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8), bytes => bytes.TrimEnd((byte)0)[^1] == (byte)';'),
        new("WebP", bytes => bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..12].SequenceEqual("WEBP"u8),
            bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) + 8L <= bytes.Length),
        new("BMP", bytes => bytes.StartsWith("BM"u8) && bytes.Length >= 26 && BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]) is >= 12
            and <= 124,
            bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]) <= bytes.Length),
    ];

    /// <summary>Null for bytes that are no image of these kinds.</summary>
    public static Kind? KindOf(ReadOnlySpan<byte> bytes)
    {
        foreach (var kind in s_kinds)
            if (kind.Begins(bytes)) return kind;
        return null;
    }

    public static bool IsMissing(ReadOnlySpan<byte> bytes) => KindOf(bytes) is { } kind && !kind.IsWhole(bytes);

    // length, four letters, data, checksum; the last chunk is IEND
    private static bool EndsPng(ReadOnlySpan<byte> bytes)
    {
        long at = PngHead;
        while (at + 12 <= bytes.Length)
        {
            var chunk = bytes[(int)at..];
            if (chunk.Slice(4, 4).SequenceEqual("IEND"u8)) return true;
            at += 12L + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }
        return false;
    }

    // Within the compressed data 0xff is followed by 0 or a restart marker, so the end marker stands for itself; some cameras append
    // something behind it.
    private static bool EndsJpeg(ReadOnlySpan<byte> bytes) => bytes[2..].LastIndexOf((ReadOnlySpan<byte>)[0xff, 0xd9]) >= 0;
}
