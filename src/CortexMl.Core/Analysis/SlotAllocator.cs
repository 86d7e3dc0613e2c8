
namespace CortexMl.Analysis;

/// <summary>What one step of a program reads and writes.</summary>
public readonly record struct StepUses<T>(IReadOnlyCollection<T> Reads, IReadOnlyCollection<T> Writes);

/// <summary>Storage slots that values share.</summary>
/// <param name="SlotOf">The slot of every value that is written, or there before the first step.</param>
/// <param name="Bytes">The size of every slot: that of the largest value in it.</param>
public sealed record SlotAllocation<T>(IReadOnlyDictionary<T, int> SlotOf, IReadOnlyList<long> Bytes);

/// <summary>
/// Gives values storage by their life spans: from the step that writes a value until behind the last one that reads it, a slot is the
/// value's own; then it goes to the next value that fits best.
/// </summary>
public static class SlotAllocator
{
    /// <param name="before">Values that are there before the first step.</param>
    /// <param name="behind">Values that are read behind the last step.</param>
    /// <param name="bytes">What a value needs.</param>
    /// <param name="factor">The factor by which need and size of a slot that is used again differ at most; null for any.</param>
    public static SlotAllocation<T> Allocate<T>(
        IReadOnlyList<StepUses<T>> steps, IReadOnlyCollection<T> before, IEnumerable<T> behind, Func<T, long> bytes, int? factor = null)
        where T : notnull
    {
        var last = LastUses(steps, before, behind);
        var slots = new SlotPool(factor);
        var slotOf = new Dictionary<T, int>();
        foreach (var value in before) Take(value);
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (var value in steps[i].Writes) Take(value);
            if (i == 0) Free(before, i);
            Free(steps[i].Reads.Reverse().Distinct().Reverse(), i);
            Free(steps[i].Writes, i);
        }
        return new(slotOf, slots.Sizes);

        void Take(T value)
        {
            if (!slotOf.ContainsKey(value)) slotOf[value] = slots.Take(bytes(value));
        }

        void Free(IEnumerable<T> values, int step)
        {
            foreach (var value in values)
                if (last.TryGetValue(value, out int end) && end == step && last.Remove(value) && slotOf.TryGetValue(value, out int slot))
                    slots.Free(slot);
        }
    }

    private static Dictionary<T, int> LastUses<T>(IReadOnlyList<StepUses<T>> steps, IEnumerable<T> before, IEnumerable<T> behind)
        where T : notnull
    {
        var last = new Dictionary<T, int>();
        foreach (var value in before) last[value] = 0;
        for (int i = 0; i < steps.Count; i++)
            foreach (var value in steps[i].Reads.Concat(steps[i].Writes)) last[value] = i;
        foreach (var value in behind) last[value] = steps.Count;
        return last;
    }
}
