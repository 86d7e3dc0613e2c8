using CortexMl.Ir;

namespace CortexMl.Picturing;

/// <summary>A stretch of a graph that is drawn by itself.</summary>
/// <param name="Operations">In the graph's order, without constants.</param>
/// <param name="Entering">What it reads of other blocks and of the inputs, in the order of its first use.</param>
/// <param name="Leaving">What others read of it, or the graph returns.</param>
internal sealed record PictureBlock(IReadOnlyList<Operation> Operations, IReadOnlyList<Value> Entering, IReadOnlyList<Value> Leaving);

/// <summary>
/// Folds a long graph: it is cut where fewest values cross, which is between the blocks that its author repeated; a residual block has one
/// value at its ends and two inside.
/// </summary>
internal static class PictureBlocks
{
    /// <summary>Graphs of no more operations are drawn as one.</summary>
    public const int Most = 60;

    private const int Least = 6, Longest = 40;

    public static IReadOnlyList<PictureBlock> Of(Graph graph, bool folds = true)
    {
        List<Operation> operations = [.. graph.Operations.Where(o => o.Constant is null)];
        if (!folds || operations.Count <= Most) return [Block(operations)];
        int[] crossing = Crossing(operations);
        var blocks = new List<PictureBlock>();
        for (int start = 0; start < operations.Count;)
        {
            int end = End(start, operations.Count, crossing);
            blocks.Add(Block(operations[start..end]));
            start = end;
        }
        return blocks;
    }

    // The end with the fewest crossing values; of several the first, so that blocks stay short. A short rest is cut where as few cross
    // as at its beginning.
    private static int End(int start, int count, int[] crossing)
    {
        if (count - start <= Least) return count;
        int best = start + Least;
        for (int end = start + Least; end <= start + Longest && end < count; end++)
            if (crossing[end] < crossing[best]) best = end;
        return count - start <= Longest && crossing[best] > Math.Max(1, crossing[start]) ? count : best;
    }

    /// <summary>For each place between operations, how many values made in front of it are read behind it.</summary>
    private static int[] Crossing(List<Operation> operations)
    {
        var places = operations.Index().ToDictionary(o => o.Item, o => o.Index);
        int[] changes = new int[operations.Count + 2];
        foreach (var (i, operation) in operations.Index())
        {
            foreach (var result in operation.Results)
            {
                int last = result.Uses.Select(use => use.User is { } user ? places[user] : operations.Count).DefaultIfEmpty(i).Max();
                changes[i + 1]++;
                changes[last + 1]--;
            }
        }
        int[] crossing = new int[operations.Count + 1];
        for (int i = 0, sum = 0; i < crossing.Length; i++) crossing[i] = sum += changes[i];
        return crossing;
    }

    private static PictureBlock Block(List<Operation> operations)
    {
        var own = operations.ToHashSet();
        var entering = operations.SelectMany(o => o.Operands)
            .Where(v => !v.IsConstant && (v.Producer is null || !own.Contains(v.Producer))).Distinct();
        var leaving = operations.SelectMany(o => o.Results).Where(v => v.Uses.Any(use => use.User is null || !own.Contains(use.User)));
        return new(operations, [.. entering], [.. leaving]);
    }
}
