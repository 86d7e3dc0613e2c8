using System.Globalization;
using System.Text;

namespace CortexMl.Chain.Torrent;

/// <summary>Writes bencode.</summary>
public static class BencodeWriter
{
    public static byte[] Write(Bencode value)
    {
        using var stream = new MemoryStream();
        Write(stream, value);
        return stream.ToArray();
    }

    private static void Write(MemoryStream stream, Bencode value)
    {
        switch (value)
        {
            case BencodeInteger integer:
                Ascii(stream, string.Create(CultureInfo.InvariantCulture, $"i{integer.Value}e"));
                break;
            case BencodeBytes bytes:
                Ascii(stream, string.Create(CultureInfo.InvariantCulture, $"{bytes.Value.Length}:"));
                stream.Write(bytes.Value.Span);
                break;
            case BencodeList list:
                Ascii(stream, "l");
                foreach (var item in list.Items) Write(stream, item);
                Ascii(stream, "e");
                break;
            case BencodeDictionary dictionary:
                Ascii(stream, "d");
                foreach (var (key, item) in dictionary.Entries)
                {
                    Write(stream, BencodeBytes.Text(key));
                    Write(stream, item);
                }
                Ascii(stream, "e");
                break;
        }
    }

    private static void Ascii(MemoryStream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text));
}
