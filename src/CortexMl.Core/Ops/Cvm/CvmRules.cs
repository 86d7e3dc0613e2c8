using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Ops.Cvm;

/// <summary>
/// What the rules of all CVM rows share: static limits of shapes and precisions (CortexMl.Cvm/SPECIFICATION.md §6), axes, ranges.
/// </summary>
public static class CvmRules
{
    public const int MaxRank = 6;

    public const long MaxDimension = 1L << 24, MaxElements = 1L << 30;

    /// <summary>Largest stride, padding, dilation, scale or repetition.</summary>
    public const long MaxFactor = 4096;

    public static readonly ElementRule SamePrecision = Precision((op, _) => op.Precision(0));

    public static readonly ShapeRule SameShape = Shape(op => Dims(op.Shape(0)));

    /// <summary>A shape rule with one result, whose operands are within the limits and whose result must be.</summary>
    public static ShapeRule Shape(Func<IOperation, long[]> rule) => op =>
    {
        CheckOperands(op);
        return [Limited(op, rule(op))];
    };

    /// <summary>A precision rule with one result; a result outside 1..32 is a logic error.</summary>
    public static ElementRule Precision(Func<IOperation, IReadOnlyList<Shape>, long> rule) => (op, results) =>
    {
        CheckIntegers(op);
        return [Element(op, rule(op, results))];
    };

    public static ElementType Element(IOperation op, long precision) => precision is >= 1 and <= 32
        ? ElementType.Integer((int)precision)
        : throw op.Logic($"the result needs precision {precision}, allowed are 1..32");

    /// <exception cref="RuleException">An operand is no integer tensor.</exception>
    public static void CheckIntegers(IOperation op)
    {
        for (int i = 0; i < op.OperandCount; i++)
            if (op.OperandType(i).Element.IsFloat)
                throw op.Logic($"operand {i} is {op.OperandType(i)}; CVM operators work on integers");
    }

    /// <exception cref="RuleException">An operand's shape is outside the static limits.</exception>
    public static void CheckOperands(IOperation op)
    {
        for (int i = 0; i < op.OperandCount; i++)
        {
            var shape = op.Shape(i);
            if (Excess(shape.Rank, axis => shape[axis]) is { } problem) throw op.Logic($"operand {i}, {shape}: {problem}");
        }
    }

    /// <summary>The dimensions as a shape.</summary>
    /// <exception cref="RuleException">They are outside the static limits.</exception>
    public static Shape Limited(IOperation op, long[] dims) => Excess(dims.Length, axis => dims[axis]) is { } problem
        ? throw op.Logic($"the result would be {Show(dims)}: {problem}")
        : Tensors.Shape.Of(dims.Select(d => (int)d));

    public static long[] Dims(Shape shape) => [.. shape.Select(d => (long)d)];

    /// <summary>
    /// <paramref name="axis"/> counted from the front, for an axis of -<paramref name="rank"/>..<paramref name="rank"/>-1.
    /// </summary>
    public static int Axis(IOperation op, long axis, int rank) =>
        Tensors.Shape.Axis(axis, rank) ?? throw op.Logic($"axis {axis} is outside {-rank}..{rank - 1}");

    public static void InRange(IOperation op, string name, long value, long min, long max)
    {
        if (value < min || value > max) throw op.Logic($"{name} = {value} is outside {min}..{max}");
    }

    /// <summary>The two elements of a tuple attribute, each in the range.</summary>
    public static (long H, long W) Pair(IOperation op, string name, long min, long max)
    {
        if (op.Ints(name).Length != 2) throw op.Logic($"{name} needs 2 elements, found {op.Ints(name).Length}");
        var (h, w) = op.Pair(name);
        InRange(op, name, h, min, max);
        InRange(op, name, w, min, max);
        return (h, w);
    }

    public static void Rank(IOperation op, int operand, int rank)
    {
        if (op.Shape(operand).Rank != rank)
            throw op.Logic(
                $"{op.Spec.Operands[operand].Name} has shape {op.Shape(operand)}, "
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
