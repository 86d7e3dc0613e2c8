using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Sweeps;

/// <summary>
/// One pass over the sums of a group, in a normal form into which chains of element-wise operations are cut:
/// x ± other, + Add per channel, clamp, · Multiply per channel, shift right in two steps with a rounding addition between them, clamp,
/// the entry of a table.
/// All of it wraps at 32 bits, as the operations do.
/// </summary>
/// <param name="Other">A tensor that is added or subtracted first.</param>
/// <param name="Add">[blocks, 16].</param>
/// <param name="Multiply">[blocks, 16]; null where nothing is multiplied.</param>
/// <param name="LastLow">At most <paramref name="LastHigh"/>.</param>
internal sealed record Stage(
    PackedBuffer? Other, bool Subtracts, Pinned<int> Add, int Low, int High, Pinned<int>? Multiply,
    int FirstShift, int Rounding, int LastShift, int LastLow, int LastHigh)
{
    /// <summary>
    /// Whether the multiplication is by positive numbers and cannot wrap, even for what the clamp in front of it takes away.
    /// </summary>
    public bool IsMonotone { get; init; }

    /// <summary>
    /// Proven of what is shifted, even for what the clamp in front of it takes away: nothing is larger, and nothing wraps; the largest long
    /// where nothing is known.
    /// </summary>
    public long Highest { get; init; } = long.MaxValue;

    /// <summary>Where what the last clamp leaves becomes an entry; null where it does not.</summary>
    public StageLookup? Lookup { get; init; }

    /// <summary>
    /// The same, after a look at the clamp: channels behind the real ones hold anything, so that no proven range keeps their indices in the
    /// table.
    /// </summary>
    /// <exception cref="InvalidOperationException">An index could lie outside.</exception>
    public StageLookup? ProvenLookup => Lookup is null || Lookup.Holds(LastLow, LastHigh)
        ? Lookup
        : throw new InvalidOperationException($"{LastLow} to {LastHigh} into a table of {Lookup.Table.Count} from {-Lookup.Origin}");

    public bool Clamps => Low != int.MinValue || High != int.MaxValue;

    /// <summary>A stage that changes nothing.</summary>
    public static Stage Neutral(int blocks) =>
        new(Other: null, Subtracts: false, Add: new Pinned<int>(blocks * PackedLayout.Block), Low: int.MinValue, High: int.MaxValue,
            Multiply: null, FirstShift: 0, Rounding: 0, LastShift: 0,
            LastLow: int.MinValue, LastHigh: int.MaxValue);

    /// <summary>The same with the first clamp moved behind the shift where it makes no difference, so that one clamp is left.</summary>
    public Stage Simplified()
    {
        // relu(x) · m, m ≥ 0, is relu(x · m); shifting leaves signs alone, and a zero.
        if (IsMonotone && Low == 0 && High == int.MaxValue)
            return this with { Low = int.MinValue, LastLow = Math.Clamp(0, LastLow, LastHigh) };
        // Rounding is monotone where its addition cannot wrap: shift(clamp(x, l, h)) = clamp(shift(x), shift(l), shift(h)).
        if (!Clamps || Multiply is not null || (Rounding != 0 && FirstShift == 0)) return this;
        return this with
        {
            Low = int.MinValue,
            High = int.MaxValue,
            LastLow = Math.Clamp(Shift(Low), LastLow, LastHigh),
            LastHigh = Math.Clamp(Shift(High), LastLow, LastHigh),
        };
    }

    private int Shift(int x) => ((x >> FirstShift) + Rounding) >> LastShift;
}

/// <summary>Table[x + Origin].</summary>
internal sealed record StageLookup(Pinned<int> Table, int Origin)
{
    public bool Holds(int low, int high) => low <= high && (long)low + Origin >= 0 && (long)high + Origin < Table.Count;
}
