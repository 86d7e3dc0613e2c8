using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Data.Images;

/// <summary>Binary PGM (P5) and PPM (P6) images of one byte a sample. Source: the Netpbm format descriptions.</summary>
internal static class NetPbm
{
    public static bool IsNetPbm(ReadOnlySpan<byte> bytes) =>
        bytes is [(byte)'P', (byte)'5' or (byte)'6', (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t', ..];

    public static Tensor<byte> Read(ReadOnlySpan<byte> bytes, string name)
    {
        int channels = bytes[1] == '6' ? 3 : 1;
        int at = 2;
        int width = Number(bytes, ref at, name), height = Number(bytes, ref at, name), maximum = Number(bytes, ref at, name);
        at++;
        if (maximum != 255) throw ImageFile.Broken(name, $"the largest sample value is {maximum}; only 255 is supported", at - 1);
        ImageFile.CheckSize(width, height, bytes.Length, name);
        long wanted = (long)width * height * channels;
        if (wanted > bytes.Length - at)
            throw ImageFile.Broken(name,
                $"{width} x {height} pixels need {Counted.Of(wanted, "byte")}, "
                + $"but only {Counted.Of(Math.Max(0, bytes.Length - at), "follows", "follow")} the head: the file was cut off",
                bytes.Length);
        return ImageFile.Planes(bytes.Slice(at, (int)wanted), height, width, channels, channels);
    }

    /// <summary>The next decimal number, over white space and comments (# to the end of the line).</summary>
    private static int Number(ReadOnlySpan<byte> bytes, ref int at, string name)
    {
        while (at < bytes.Length && (bytes[at] <= ' ' || bytes[at] == '#'))
        {
            if (bytes[at] == '#') while (at < bytes.Length && bytes[at] != '\n') at++;
            else at++;
        }
        int start = at;
        int value = 0;
        for (; at < bytes.Length && bytes[at] is >= (byte)'0' and <= (byte)'9' && value < 100_000; at++)
            value = value * 10 + bytes[at] - '0';
        return at > start && value > 0 ? value : throw ImageFile.Broken(name, "a number is missing in the head of the image", start);
    }
}
