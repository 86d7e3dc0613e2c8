namespace CortexMl.Auditing;

/// <summary>
/// A tree of digests over leaves: each level joins the pairs of the one below, and hands an odd last one on. Two trees over as many leaves
/// tell the first leaf in which they differ by one comparison a level.
/// </summary>
public sealed class MerkleTree
{
    /// <summary>The leaves first, the root last.</summary>
    private readonly List<byte[][]> _levels;

    /// <exception cref="ArgumentException">There are no leaves.</exception>
    public MerkleTree(IReadOnlyList<byte[]> leaves)
    {
        if (leaves.Count == 0) throw new ArgumentException("a tree has at least one leaf");
        _levels = [[.. leaves]];
        while (_levels[^1].Length > 1)
            _levels.Add([.. _levels[^1].Chunk(2).Select(pair => pair is [var left, var right] ? AuditHash.OfNode(left, right) : pair[0])]);
    }

    public int Count => _levels[0].Length;

    public byte[] Root => _levels[^1][0];

    public byte[] this[int leaf] => _levels[0][leaf];

    /// <summary>The digests beside the way from a leaf to the root, from below; with them and the leaf the root can be computed.</summary>
    public IReadOnlyList<byte[]> Proof(int leaf) =>
    [
        .. _levels.Take(_levels.Count - 1).Select((level, height) => (Level: level, Beside: (leaf >> height) ^ 1))
            .Where(step => step.Beside < step.Level.Length).Select(step => step.Level[step.Beside]),
    ];

    /// <summary>Whether a proof leads from a leaf's digest to a root.</summary>
    /// <param name="place">Of the leaf among so many.</param>
    public static bool Proves(byte[] root, byte[] leaf, int place, int count, IReadOnlyList<byte[]> proof)
    {
        if (place < 0 || place >= count) return false;
        var (digest, used) = (leaf, 0);
        for (int left = count; left > 1; left = (left + 1) / 2, place /= 2)
        {
            if ((place ^ 1) >= left) continue;
            if (used == proof.Count) return false;
            byte[] beside = proof[used++];
            digest = (place & 1) == 0 ? AuditHash.OfNode(digest, beside) : AuditHash.OfNode(beside, digest);
        }
        return used == proof.Count && digest.AsSpan().SequenceEqual(root);
    }

    /// <summary>
    /// The first leaf in which two trees of different roots differ, by descending both: into the left half where its digests differ, else
    /// into the right one.
    /// </summary>
    /// <returns>The leaf and how many pairs of digests were compared: at most ⌈log2 of the leaves⌉.</returns>
    /// <exception cref="ArgumentException">The trees have another number of leaves, or the same root.</exception>
    public static (int Leaf, int Comparisons) FirstDifference(MerkleTree a, MerkleTree b)
    {
        if (a.Count != b.Count || a.Root.AsSpan().SequenceEqual(b.Root)) throw new ArgumentException("the trees cannot be searched");
        var (place, comparisons) = (0, 0);
        for (int height = a._levels.Count - 2; height >= 0; height--)
        {
            place *= 2;
            if (place + 1 == a._levels[height].Length) continue;
            comparisons++;
            if (a._levels[height][place].AsSpan().SequenceEqual(b._levels[height][place])) place++;
        }
        return (place, comparisons);
    }
}
