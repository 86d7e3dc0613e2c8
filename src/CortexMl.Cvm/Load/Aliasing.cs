using CortexMl.Ir;

namespace CortexMl.Cvm.Load;

/// <summary>
/// Finds out whether sharing storage can be seen: replays which value each slot holds and looks for a use of a value that is no longer
/// there, and for constants that an inference overwrites, which the next inference would notice.
/// </summary>
internal static class Aliasing
{
    public static CvmStorage Plan(Graph graph, Value[] entries, List<int> ids)
    {
        var numbers = new Dictionary<int, int>();
        var slots = new Dictionary<Value, int>();
        var sizes = new List<long>();
        for (int entry = 0; entry < entries.Length; entry++)
        {
            if (!numbers.TryGetValue(ids[entry], out int slot))
            {
                numbers[ids[entry]] = slot = sizes.Count;
                sizes.Add(0);
            }
            slots[entries[entry]] = slot;
            sizes[slot] = Math.Max(sizes[slot], entries[entry].Type.Shape.Count);
        }
        return new CvmStorage(slots, sizes, IsAliased(graph, slots, sizes.Count));
    }

    private static bool IsAliased(Graph graph, Dictionary<Value, int> slots, int count)
    {
        var holder = new Value?[count];
        foreach (var constant in graph.Constants) holder[slots[constant.Result]] = constant.Result;
        foreach (var input in graph.Inputs) holder[slots[input]] = input;
        foreach (var operation in graph.Operations.Where(o => o.Constant is null))
        {
            if (operation.Operands.Any(operand => holder[slots[operand]] != operand)) return true;
            foreach (var result in operation.Results) holder[slots[result]] = result;
        }
        return graph.Outputs.Any(output => holder[slots[output]] != output)
            || graph.Constants.Any(c => c.Result.Uses.Count > 0 && holder[slots[c.Result]] != c.Result);
    }
}
