using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Clamping;

/// <summary>From where to where each element of a value may go.</summary>
internal sealed record ElementBounds(Tensor<double> Low, Tensor<double> High)
{
    public double Least { get; } = Low.Data.Min();

    public double Most { get; } = High.Data.Max();

    public static ElementBounds Within(Shape shape, double reach) => new(Filled(shape, -reach), Filled(shape, reach));

    private static Tensor<double> Filled(Shape shape, double value)
    {
        var data = new double[checked((int)shape.Count)];
        Array.Fill(data, value);
        return Tensor.Create(shape, data);
    }
}

/// <summary>
/// Bounds of float values, element by element: of constants what they are, of what is added to them, moved or joined what follows from it,
/// and of everything else what calibration saw.
/// </summary>
/// <param name="slack">
/// How many times further than its threshold a value may reach: a threshold may cut off, and samples are not all that will come.
/// </param>
internal sealed class RealBounds(double slack)
{
    /// <summary>Nobody hides a mask further away; so a long network is no deep recursion.</summary>
    private const int Furthest = 64;

    private readonly Dictionary<Value, ElementBounds> _known = [];

    private readonly Dictionary<Value, bool> _hasConstant = [];

    public ElementBounds Of(Value value) => Of(value, 0);

    /// <summary>Whether the bounds of a result follow from those of its operands here, and the operands that count.</summary>
    public static IReadOnlyList<Value>? Followed(Operation op)
    {
        if (op.Spec == NnBinary.Add || op.Spec == NnBinary.Sub || op.Spec == NnBinary.Max || op.Spec == NnBinary.Min) return op.Operands;
        if (op.Spec == NnBinary.Mul) return op["b"].IsConstant ? op.Operands : null;
        if (op.Spec == NnUnary.Neg || op.Spec == NnShape.Concat || op.Spec == NnShape.Pad) return op.Operands;
        return op.Spec.Is(OpTraits.Moves) && op.Operands.Count == 1 ? op.Operands : null;
    }

    private ElementBounds Of(Value value, int depth)
    {
        if (_known.TryGetValue(value, out var known)) return known;
        return _known[value] = value.Constant is { } constant ? Exactly(constant)
            : depth < Furthest && HasConstant(value, depth) ? Through(value.Producer!, depth)
            : ElementBounds.Within(value.Type.Shape, slack * (value.Type.Threshold ?? double.PositiveInfinity));
    }

    /// <summary>Whether a constant takes part; else the value's own threshold is nearer than what follows from its operands.</summary>
    private bool HasConstant(Value value, int depth)
    {
        if (value.IsConstant) return true;
        if (depth == Furthest || value.Producer is not { } op || Followed(op) is not { } operands) return false;
        if (_hasConstant.TryGetValue(value, out bool known)) return known;
        IEnumerable<Value> asked = op.Spec == NnBinary.Mul ? [op["a"]] : operands;
        return _hasConstant[value] = IsBordered(op) || asked.Any(o => HasConstant(o, depth + 1));
    }

    private static bool IsBordered(Operation op) => op.Spec == NnShape.Pad && op.Float("value") != 0;

    private static ElementBounds Exactly(ConstantData constant)
    {
        var elements = constant.Tensor.ToDouble();
        return new(elements, elements);
    }

    private ElementBounds Through(Operation op, int depth)
    {
        ElementBounds[] bounds = [.. op.Operands.Select(o => Of(o, depth + 1))];
        Tensor<double>[] low = [.. bounds.Select(b => b.Low)], high = [.. bounds.Select(b => b.High)];
        if (op.Spec == NnUnary.Neg) return new(NaiveKernels.Evaluate(op, high), NaiveKernels.Evaluate(op, low));
        if (op.Spec == NnBinary.Sub)
            return new(NaiveKernels.Evaluate(op, [low[0], high[1]]), NaiveKernels.Evaluate(op, [high[0], low[1]]));
        var (first, second) = (NaiveKernels.Evaluate(op, low), NaiveKernels.Evaluate(op, high));
        return op.Spec == NnBinary.Mul ? new(Each(Math.Min, first, second), Each(Math.Max, first, second)) : new(first, second);
    }

    private static Tensor<double> Each(Func<double, double, double> choose, Tensor<double> a, Tensor<double> b) =>
        Tensor.Create(a.Shape, [.. a.Data.Zip(b.Data, choose)]);
}
