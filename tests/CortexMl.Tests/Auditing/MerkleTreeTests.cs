using System.Security.Cryptography;
using CortexMl.Auditing;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Auditing;

public sealed class MerkleTreeTests
{
    /// <summary>Every number of leaves up to 40 and every leaf: one level down for each comparison.</summary>
    [Fact]
    public void A_changed_leaf_is_found_with_a_comparison_a_level()
    {
        for (int count = 2; count <= 40; count++)
        {
            int levels = (int)Math.Ceiling(Math.Log2(count));
            for (int changed = 0; changed < count; changed++)
            {
                var (leaf, comparisons) = MerkleTree.FirstDifference(new(Leaves(count)), new(Leaves(count, changed)));
                Assert.Equal(changed, leaf);
                Assert.InRange(comparisons, 1, levels);
            }
        }
    }

    [Fact]
    public void Of_several_changed_leaves_the_first_is_found()
    {
        var found = MerkleTree.FirstDifference(new(Leaves(13)), new(Leaves(13, 5, 6, 12)));
        Assert.Equal(5, found.Leaf);
    }

    [Fact]
    public void Every_leaf_is_proven_and_nothing_else()
    {
        for (int count = 1; count <= 20; count++)
        {
            var tree = new MerkleTree(Leaves(count));
            for (int place = 0; place < count; place++)
            {
                var proof = tree.Proof(place);
                Assert.True(MerkleTree.Proves(tree.Root, tree[place], place, count, proof));
                Assert.False(MerkleTree.Proves(tree.Root, Leaf(99), place, count, proof));
                Assert.False(MerkleTree.Proves(tree.Root, tree[place], place, count, [.. proof, Leaf(1)]));
                Assert.False(MerkleTree.Proves(Leaf(0), tree[place], place, count + 40, proof));
                if (proof.Count > 0) Assert.False(MerkleTree.Proves(tree.Root, tree[place], place, count, [.. proof.Skip(1)]));
            }
            Assert.False(MerkleTree.Proves(tree.Root, tree[0], -1, count, tree.Proof(0)));
            Assert.False(MerkleTree.Proves(tree.Root, tree[0], count, count, tree.Proof(0)));
        }
    }

    /// <summary>The digests themselves: other programs compute them, too.</summary>
    [Fact]
    public void Digests_are_those_of_the_definition()
    {
        byte[] tensor = AuditHash.OfTensor(Tensor.Create(Shape.Of(1, 2), [1, -2]));
        byte[] bytes = [2, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff];
        Assert.Equal(SHA256.HashData(bytes), tensor);
        byte[] leaf = AuditHash.OfLeaf(7, [tensor]);
        Assert.Equal(SHA256.HashData([0, 7, 0, 0, 0, 1, 0, 0, 0, .. tensor]), leaf);
        var tree = new MerkleTree([leaf, tensor]);
        Assert.Equal(SHA256.HashData([1, .. leaf, .. tensor]), tree.Root);
        Assert.Equal(SHA256.HashData([3, .. tensor, 2, 0, 0, 0, .. tree.Root]), AuditHash.OfRoot(tensor, 2, tree.Root));
    }

    private static byte[][] Leaves(int count, params int[] changed) =>
        [.. Enumerable.Range(0, count).Select(i => Leaf(changed.Contains(i) ? i + 100 : i))];

    private static byte[] Leaf(int number) => AuditHash.OfLeaf(number, []);
}
