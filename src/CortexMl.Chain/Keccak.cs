using Org.BouncyCastle.Crypto.Digests;

namespace CortexMl.Chain;

/// <summary>Keccak-256 with the original padding, as Ethereum uses it; not SHA3-256.</summary>
public static class Keccak
{
    /// <returns>32 bytes.</returns>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        var digest = new KeccakDigest(256);
        digest.BlockUpdate(data);
        var hash = new byte[32];
        digest.DoFinal(hash, 0);
        return hash;
    }
}
