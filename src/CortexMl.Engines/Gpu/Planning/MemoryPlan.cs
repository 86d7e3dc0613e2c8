using CortexMl.Engines.Gpu.Generation;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>Gives values memory by their life spans: a slot whose value is used up goes to the next value that fits best.</summary>
/// <param name="SlotOf">The slot of every value.</param>
/// <param name="Bytes">The size of every slot.</param>
internal sealed record MemoryPlan(IReadOnlyDictionary<Value, int> SlotOf, IReadOnlyList<long> Bytes)
{
    public static MemoryPlan Make(Graph graph, IReadOnlyList<KernelGroup> groups, IReadOnlyDictionary<Value, ValueLayout> layouts)
    {
        var last = new Dictionary<Value, int>();
        for (int i = 0; i < groups.Count; i++)
            foreach (var value in groups[i].Operands.Concat(groups[i].Last.Results).Where(layouts.ContainsKey)) last[value] = i;
        foreach (var output in graph.Outputs.Where(layouts.ContainsKey)) last[output] = groups.Count;
        var slots = new List<(Value? Now, long Bytes)>();
        var slotOf = new Dictionary<Value, int>();
        foreach (var input in graph.Inputs) Take(input);
        for (int i = 0; i < groups.Count; i++)
        {
            foreach (var result in groups[i].Last.Results) Take(result);
            for (int s = 0; s < slots.Count; s++)
                if (slots[s].Now is { } now && last.GetValueOrDefault(now, -1) <= i) slots[s] = (null, slots[s].Bytes);
        }
        return new MemoryPlan(slotOf, [.. slots.Select(s => s.Bytes)]);

        void Take(Value value)
        {
            long bytes = layouts[value].Bytes;
            var free = Enumerable.Range(0, slots.Count).Where(s => slots[s].Now is null).ToList();
            int slot = free.Where(s => slots[s].Bytes >= bytes).OrderBy(s => slots[s].Bytes).FirstOrDefault(-1);
            if (slot < 0) slot = free.OrderByDescending(s => slots[s].Bytes).FirstOrDefault(-1);
            if (slot < 0)
            {
                slot = slots.Count;
                slots.Add((null, 0));
            }
            slots[slot] = (value, Math.Max(slots[slot].Bytes, bytes));
            slotOf[value] = slot;
        }
    }
}
