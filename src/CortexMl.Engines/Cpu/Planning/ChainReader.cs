using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Reads operations as links of a chain over one of their operands.</summary>
internal static class ChainReader
{
    /// <summary>Of a table that is a link.</summary>
    private const int MostEntries = 1 << 16;

    /// <returns>Null where the operation is no link over this operand.</returns>
    public static IReadOnlyList<ChainLink>? Read(Operation operation, Value from)
    {
        if (operation.Results.Count != 1 || View.Of(from.Type.Shape) is not { } view || View.Of(operation.Result.Type.Shape) != view)
            return null;
        var (spec, rule) = (operation.Spec, operation);
        if (spec == CvmLookup.CvmLut) return ReadLookup(operation, from);
        if (operation.Operands.Count == 2) return ReadBinary(operation, from, view);
        if (spec == CvmUnary.Relu) return [new ChainLink.Clamp(0, int.MaxValue, from)];
        if (spec == CvmUnary.Negative) return [new ChainLink.Multiply(Uniform(view, -1))];
        if (spec == CvmUnary.Clip) return [new ChainLink.Clamp((int)rule.Int("a_min"), (int)rule.Int("a_max"), from)];
        if (spec == CvmUnary.CvmClip) return [Bounded(rule, from)];
        if (spec == CvmUnary.CvmRightShift) return [new ChainLink.RoundingShift((int)rule.Int("shift_bit"), from), Bounded(rule, from)];
        if (spec == CvmUnary.CvmLeftShift)
            return [new ChainLink.Multiply(Uniform(view, unchecked((int)(1L << (int)rule.Int("shift_bit"))))), Bounded(rule, from)];
        return spec.Is(OpTraits.Reshapes) && (view is { Height: 1, Width: 1 } || operation.Result.Type.Shape == from.Type.Shape)
            ? [] : null;
    }

    private static IReadOnlyList<ChainLink>? ReadBinary(Operation operation, Value from, View view)
    {
        if (operation.Result.Type.Shape != from.Type.Shape) return null;
        bool isFirst = operation.Operands[0] == from;
        var other = operation.Operands[isFirst ? 1 : 0];
        bool adds = operation.Spec == CvmBinary.ElemwiseAdd || operation.Spec == CvmBinary.BroadcastAdd;
        bool subtracts = isFirst && (operation.Spec == CvmBinary.ElemwiseSub || operation.Spec == CvmBinary.BroadcastSub);
        if (!other.IsConstant)
            return (adds || subtracts) && other.Type.Shape == from.Type.Shape ? [new ChainLink.Combine(other, subtracts)] : null;
        if (PerChannel(other, from.Type.Shape, view) is not { } numbers) return null;
        if (adds) return [new ChainLink.Add(numbers)];
        if (subtracts) return [new ChainLink.Add(Array.ConvertAll(numbers, x => unchecked(-x)))];
        if (operation.Spec == CvmBinary.BroadcastMul) return [new ChainLink.Multiply(numbers)];
        bool isUniform = numbers.All(x => x == numbers[0]);
        return operation.Spec == CvmBinary.BroadcastMax && isUniform ? [new ChainLink.Clamp(numbers[0], int.MaxValue, from)] : null;
    }

    private static IReadOnlyList<ChainLink>? ReadLookup(Operation operation, Value from)
    {
        if (operation.Operands[0] != from || operation.Operands[1].Constant is not { } table) return null;
        int[] entries = table.Integers.ToArray();
        return entries.Length is > 0 and <= MostEntries
            ? [new ChainLink.Clamp(0, entries.Length - 1, from), new ChainLink.TableEntry(entries)] : null;
    }

    private static ChainLink.Clamp Bounded(IOperation rule, Value from)
    {
        int bound = (int)Precisions.Bound((int)rule.Int("precision"));
        return new ChainLink.Clamp(-bound, bound, from);
    }

    private static int[] Uniform(View view, int number)
    {
        int[] numbers = new int[view.Channels];
        Array.Fill(numbers, number);
        return numbers;
    }

    /// <summary>The constant's element for every channel; null where it varies along another axis.</summary>
    private static int[]? PerChannel(Value constant, Shape shape, View view)
    {
        var own = constant.Type.Shape;
        int channelFromRight = shape.Rank - 1;
        for (int i = 1; i <= own.Rank; i++)
            if (own[^i] != 1 && i != channelFromRight) return null;
        var elements = constant.Constant!.Integers;
        return elements.Length == 1 ? Uniform(view, elements[0]) : elements.ToArray();
    }
}
