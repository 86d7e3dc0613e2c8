using CortexMl.Analysis;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Passes.Target;

//  %2 = cvm.relu(%1) : …   ⇒   %2 = cvm.relu(%1) {slot = [0]} : …
//
// Puts operations in the order in which the CVM runs them (post-order from the outputs) and gives every result a storage slot, the
// reference compiler's way: a freed slot of similar size is used again, never one that an operand still holds. Source:
// CortexMl.Cvm/SPECIFICATION.md §13.
public sealed class PlanStorage : Pass
{
    /// <summary>The reference compiler's: a slot that is 16 times too large or too small is left alone.</summary>
    private const int Factor = 16;

    public static readonly PassInfo Record =
        new("plan-storage", "Order operations for execution and share storage slots", Level.Cvm, Level.Cvm);

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        context.Rewriter.Reorder(ExecutionOrder(graph));
        var operations = graph.Operations.Where(o => o.Constant is null).ToList();
        var slots = SlotAllocator.Allocate(
            [.. operations.Select(o => new StepUses<Value>(o.Operands, [.. o.Results.OrderByDescending(Bytes)]))],
            before: [], behind: graph.Outputs, Bytes, Factor);
        foreach (var operation in operations)
            context.Rewriter.SetAttributes(
                operation, operation.Attributes.With(RowCheck.Slot.Name, operation.Results.Select(r => slots.SlotOf[r]).ToArray()));
    }

    /// <summary>Operations that no output needs keep their place at the end.</summary>
    private static List<Operation> ExecutionOrder(Graph graph)
    {
        var needed = PostOrder.Of(graph);
        return [.. needed, .. graph.Operations.Except(needed)];
    }

    private static long Bytes(Value value) => 4 * value.Type.Shape.Count;
}
