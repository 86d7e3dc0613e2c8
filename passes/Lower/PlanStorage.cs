using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Passes.Lower;

//  %2 = cvm.relu(%1) : …   ⇒   %2 = cvm.relu(%1) {slot = [0]} : …
//
// Puts operations in the order in which the CVM runs them (post-order from the outputs) and gives every result a storage slot, the
// reference compiler's way: a freed slot of similar size is used again, never one that an operand still holds. Source:
// CortexMl.Cvm/SPECIFICATION.md §13.
public sealed class PlanStorage : Pass
{
    public static readonly PassInfo Record =
        new("plan-storage", "Order operations for execution and share storage slots", Level.Cvm, Level.Cvm);

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        context.Rewriter.Reorder(ExecutionOrder.Of(graph));
        var slots = new SlotPool();
        var slotOf = new Dictionary<Value, int>();
        var uses = graph.Operations.SelectMany(o => o.Results).ToDictionary(v => v, v => v.Uses.Count);
        foreach (var operation in graph.Operations.Where(o => o.Constant is null))
        {
            foreach (var result in operation.Results.OrderByDescending(r => r.Type.Shape.Count))
                slotOf[result] = slots.Take(Bytes(result));
            foreach (var operand in operation.Operands)
                if (slotOf.TryGetValue(operand, out int slot) && --uses[operand] == 0) slots.Free(slot);
            foreach (var result in operation.Results.Where(r => uses[r] == 0)) slots.Free(slotOf[result]);
            context.Rewriter.SetAttributes(
                operation, operation.Attributes.With(RowCheck.Slot.Name, operation.Results.Select(r => slotOf[r]).ToArray()));
        }
    }

    private static long Bytes(Value value) => 4 * value.Type.Shape.Count;
}
