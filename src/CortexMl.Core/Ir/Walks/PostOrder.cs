namespace CortexMl.Ir.Walks;

/// <summary>
/// Operations depth first from the outputs, operands from left to right, each behind its operands: the order in which the CVM's nodes
/// stand.
/// </summary>
public static class PostOrder
{
    /// <returns>What the outputs need, constants among it, each operation once.</returns>
    public static List<Operation> Of(Graph graph)
    {
        var order = new List<Operation>();
        var seen = new HashSet<Operation>();
        // A stack of our own: networks can be deeper than the thread's.
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
            if (value.Producer is { } producer && seen.Add(producer)) stack.Push((producer, 0));
        }
    }
}
