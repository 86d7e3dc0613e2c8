namespace CortexMl.Passes.Lower;

/// <summary>
/// Storage slots that grow to their largest tenant. A free slot is taken when its size is within a factor of 16 of the need.
/// </summary>
internal sealed class SlotPool
{
    private const int Factor = 16;

    private readonly List<long> _sizes = [];

    /// <summary>Free slots in the order in which they became free.</summary>
    private readonly List<int> _free = [];

    public int Take(long need)
    {
        int slot = Smallest(need) ?? Largest(need) ?? New();
        _free.Remove(slot);
        _sizes[slot] = Math.Max(_sizes[slot], need);
        return slot;
    }

    public void Free(int slot) => _free.Add(slot);

    /// <summary>The smallest free slot that is large enough without wasting 16 times the need; the first freed of equals.</summary>
    private int? Smallest(long need) => First(_free.Where(s => _sizes[s] >= need && _sizes[s] <= Factor * need).OrderBy(s => _sizes[s]));

    /// <summary>The largest free slot that is too small, but by less than 16 times; it grows.</summary>
    private int? Largest(long need) =>
        First(_free.Where(s => _sizes[s] < need && _sizes[s] >= need / Factor).OrderByDescending(s => _sizes[s]));

    private int New()
    {
        _sizes.Add(0);
        return _sizes.Count - 1;
    }

    private static int? First(IEnumerable<int> slots) => slots.Select(s => (int?)s).FirstOrDefault();
}
