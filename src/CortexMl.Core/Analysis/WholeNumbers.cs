using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Analysis;

/// <summary>Which float values hold whole numbers whatever the data, so that their conversion to integers does nothing.</summary>
public sealed class WholeNumbers
{
    /// <summary>Operations looked through on one path; behind them nothing is claimed.</summary>
    private const int Deepest = 256;

    private static readonly HashSet<OpSpec> s_making =
        [NnUnary.Floor, NnUnary.Ceil, NnUnary.Round, NnBinary.Greater, NnDetection.NonMaxSuppression];

    private static readonly HashSet<OpSpec> s_keeping =
    [
        NnBinary.Add, NnBinary.Sub, NnBinary.Mul, NnBinary.Max, NnBinary.Min, NnUnary.Neg, NnUnary.Abs, NnUnary.Relu, NnUnary.Square,
        NnReduce.Sum, NnReduce.Max,
    ];

    private readonly Dictionary<Value, bool> _known = [];

    /// <summary>An input of the network that holds integers.</summary>
    public void Add(Value input) => _known[input] = true;

    /// <summary>Whether a value holds nothing but whole numbers.</summary>
    public bool Holds(Value value) => Holds(value, Deepest);

    /// <summary>Whether nothing below 0 comes out, as the row that makes it says.</summary>
    public static bool IsNeverNegative(Value value)
    {
        while (value.Producer is { Operands.Count: 1 } move && (move.Spec.Traits & OpTraits.Moves) != 0) value = move.Operands[0];
        return value.Producer is { } op
            && ((op.Spec.Traits & OpTraits.NeverNegative) != 0 || (op.Spec == NnUnary.Clip && op.Float("min") >= 0));
    }

    private bool Holds(Value value, int depth)
    {
        if (_known.TryGetValue(value, out bool known)) return known;
        if (depth == 0) return false;
        return _known[value] = value.Constant is { } constant
            ? constant.Tensor is Tensor<float> tensor && Array.TrueForAll(tensor.Data, float.IsInteger)
            : value.Producer is { } op && Keeps(op, depth - 1);
    }

    private bool Keeps(Operation op, int depth)
    {
        if (s_making.Contains(op.Spec)) return true;
        if (op.Spec == NnLookup.Take) return Holds(op.Operands[0], depth);
        if (op.Spec == NnLookup.Where) return Holds(op.Operands[1], depth) && Holds(op.Operands[2], depth);
        if (op.Spec == NnShape.Pad && !double.IsInteger(op.Float("value"))) return false;
        return (s_keeping.Contains(op.Spec) || op.Spec == NnShape.Pad || (op.Spec.Traits & OpTraits.Moves) != 0)
            && op.Operands.All(o => Holds(o, depth));
    }
}
