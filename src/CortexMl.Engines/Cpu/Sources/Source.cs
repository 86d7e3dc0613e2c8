using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>
/// What a fused group starts from: computes sums of 16 channels of consecutive result pixels, before anything is done to them.
/// </summary>
internal abstract unsafe class Source
{
    /// <summary>Pixels that are computed together, a multiple of every tile.</summary>
    public const int Chunk = 96;

    /// <summary>
    /// Blocks that go over a chunk of pixels before the next chunk: as many as have weights that stay in the first cache.
    /// </summary>
    public virtual int BlocksTogether => int.MaxValue;

    /// <summary>Blocks that a call fills; there may be one less at the end.</summary>
    public virtual int BlocksAtOnce => 1;

    /// <param name="block">Which 16 channels of the result, the first ones.</param>
    /// <param name="first">The first of the pixels.</param>
    /// <param name="count">How many, at most <see cref="Chunk"/>.</param>
    /// <param name="sums">[BlocksAtOnce, Chunk, 16]; rows behind <paramref name="count"/> may be written too.</param>
    public abstract void Fill(int block, int first, int count, int* sums);

    /// <summary>Byte offset of 16 channels inside a pixel.</summary>
    protected static int At(int block, PackedLayout layout) => block * PackedLayout.Block * (int)layout.Kind;
}
