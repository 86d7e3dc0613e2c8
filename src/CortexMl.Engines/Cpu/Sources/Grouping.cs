using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>
/// Which channels a block of results reads where a convolution has groups: all of the groups that the block touches, with zero weights
/// between a result and the channels of other groups. With one group that is every channel.
/// </summary>
/// <param name="Channels">Of the data.</param>
/// <param name="Outputs">Channels of the result.</param>
/// <param name="Block">Results that are computed together.</param>
internal sealed record Grouping(int Groups, int Channels, int Outputs, int Block = PackedLayout.Block)
{
    /// <summary>Channels that a result reads.</summary>
    public int PerGroup { get; } = Channels / Groups;

    /// <summary>Channels that a block reads, the most that any block needs.</summary>
    public int Span { get; } = Enumerable.Range(0, Blocks(Outputs, Block)).Max(block => Widest(block, Block, Groups, Channels, Outputs));

    /// <summary>The first channel that each block reads.</summary>
    public IEnumerable<int> Starts => Enumerable.Range(0, Blocks(Outputs, Block)).Select(Start);

    /// <summary>The same, of other blocks.</summary>
    public Grouping By(int block) => new(Groups, Channels, Outputs, block);

    /// <summary>Channels between the first one of a result's block and the first one that it reads itself.</summary>
    public int Skip(int output) => (output / (Outputs / Groups) * PerGroup) - Start(output / Block);

    // Never so late that the last one reads beyond the pixel.
    private int Start(int block) => Math.Min(block * Block / (Outputs / Groups) * PerGroup, Channels - Span);

    private static int Widest(int block, int size, int groups, int channels, int outputs)
    {
        int first = block * size, last = Math.Min(first + size, outputs) - 1, perGroup = outputs / groups;
        return ((last / perGroup) - (first / perGroup) + 1) * (channels / groups);
    }

    private static int Blocks(int outputs, int size) => (outputs + size - 1) / size;
}
