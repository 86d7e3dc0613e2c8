using System.Buffers.Binary;
using System.IO.Compression;
using CortexMl.Tensors;

namespace CortexMl.Tests.Web;

/// <summary>PNG files of every kind, of bytes that are given: what image programs write and libraries of images do not.</summary>
/// <param name="Kind">0 grey, 2 colours, 3 palette, 4 grey with opacity, 6 colours with opacity.</param>
/// <param name="Depth">Bits of a sample.</param>
internal sealed record PngFile(int Width, int Height, int Kind, int Depth)
{
    private static readonly (int Left, int Top, int Across, int Down)[] s_adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public byte[] Palette { get; init; } = [];

    /// <summary>What is transparent; none where empty.</summary>
    public byte[] Clear { get; init; } = [];

    public bool IsInterlaced { get; init; }

    /// <summary>A grey image of 8 bits.</summary>
    public static byte[] Grey(Tensor<byte> planes) =>
        new PngFile(planes.Shape[2], planes.Shape[1], 0, 8).ToBytes((x, y, _) => planes.Data[y * planes.Shape[2] + x]);

    /// <param name="sample">Of column, row and channel.</param>
    public byte[] ToBytes(Func<int, int, int, int> sample)
    {
        using var file = new MemoryStream();
        file.Write([137, 80, 78, 71, 13, 10, 26, 10]);
        byte[] head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, Width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), Height);
        (head[8], head[9], head[12]) = ((byte)Depth, (byte)Kind, (byte)(IsInterlaced ? 1 : 0));
        Put(file, "IHDR", head);
        if (Palette.Length > 0) Put(file, "PLTE", Palette);
        if (Clear.Length > 0) Put(file, "tRNS", Clear);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(Lines(sample));
        // In two parts, as programs with small buffers write them.
        byte[] data = packed.ToArray();
        Put(file, "IDAT", data[..(data.Length / 2)]);
        Put(file, "IDAT", data[(data.Length / 2)..]);
        Put(file, "IEND", []);
        return file.ToArray();
    }

    private int Samples => Kind switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Every line with another filter than the one before.</summary>
    private byte[] Lines(Func<int, int, int, int> sample)
    {
        var lines = new List<byte>();
        foreach (var (left, top, across, down) in IsInterlaced ? s_adam7 : [(0, 0, 1, 1)])
        {
            int columns = (Width - left + across - 1) / across, rows = (Height - top + down - 1) / down;
            if (columns <= 0 || rows <= 0) continue;
            byte[] above = new byte[(columns * Samples * Depth + 7) / 8];
            for (int row = 0; row < rows; row++)
            {
                byte[] line = new byte[above.Length];
                for (int i = 0; i < columns * Samples; i++)
                    Set(line, i, sample(left + i / Samples * across, top + row * down, i % Samples));
                lines.Add((byte)(row % 5));
                lines.AddRange(Filtered(row % 5, line, above));
                above = line;
            }
        }
        return [.. lines];
    }

    private void Set(byte[] line, int i, int value)
    {
        if (Depth == 16) BinaryPrimitives.WriteUInt16BigEndian(line.AsSpan(2 * i), (ushort)value);
        else line[i * Depth / 8] |= (byte)((value & ((1 << Depth) - 1)) << (8 - Depth - i * Depth % 8));
    }

    private IEnumerable<byte> Filtered(int filter, byte[] line, byte[] above)
    {
        int step = Math.Max(1, Samples * Depth / 8);
        for (int i = 0; i < line.Length; i++)
        {
            int a = i >= step ? line[i - step] : 0, b = above[i], c = i >= step ? above[i - step] : 0;
            int p = a + b - c, pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
            yield return (byte)(line[i] - filter switch
            {
                1 => a,
                2 => b,
                3 => (a + b) / 2,
                4 => pa <= pb && pa <= pc ? a : pb <= pc ? b : c,
                _ => 0,
            });
        }
    }

    private static void Put(MemoryStream file, string type, byte[] body)
    {
        byte[] part = [.. System.Text.Encoding.ASCII.GetBytes(type), .. body];
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        file.Write(part);
        BinaryPrimitives.WriteUInt32BigEndian(number, Check(part));
        file.Write(number);
    }

    private static uint Check(byte[] bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte b in bytes)
        {
            sum ^= b;
            for (int k = 0; k < 8; k++) sum = (sum & 1) != 0 ? 0xedb88320 ^ (sum >> 1) : sum >> 1;
        }
        return ~sum;
    }
}
