using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu.Steps;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>Gives buffers memory by their life spans: a slot whose value is used up goes to the next value that fits best.</summary>
internal static class SlotAllocator
{
    /// <param name="kept">Buffers that hold inputs before the first step.</param>
    /// <param name="returned">Buffers that are read after the last step.</param>
    /// <returns>Bytes that were allocated.</returns>
    /// <exception cref="DiagnosticException">More than <paramref name="maxBytes"/>.</exception>
    public static long Place(IReadOnlyList<Step> steps, IReadOnlyList<Storage> kept, IReadOnlyList<Storage> returned, long maxBytes)
    {
        var last = new Dictionary<Storage, int>();
        for (int i = 0; i < steps.Count; i++)
            foreach (var buffer in steps[i].Reads.Concat(steps[i].Writes)) last[buffer] = i;
        foreach (var buffer in kept) last.TryAdd(buffer, 0);
        foreach (var buffer in returned) last[buffer] = steps.Count;
        var slots = new List<Slot>();
        SlotsBySize plain = new(), packed = new();
        var ending = new Dictionary<int, List<Slot>>();
        foreach (var buffer in kept) Take(buffer);
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (var buffer in steps[i].Writes) Take(buffer);
            if (!ending.Remove(i, out var freed)) continue;
            foreach (var slot in freed) (slot.IsPlain ? plain : packed).Add(slot);
        }
        long total = slots.Sum(s => s.Bytes);
        if (total > maxBytes || slots.Any(s => s.Bytes > int.MaxValue - 4096))
            throw new DiagnosticException(EngineCodes.TooMuchMemory,
                $"the graph's values need {Counted.Of(total, "byte")} of working memory, more than the {maxBytes} allowed");
        foreach (var slot in slots) slot.Allocate();
        return total;

        void Take(Storage buffer)
        {
            bool isPlain = buffer is PlainBuffer;
            if ((isPlain ? plain : packed).Take(buffer.Bytes) is not { } slot) slots.Add(slot = new Slot(slots.Count, isPlain));
            slot.Bytes = Math.Max(slot.Bytes, buffer.Bytes);
            slot.Buffers.Add(buffer);
            if (!ending.TryGetValue(last[buffer], out var together)) ending[last[buffer]] = together = [];
            together.Add(slot);
        }
    }

    /// <summary>Free slots; of those of one size the first that was made comes first.</summary>
    private sealed class SlotsBySize
    {
        private readonly SortedSet<Slot> _slots =
            new(Comparer<Slot>.Create((a, b) => a.Bytes != b.Bytes ? a.Bytes.CompareTo(b.Bytes) : a.Number.CompareTo(b.Number)));

        public void Add(Slot slot) => _slots.Add(slot);

        /// <summary>The smallest that is large enough, else the largest, which grows; null where none is free.</summary>
        public Slot? Take(long bytes)
        {
            if (_slots.Max is not { } largest) return null;
            var slot = FirstFrom(Math.Min(bytes, largest.Bytes));
            _slots.Remove(slot);
            return slot;
        }

        private Slot FirstFrom(long bytes) =>
            _slots.GetViewBetween(new Slot(-1, false) { Bytes = bytes }, new Slot(int.MaxValue, false) { Bytes = long.MaxValue }).Min!;
    }

    private sealed class Slot(int number, bool isPlain)
    {
        public int Number { get; } = number;

        public bool IsPlain { get; } = isPlain;

        public long Bytes { get; set; }

        public List<Storage> Buffers { get; } = [];

        public void Allocate()
        {
            var (array, memory) = IsPlain ? (new int[Bytes / sizeof(int)], null) : ((int[]?)null, new Pinned<byte>((int)Bytes));
            foreach (var buffer in Buffers)
            {
                if (buffer is PlainBuffer plain) plain.Place(array!);
                else ((PackedBuffer)buffer).Place(memory!);
            }
        }
    }
}
