using System.Globalization;
using System.Text;

namespace CortexMl.Chain.Torrent;

/// <summary>A value of BitTorrent's encoding.</summary>
public abstract record Bencode;

public sealed record BencodeInteger(long Value) : Bencode;

public sealed record BencodeBytes(ReadOnlyMemory<byte> Value) : Bencode
{
    public static BencodeBytes Text(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>As UTF-8; bytes that are none show as replacement characters.</summary>
    public string AsText() => System.Text.Encoding.UTF8.GetString(Value.Span);
}

public sealed record BencodeList(IReadOnlyList<Bencode> Items) : Bencode;

/// <summary>Keys are ASCII here, in the order of their bytes.</summary>
/// <param name="Raw">The bytes it was read from; empty for one that was made.</param>
public sealed record BencodeDictionary(IReadOnlyList<KeyValuePair<string, Bencode>> Entries, ReadOnlyMemory<byte> Raw = default) : Bencode
{
    public static BencodeDictionary Of(params (string Key, Bencode Value)[] entries) =>
        new([.. entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, e.Value))]);

    /// <summary>Null where there is no such key, or its value is of another kind.</summary>
    public T? Find<T>(string key) where T : Bencode => Entries.FirstOrDefault(e => e.Key == key).Value as T;
}

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
