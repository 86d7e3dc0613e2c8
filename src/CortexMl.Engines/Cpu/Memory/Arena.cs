using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu.Steps;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>Gives buffers memory by their life spans: a slot whose value is used up goes to the next value that fits best.</summary>
internal static class Arena
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
        foreach (var buffer in kept.Concat(returned)) last[buffer] = returned.Contains(buffer) ? steps.Count : last.GetValueOrDefault(buffer, 0);
        var slots = new List<Slot>();
        foreach (var buffer in kept) Take(slots, buffer);
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (var buffer in steps[i].Writes) Take(slots, buffer);
            foreach (var slot in slots.Where(s => s.Now is { } now && last[now] <= i)) slot.Now = null;
        }
        long total = slots.Sum(s => s.Bytes);
        if (total > maxBytes || slots.Any(s => s.Bytes > int.MaxValue - 4096))
            throw new DiagnosticException(EngineCodes.TooMuchMemory, $"the graph's values need {total} bytes of working memory, allowed are {maxBytes}");
        foreach (var slot in slots) slot.Allocate();
        return total;
    }

    private static void Take(List<Slot> slots, Storage buffer)
    {
        bool plain = buffer is PlainBuffer;
        var free = slots.Where(s => s.Now is null && s.IsPlain == plain).ToList();
        var slot = free.Where(s => s.Bytes >= buffer.Bytes).MinBy(s => s.Bytes) ?? free.MaxBy(s => s.Bytes);
        if (slot is null) slots.Add(slot = new Slot(plain));
        slot.Now = buffer;
        slot.Bytes = Math.Max(slot.Bytes, buffer.Bytes);
        slot.Buffers.Add(buffer);
    }

    private sealed class Slot(bool isPlain)
    {
        public bool IsPlain { get; } = isPlain;

        public long Bytes { get; set; }

        public Storage? Now { get; set; }

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
