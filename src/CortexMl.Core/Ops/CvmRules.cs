using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Ops;

/// <summary>
/// What the rules of all CVM rows share: static limits of shapes and precisions (CortexMl.Cvm/SPECIFICATION.md §6), axes, ranges.
/// </summary>
public static class CvmRules
{
    public const int MaxRank = 6;

    public const long MaxDimension = 1L << 24, MaxElements = 1L << 30;

    /// <summary>Largest stride, padding, dilation, scale or repetition.</summary>
    public const long MaxFactor = 4096;

    public static readonly ElementRule SamePrecision = Precision((context, _) => context.Precision(0));

    public static readonly ShapeRule SameShape = Shape(context => Dims(context.Shape(0)));

    /// <summary>A shape rule with one result, whose operands are within the limits and whose result must be.</summary>
    public static ShapeRule Shape(Func<RuleContext, long[]> rule) => context =>
    {
        CheckOperands(context);
        return [Limited(context, rule(context))];
    };

    /// <summary>A precision rule with one result; a result outside 1..32 is a logic error.</summary>
    public static ElementRule Precision(Func<RuleContext, IReadOnlyList<Shape>, long> rule) => (context, results) =>
    {
        CheckIntegers(context);
        return [Element(context, rule(context, results))];
    };

    public static ElementType Element(RuleContext context, long precision) => precision is >= 1 and <= 32
        ? ElementType.Integer((int)precision)
        : throw context.Logic($"the result needs precision {precision}, allowed are 1..32");

    /// <exception cref="RuleException">An operand is no integer tensor.</exception>
    public static void CheckIntegers(RuleContext context)
    {
        for (int i = 0; i < context.Operands.Count; i++)
            if (context.Operands[i].Element.IsFloat)
                throw context.Logic($"operand {i} is {context.Operands[i]}; CVM operators work on integers");
    }

    /// <exception cref="RuleException">An operand's shape is outside the static limits.</exception>
    public static void CheckOperands(RuleContext context)
    {
        for (int i = 0; i < context.Operands.Count; i++)
        {
            var shape = context.Shape(i);
            if (Excess(shape.Rank, axis => shape[axis]) is { } problem) throw context.Logic($"operand {i}, {shape}: {problem}");
        }
    }

    /// <summary>The dimensions as a shape.</summary>
    /// <exception cref="RuleException">They are outside the static limits.</exception>
    public static Shape Limited(RuleContext context, long[] dims) => Excess(dims.Length, axis => dims[axis]) is { } problem
        ? throw context.Logic($"the result would be {Show(dims)}: {problem}")
        : Tensors.Shape.Of(dims.Select(d => (int)d));

    public static long[] Dims(Shape shape) => [.. shape.Select(d => (long)d)];

    /// <summary>
    /// <paramref name="axis"/> counted from the front, for an axis of -<paramref name="rank"/>..<paramref name="rank"/>-1.
    /// </summary>
    public static int Axis(RuleContext context, long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw context.Logic($"axis {axis} is outside {-rank}..{rank - 1}");

    public static void InRange(RuleContext context, string name, long value, long min, long max)
    {
        if (value < min || value > max) throw context.Logic($"{name} = {value} is outside {min}..{max}");
    }

    /// <summary>The two elements of a tuple attribute, each in the range.</summary>
    public static (long H, long W) Pair(RuleContext context, string name, long min, long max)
    {
        if (context.Ints(name).Length != 2) throw context.Logic($"{name} needs 2 elements, found {context.Ints(name).Length}");
        var (h, w) = context.Pair(name);
        InRange(context, name, h, min, max);
        InRange(context, name, w, min, max);
        return (h, w);
    }

    public static void Rank(RuleContext context, int operand, int rank)
    {
        if (context.Shape(operand).Rank != rank)
            throw context.Logic(
                $"{context.Spec.Operands[operand].Name} has shape {context.Shape(operand)}, "
                + $"{Counted.Of(rank, "dimension is", "dimensions are")} needed");
    }

    private static string? Excess(int rank, Func<int, long> dim)
    {
        if (rank is < 1 or > MaxRank) return $"{Counted.Of(rank, "dimension")}, allowed are 1..{MaxRank}";
        long count = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            if (dim(axis) is < 1 or > MaxDimension) return $"a dimension of {dim(axis)}, allowed are 1..{MaxDimension}";
            count *= dim(axis);
            if (count > MaxElements) return $"more than {MaxElements} elements";
        }
        return null;
    }

    private static string Show(long[] dims) => "[" + string.Join(", ", dims.Take(MaxRank + 1)) + (dims.Length > MaxRank + 1 ? ", …]" : "]");
}
