using System.Numerics;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Chain.Torrent;

/// <summary>Reads a .torrent of a model: v1, a folder of files.</summary>
public static class TorrentReader
{
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="DiagnosticException">CML1005, CML1006: everything that was found.</exception>
    public static TorrentInfo Read(ReadOnlyMemory<byte> data, string name)
    {
        var found = new DiagnosticBag();
        var location = new SourceLocation(name);
        if (BencodeReader.Read(data, name) is not BencodeDictionary root || root.Find<BencodeDictionary>("info") is not { } info)
            throw new DiagnosticException(ChainCodes.Torrent, "there is no info dictionary", location);
        string? folder = info.Find<BencodeBytes>("name")?.AsText();
        long pieceLength = info.Find<BencodeInteger>("piece length")?.Value ?? 0;
        var pieces = info.Find<BencodeBytes>("pieces");
        var files = Files(info, found, location);
        if (!IsFileName(folder)) found.Error(ChainCodes.Torrent, "name is missing or is no name of a folder", location);
        if (pieceLength < 1 || !BitOperations.IsPow2(pieceLength))
            found.Error(ChainCodes.Torrent, $"piece length {pieceLength}; a power of two is needed", location);
        if (pieces is null || pieces.Value.Length % Pieces.HashSize != 0)
            found.Error(ChainCodes.Torrent, $"pieces must be a string of {Pieces.HashSize} bytes for each piece", location);
        found.ThrowIfErrors();
        int count = pieces!.Value.Length / Pieces.HashSize;
        var size = files.Aggregate(BigInteger.Zero, (sum, f) => sum + f.Length);
        var wanted = (size + pieceLength - 1) / pieceLength;
        if (wanted != count)
        {
            string needed = $"{Counted.Of(size, "byte is", "bytes are")} {Counted.Of(wanted, "piece")} of {pieceLength}";
            throw new DiagnosticException(ChainCodes.Torrent, $"{needed}; {Counted.There(count, "hash", "hashes")}", location);
        }
        return new TorrentInfo(folder!, files, pieceLength, count, info.Raw);
    }

    private static List<TorrentEntry> Files(BencodeDictionary info, DiagnosticBag found, SourceLocation location)
    {
        var files = new List<TorrentEntry>();
        if (info.Find<BencodeList>("files") is not { Items.Count: > 0 } list)
        {
            found.Error(
                ChainCodes.Torrent, "there are no files", location, "a model is a folder of two files: a torrent in multi-file mode");
            return files;
        }
        for (int i = 0; i < list.Items.Count; i++)
        {
            var file = list.Items[i] as BencodeDictionary;
            var path = file?.Find<BencodeList>("path")?.Items;
            if (file?.Find<BencodeInteger>("length") is { Value: >= 0 } length && path is [BencodeBytes only] && IsFileName(only.AsText()))
                files.Add(new(only.AsText(), length.Value));
            else found.Error(ChainCodes.Torrent, $"file {i} needs a length and a path of one name", location);
        }
        if (files.Select(f => f.Name).Distinct(StringComparer.Ordinal).Count() < files.Count)
            found.Error(ChainCodes.Torrent, "two files have the same name", location);
        return files;
    }

    private static bool IsFileName(string? name) =>
        name is { Length: > 0 } and not ("." or "..") && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0;
}
