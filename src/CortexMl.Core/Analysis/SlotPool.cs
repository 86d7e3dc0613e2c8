namespace CortexMl.Analysis;

/// <summary>Slots that grow to their largest tenant.</summary>
/// <param name="factor">The factor by which the size of a free slot and the need differ at most; null for any.</param>
internal sealed class SlotPool(int? factor)
{
    private readonly List<long> _sizes = [];

    /// <summary>Free slots by size; of those of one size the one that became free first comes first. Turns count from 1.</summary>
    private readonly SortedSet<(long Bytes, int Turn, int Slot)> _free = [];

    private int _turn;

    public IReadOnlyList<long> Sizes => _sizes;

    /// <summary>The smallest free slot that is large enough, else the largest, which grows, else a new one.</summary>
    public int Take(long need)
    {
        int slot = LargeEnough(need) ?? TooSmall(need) ?? New();
        _sizes[slot] = Math.Max(_sizes[slot], need);
        return slot;
    }

    public void Free(int slot) => _free.Add((_sizes[slot], ++_turn, slot));

    private int? LargeEnough(long need) => First(need, factor is { } f && need <= long.MaxValue / f ? f * need : long.MaxValue);

    private int? TooSmall(long need)
    {
        long least = factor is { } f ? need / f : 0;
        return need > 0 && Between(least, need - 1).Max is { Turn: > 0 } largest ? First(largest.Bytes, largest.Bytes) : null;
    }

    private int New()
    {
        _sizes.Add(0);
        return _sizes.Count - 1;
    }

    private int? First(long least, long most)
    {
        var first = Between(least, most).Min;
        return _free.Remove(first) ? first.Slot : null;
    }

    private SortedSet<(long Bytes, int Turn, int Slot)> Between(long least, long most) =>
        _free.GetViewBetween((least, 0, 0), (most, int.MaxValue, int.MaxValue));
}
