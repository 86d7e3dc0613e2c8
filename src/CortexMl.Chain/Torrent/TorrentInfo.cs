using System.Numerics;
using System.Security.Cryptography;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Torrent;

/// <summary>One file of a torrent.</summary>
/// <param name="Length">Bytes.</param>
public sealed record TorrentEntry(string Name, long Length);

/// <summary>
/// The info dictionary of a BitTorrent v1 torrent: a folder of files, without the private flag (CortexMl.Chain/SPECIFICATION.md §1).
/// </summary>
/// <param name="Encoded">The bytes that are hashed.</param>
public sealed record TorrentInfo(
    string Name, IReadOnlyList<TorrentEntry> Files, long PieceLength, int PieceCount, ReadOnlyMemory<byte> Encoded)
{
    public const int MinPieceLength = 1 << 10, MaxPieceLength = 1 << 24;

    /// <summary>SHA-1 of the info dictionary, 20 bytes: the model's identity on the chain.</summary>
    // The protocol fixes SHA-1.
#pragma warning disable CA5350
    public byte[] Hash => SHA1.HashData(Encoded.Span);
#pragma warning restore CA5350

    /// <summary>Sum of the files' sizes.</summary>
    public long RawSize => Files.Sum(f => f.Length);

    /// <param name="files">Any order; the torrent has them in the order of their names' bytes.</param>
    /// <exception cref="DiagnosticException">CML1007.</exception>
    public static TorrentInfo Of(string name, IReadOnlyList<(string Name, byte[] Bytes)> files, int pieceLength)
    {
        CheckPieceLength(pieceLength);
        var sorted = files.OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        byte[] pieces = Pieces.Hash([.. sorted.Select(f => f.Bytes)], pieceLength);
        var info = BencodeDictionary.Of(
            ("files", new BencodeList([.. sorted.Select(f => BencodeDictionary.Of(
                ("length", new BencodeInteger(f.Bytes.Length)), ("path", new BencodeList([BencodeBytes.Text(f.Name)]))))])),
            ("name", BencodeBytes.Text(name)), ("piece length", new BencodeInteger(pieceLength)), ("pieces", new BencodeBytes(pieces)));
        return new(name, [.. sorted.Select(f => new TorrentEntry(f.Name, f.Bytes.Length))], pieceLength,
            pieces.Length / Pieces.HashSize, BencodeWriter.Write(info));
    }

    /// <summary>The .torrent file: the info dictionary and nothing else, so that equal models give equal files.</summary>
    public byte[] ToFile() => [.. "d4:info"u8, .. Encoded.Span, (byte)'e'];

    private static void CheckPieceLength(int length)
    {
        if (length is < MinPieceLength or > MaxPieceLength || !BitOperations.IsPow2(length))
            throw new DiagnosticException(ChainCodes.PieceLength, $"pieces of {Counted.Of(length, "byte")}",
                hint: $"allowed are powers of two from {MinPieceLength} to {MaxPieceLength}");
    }
}
