using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.RandomGraphs;

/// <summary>The values of a graph that grows, and ways to get one that an operator can take.</summary>
internal sealed class ValuePool(GraphBuilder build, Choices choices, Random random)
{
    private readonly List<Value> _values = [];

    public Choices Choices { get; } = choices;

    public Value Last => _values[^1];

    public void Add(Value value) => _values.Add(value);

    /// <summary>A value, more likely a late one.</summary>
    public Value Any() => _values[^(1 + Math.Min(Choices.Next(_values.Count), Choices.Next(_values.Count)))];

    /// <summary>Applies a row and keeps the result.</summary>
    /// <exception cref="RuleException">The operands or attributes do not fit.</exception>
    public Value Op(OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string Name, AttributeValue Value)> attributes)
    {
        foreach (var result in build.Operation(row, operands, Attributes.Of(attributes)).Results) Add(result);
        return Last;
    }

    /// <summary>A value of this rank: one that is there, or one under another shape.</summary>
    public Value Ranked(int rank)
    {
        var value = Any();
        if (value.Type.Shape.Rank == rank) return value;
        long[] shape = new long[rank];
        long left = value.Type.Shape.Count;
        for (int axis = 0; axis < rank - 1; axis++)
        {
            shape[axis] = Divisor(left);
            left /= shape[axis];
        }
        shape[rank - 1] = left;
        return Op(CvmShape.Reshape, [value], ("shape", shape));
    }

    /// <summary>The value in at most so many bits.</summary>
    public Value Narrow(Value value, int precision) => value.Type.Precision <= precision ? value
        : Choices.OneIn(2) ? Op(CvmUnary.CvmClip, [value], ("precision", precision))
        : Op(CvmUnary.CvmRightShift, [value], ("precision", precision), ("shift_bit", Math.Clamp(value.Type.Precision - precision, 1, 31)));

    /// <summary>A value of exactly this shape: one that is there, or a constant.</summary>
    public Value Like(Shape shape) => Choices.OneIn(2) && _values.Where(v => v.Type.Shape == shape).ToList() is { Count: > 0 } same
        ? Choices.Of(same) : Constant(shape, Choices.Of(8, 8, 2, 12, 20, 32));

    /// <summary>Numbers of this precision, its limits and zero among them; sometimes all of them the same.</summary>
    public Value Constant(Shape shape, int precision)
    {
        int bound = (int)Precisions.Bound(precision);
        int? all = Choices.Next(8) switch { 0 => bound, 1 => -bound, _ => null };
        return Constant(shape, precision,
            () => all ?? (random.Next(6) switch { 0 => bound, 1 => -bound, 2 => 0, _ => (int)random.NextInt64(-bound, bound + 1L) }));
    }

    public Value Constant(Shape shape, int precision, Func<int> element) =>
        build.Constant("c", Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => element())]), precision);

    public int Axis(Shape shape) => Choices.Next(shape.Rank);

    /// <summary>A number that divides another one.</summary>
    public long Divisor(long of)
    {
        long[] divisors = [.. Enumerable.Range(1, (int)Math.Min(of, 64)).Select(d => (long)d).Where(d => of % d == 0)];
        return divisors[Choices.Next(divisors.Length)];
    }
}
