using CortexMl.Ir;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.relu(%x)                  %0 = nn.relu(%x)
//  %1 = nn.relu(%x)           ⇒
//  %2 = nn.add(%0, %1)               %2 = nn.add(%0, %0)
//
// Operations are equal when row, operands and attributes are, defaults filled in; constants when type and bytes are. The first one stays.
public sealed class CommonSubexpressions : Pass
{
    public static readonly PassInfo Record = new(
        "common-subexpressions", "Compute equal expressions and store equal constants once", Level.Any, Level.Any);

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        var seen = new Dictionary<Key, List<Operation>>();
        foreach (var operation in graph.Operations.ToList())
        {
            if (context.Rewriter.Exhausted) return;
            var key = new Key(operation.Spec, operation.Results[0].Type, operation.Operands.Count > 0 ? operation.Operands[0] : null);
            if (!seen.TryGetValue(key, out var candidates)) seen[key] = candidates = [];
            if (candidates.Find(c => Equal(c, operation)) is { } first) Merge(operation, first, context.Rewriter);
            else candidates.Add(operation);
        }
    }

    /// <summary>What equal operations share and what is quick to compare.</summary>
    private sealed record Key(OpSpec Spec, TensorType Type, Value? FirstOperand);

    private static void Merge(Operation operation, Operation first, Rewriter rewriter)
    {
        for (int i = 0; i < operation.Results.Count; i++) rewriter.Replace(operation.Results[i], first.Results[i]);
        rewriter.Erase(operation);
    }

    private static bool Equal(Operation a, Operation b)
    {
        if (a.Constant is { } constant) return constant.Tensor.Bytes.SequenceEqual(b.Constant!.Tensor.Bytes);
        return a.Operands.SequenceEqual(b.Operands) && a.Results.Select(r => r.Type).SequenceEqual(b.Results.Select(r => r.Type))
            && SameAttributes(a, b);
    }

    private static bool SameAttributes(Operation a, Operation b)
    {
        if (a.Attributes.Equals(b.Attributes)) return true;
        if (a.Attributes.Has(RowCheck.Slot.Name) || b.Attributes.Has(RowCheck.Slot.Name)) return false;
        return a.Spec.Attributes.All(attribute => Equals(a.Get(attribute.Name), b.Get(attribute.Name)));
    }
}
