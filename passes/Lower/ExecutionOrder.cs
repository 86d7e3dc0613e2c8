using CortexMl.Ir;

namespace CortexMl.Passes.Lower;

/// <summary>Post-order depth-first search from the outputs, operands left to right: the order in which the CVM's nodes stand.</summary>
internal static class ExecutionOrder
{
    public static IReadOnlyList<Operation> Of(Graph graph)
    {
        var order = new List<Operation>();
        var seen = new HashSet<Operation>();
        // An explicit stack: networks can be deeper than the thread's own.
        var stack = new Stack<(Operation Operation, int Next)>();
        foreach (var output in graph.Outputs)
        {
            Push(output);
            while (stack.TryPop(out var top))
            {
                if (top.Next == top.Operation.Operands.Count)
                {
                    order.Add(top.Operation);
                    continue;
                }
                stack.Push((top.Operation, top.Next + 1));
                Push(top.Operation.Operands[top.Next]);
            }
        }
        // Operations that no output needs keep their place at the end.
        order.AddRange(graph.Operations.Where(o => !seen.Contains(o)));
        return order;

        void Push(Value value)
        {
            if (value.Producer is { } producer && seen.Add(producer)) stack.Push((producer, 0));
        }
    }
}
