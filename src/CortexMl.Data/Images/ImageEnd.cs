using System.Buffers.Binary;

namespace CortexMl.Data.Images;

/// <summary>
/// Whether the end of a PNG or JPEG is there. The decoder paints what it has of a file that was cut off, and half a picture is another
/// picture. Source: the PNG specification (chunks), ITU-T T.81 (markers).
/// </summary>
internal static class ImageEnd
{
    private const int PngHead = 8;

    public static bool IsMissing(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8]) ? !EndsJpeg(bytes) : !EndsPng(bytes);

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
