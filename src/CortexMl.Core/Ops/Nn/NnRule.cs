using System.Collections.Immutable;
using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Ops.Nn;

/// <summary>What the shape rules of the float rows share: checked 64-bit arithmetic, axes, and operand columns.</summary>
internal static class NnRule
{
    public static readonly OperandSpec Data = new("data", "any shape");
    public static readonly OperandSpec Image = new("data", "[N, C, H, W]");

    /// <summary>Shape rule of an operator that works element by element on its first operand.</summary>
    public static IReadOnlyList<Shape> Same(IOperation op) => [op.Shape(0)];

    /// <summary>Shape from 64-bit dimensions.</summary>
    /// <exception cref="RuleException">A dimension is below 1 or the element count does not fit 31 bits.</exception>
    public static Shape Make(IOperation op, params ReadOnlySpan<long> dims)
    {
        var result = new int[dims.Length];
        long count = 1;
        for (int i = 0; i < dims.Length; i++)
        {
            if (dims[i] < 1)
                throw op.Logic($"the result would have {Counted.Of(dims[i], "element")} along axis {i}; at least 1 is allowed");
            if (dims[i] > int.MaxValue / count)
                throw op.Logic($"the result would have {Spell(dims)} elements; at most {int.MaxValue} are allowed");
            count *= dims[i];
            result[i] = (int)dims[i];
        }
        return Shape.Of(result);
    }

    private static string Spell(ReadOnlySpan<long> dims) =>
        string.Join(" x ", dims.ToArray().Select(d => d.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Product of dimensions that belong to an existing shape.</summary>
    public static long Product(ReadOnlySpan<int> dims)
    {
        long product = 1;
        foreach (int dim in dims) product = checked(product * dim);
        return product;
    }

    /// <summary>The axis attribute counted from the front; negative ones count from the end.</summary>
    public static int Axis(IOperation op, long axis, int rank) => Shape.Axis(axis, rank)
        ?? throw op.Logic($"axis {axis} is outside a tensor of rank {rank}", $"allowed: {-rank}..{rank - 1}");

    /// <summary>The axes of an attribute counted from the front, each named once.</summary>
    public static int[] Axes(IOperation op, string attribute, int rank)
    {
        int[] axes = [.. op.Ints(attribute).Select(a => Axis(op, a, rank))];
        if (axes.Distinct().Count() != axes.Length) throw op.Logic($"{attribute} = {op.Get(attribute)} names an axis twice");
        return axes;
    }

    /// <summary>An integer list with one element for each axis of operand 0.</summary>
    public static ImmutableArray<long> PerAxis(IOperation op, string attribute)
    {
        var ints = op.Ints(attribute);
        int rank = op.Shape(0).Rank;
        return ints.Length == rank ? ints
            : throw op.Logic($"{attribute} has {Counted.Of(ints.Length, "element")}, data {op.Shape(0)} has rank {rank}",
                "give one element for each axis");
    }

    /// <summary>Shape of operand 0, checked to be [N, C, H, W].</summary>
    public static Shape Nchw(IOperation op) =>
        op.Shape(0) is { Rank: 4 } shape
            ? shape
            : throw op.Logic($"data {op.Shape(0)} has rank {op.Shape(0).Rank}", "expected [N, C, H, W]");

    /// <summary>Requires a parameter vector of <paramref name="length"/> elements.</summary>
    public static void Vector(IOperation op, int operand, long length, string of)
    {
        var shape = op.Shape(operand);
        if (shape.Rank != 1 || shape[0] != length)
            throw op.Logic($"{op.Spec.Operands[operand].Name} {shape} does not fit {length} {of}", $"expected [{length}]");
    }
}
