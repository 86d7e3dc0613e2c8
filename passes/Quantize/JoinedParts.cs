using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize;

/// <summary>What a value joins at one scale, by concatenations and whatever moves elements.</summary>
internal static class JoinedParts
{
    /// <summary>Through concatenations of concatenations; the value itself where it joins nothing. Each part once.</summary>
    public static List<Value> Of(Value value)
    {
        var parts = new List<Value>();
        var open = new Stack<Value>([value]);
        var seen = new HashSet<Value>();
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next)) continue;
            if (Joining(next) is not { } join) parts.Add(next);
            else foreach (var operand in join.Operands.Reverse()) open.Push(operand);
        }
        return parts;
    }

    /// <summary>The concatenation whose elements the value holds, whatever moved them since.</summary>
    public static Operation? Joining(Value value)
    {
        while (value.Producer is { Operands.Count: 1 } op && op.Spec != NnShape.Concat && op.Spec.Is(OpTraits.Moves))
            value = op.Operands[0];
        return value.Producer is { } producer && producer.Spec == NnShape.Concat ? producer : null;
    }
}
