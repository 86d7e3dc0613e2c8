using System.Security.Cryptography;

namespace CortexMl.Chain.Torrent;

/// <summary>The files of a torrent, one after the other, cut into pieces of equal length; the last may be shorter.</summary>
internal static class Pieces
{
    public const int HashSize = 20;

    /// <returns>The hashes of all pieces, 20 bytes each; none for no bytes.</returns>
    public static byte[] Hash(IReadOnlyList<byte[]> files, int pieceLength)
    {
        var hashes = new List<byte>();
        // The protocol fixes SHA-1.
#pragma warning disable CA5350
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        int filled = 0;
        foreach (byte[] file in files)
        {
            for (int at = 0; at < file.Length;)
            {
                int taken = Math.Min(pieceLength - filled, file.Length - at);
                hash.AppendData(file, at, taken);
                (at, filled) = (at + taken, filled + taken);
                if (filled < pieceLength) continue;
                hashes.AddRange(hash.GetHashAndReset());
                filled = 0;
            }
        }
        if (filled > 0) hashes.AddRange(hash.GetHashAndReset());
        return [.. hashes];
    }
}
