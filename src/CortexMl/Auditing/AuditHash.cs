using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CortexMl.Tensors;

namespace CortexMl.Auditing;

/// <summary>
/// What is hashed, and how: README.md in this folder. Each kind of thing starts with a byte of its own, so that none can be taken for
/// another. Numbers are little-endian.
/// </summary>
public static class AuditHash
{
    /// <summary>Bytes of a digest: SHA-256.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private const byte LeafMark = 0, NodeMark = 1, TensorMark = 2, RootMark = 3;

    /// <summary>Of shape and elements: mark, rank (u32), dimensions (u32 each), elements (i32 each).</summary>
    public static byte[] OfTensor(Tensor<int> tensor)
    {
        using var hash = Started(TensorMark);
        Append(hash, tensor.Shape.Rank);
        foreach (int dim in tensor.Shape) Append(hash, dim);
        hash.AppendData(BitConverter.IsLittleEndian ? tensor.Bytes : MemoryMarshal.AsBytes<int>(Swapped(tensor.Data)));
        return hash.GetHashAndReset();
    }

    /// <summary>Of a layer: mark, its place (u32), the number of its results (u32), the digest of each.</summary>
    public static byte[] OfLeaf(int place, IReadOnlyList<byte[]> results)
    {
        using var hash = Started(LeafMark);
        Append(hash, place);
        Append(hash, results.Count);
        foreach (byte[] result in results) hash.AppendData(result);
        return hash.GetHashAndReset();
    }

    /// <summary>Of a transcript: mark, the model's digest, the number of leaves (u32), the root of the tree.</summary>
    public static byte[] OfRoot(byte[] model, int leaves, byte[] tree)
    {
        using var hash = Started(RootMark);
        hash.AppendData(model);
        Append(hash, leaves);
        hash.AppendData(tree);
        return hash.GetHashAndReset();
    }

    internal static byte[] OfNode(byte[] left, byte[] right)
    {
        using var hash = Started(NodeMark);
        hash.AppendData(left);
        hash.AppendData(right);
        return hash.GetHashAndReset();
    }

    private static IncrementalHash Started(byte mark)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([mark]);
        return hash;
    }

    private static void Append(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static int[] Swapped(int[] numbers) => Array.ConvertAll(numbers, BinaryPrimitives.ReverseEndianness);
}
