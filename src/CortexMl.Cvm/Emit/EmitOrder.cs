using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Cvm.Emit;

/// <summary>The operations that the outputs need, in the order in which they are written.</summary>
internal static class EmitOrder
{
    public static List<Operation> Of(Graph graph)
    {
        var order = PostOrder(graph);
        if (!order.Exists(o => o.Attributes.Has(RowCheck.Slot.Name))) return order;
        var needed = order.ToHashSet();
        return [.. graph.Operations.Where(needed.Contains)];
    }

    /// <summary>Depth first from the outputs, operands left to right; with a stack of our own, since networks can be deep.</summary>
    private static List<Operation> PostOrder(Graph graph)
    {
        var order = new List<Operation>();
        var seen = new HashSet<Operation>();
        var stack = new Stack<(Operation Operation, int Next)>();
        foreach (var output in graph.Outputs)
        {
            Enter(output);
            while (stack.TryPop(out var top))
            {
                if (top.Next == top.Operation.Operands.Count)
                {
                    order.Add(top.Operation);
                    continue;
                }
                stack.Push((top.Operation, top.Next + 1));
                Enter(top.Operation.Operands[top.Next]);
            }
        }
        return order;

        void Enter(Value value)
        {
            if (value.Producer is { Constant: null } producer && seen.Add(producer)) stack.Push((producer, 0));
        }
    }
}
