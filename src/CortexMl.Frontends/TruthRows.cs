using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends;

/// <summary>Makes the node's result.</summary>
internal delegate Value LastRow(OpSpec row, params Value[] operands);

/// <summary>A comparison or logical function of two values.</summary>
internal delegate Value TruthRow(IRowEmitter n, Value a, Value b, LastRow last);

/// <summary>
/// Comparisons and logic as rows of the float level: a truth is 1 or 0. All are spelled with <see cref="NnBinary.Greater"/>, which integers
/// at one scale decide without an error of its own.
/// </summary>
internal static class TruthRows
{
    public static Value Greater(IRowEmitter n, Value a, Value b, LastRow last) => last(NnBinary.Greater, a, b);

    public static Value Less(IRowEmitter n, Value a, Value b, LastRow last) => last(NnBinary.Greater, b, a);

    public static Value GreaterOrEqual(IRowEmitter n, Value a, Value b, LastRow last) =>
        Not(n, n.Step("less", NnBinary.Greater, [b, a]), last);

    public static Value LessOrEqual(IRowEmitter n, Value a, Value b, LastRow last) =>
        Not(n, n.Step("greater", NnBinary.Greater, [a, b]), last);

    public static Value NotEqual(IRowEmitter n, Value a, Value b, LastRow last) =>
        last(NnBinary.Max, n.Step("greater", NnBinary.Greater, [a, b]), n.Step("less", NnBinary.Greater, [b, a]));

    public static Value Equal(IRowEmitter n, Value a, Value b, LastRow last) =>
        Not(n, NotEqual(n, a, b, (row, operands) => n.Step("apart", row, operands)), last);

    public static Value And(IRowEmitter n, Value a, Value b, LastRow last) => last(NnBinary.Mul, a, b);

    public static Value Or(IRowEmitter n, Value a, Value b, LastRow last) => last(NnBinary.Max, a, b);

    public static Value Xor(IRowEmitter n, Value a, Value b, LastRow last) => last(NnUnary.Abs, n.Step("apart", NnBinary.Sub, [a, b]));

    public static Value Not(IRowEmitter n, Value truth, LastRow last) => last(NnBinary.Sub, One(n), truth);

    /// <summary>Whether a number is not 0.</summary>
    public static Value Truth(IRowEmitter n, Value value, LastRow last) => NotEqual(n, value, Number(n, "zero", 0), last);

    /// <summary>1, 0 or -1.</summary>
    public static Value Sign(IRowEmitter n, Value value, LastRow last)
    {
        var zero = Number(n, "zero", 0);
        var positive = n.Step("positive", NnBinary.Greater, [value, zero]);
        return last(NnBinary.Sub, positive, n.Step("negative", NnBinary.Greater, [zero, value]));
    }

    private static Value One(IRowEmitter n) => Number(n, "one", 1);

    private static Value Number(IRowEmitter n, string name, float number) => n.Floats(name, Tensor.Scalar(number));
}
