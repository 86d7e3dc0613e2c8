using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends;

/// <summary>Makes the node's result.</summary>
internal delegate Value LastRow(OpSpec row, params Value[] operands);

/// <summary>A logical function of two truths.</summary>
internal delegate Value TruthRow(IRowEmitter n, Value a, Value b, LastRow last);

/// <summary>A comparison of two values.</summary>
internal delegate Value ComparisonRow(IRowEmitter n, Value a, Value b, LastRow last, WholeOperands whole);

/// <summary>Which operands of a comparison hold nothing but whole numbers.</summary>
internal readonly record struct WholeOperands(bool A, bool B)
{
    /// <summary>By how much a number must exceed another one to be greater.</summary>
    public float Order => A && B ? 0.5f : 0;

    /// <summary>By how much one must, not to equal it: what is so near to a whole number is taken for it.</summary>
    public float Equality => A && B ? 0.5f : A || B ? 0.25f : 0;
}

//  a > b, both whole   ⇒   a > b + ½, which no rounding of either below ¼ changes
/// <summary>
/// Comparisons and logic as rows of the float level: a truth is 1 or 0. All are spelled with <see cref="NnBinary.Greater"/>, which integers
/// at one scale decide without an error of its own; what numbers lost before is kept off by a margin.
/// </summary>
internal static class TruthRows
{
    public static Value Greater(IRowEmitter n, Value a, Value b, LastRow last, WholeOperands whole) =>
        last(NnBinary.Greater, a, Beyond(n, "bound", b, whole.Order));

    public static Value Less(IRowEmitter n, Value a, Value b, LastRow last, WholeOperands whole) => Greater(n, b, a, last, whole);

    public static Value GreaterOrEqual(IRowEmitter n, Value a, Value b, LastRow last, WholeOperands whole) =>
        Not(n, Greater(n, b, a, (row, operands) => n.Step("less", row, operands), whole), last);

    public static Value LessOrEqual(IRowEmitter n, Value a, Value b, LastRow last, WholeOperands whole) =>
        Not(n, Greater(n, a, b, (row, operands) => n.Step("greater", row, operands), whole), last);

    public static Value NotEqual(IRowEmitter n, Value a, Value b, LastRow last, WholeOperands whole) => last(NnBinary.Max,
        n.Step("greater", NnBinary.Greater, [a, Beyond(n, "above", b, whole.Equality)]),
        n.Step("less", NnBinary.Greater, [b, Beyond(n, "below", a, whole.Equality)]));

    public static Value Equal(IRowEmitter n, Value a, Value b, LastRow last, WholeOperands whole) =>
        Not(n, NotEqual(n, a, b, (row, operands) => n.Step("apart", row, operands), whole), last);

    public static Value And(IRowEmitter n, Value a, Value b, LastRow last) => last(NnBinary.Mul, a, b);

    public static Value Or(IRowEmitter n, Value a, Value b, LastRow last) => last(NnBinary.Max, a, b);

    public static Value Xor(IRowEmitter n, Value a, Value b, LastRow last) => last(NnUnary.Abs, n.Step("apart", NnBinary.Sub, [a, b]));

    public static Value Not(IRowEmitter n, Value truth, LastRow last) => last(NnBinary.Sub, One(n), truth);

    /// <summary>Whether a number is not 0.</summary>
    public static Value Truth(IRowEmitter n, Value value, LastRow last, bool isWhole = false) =>
        NotEqual(n, value, Number(n, "zero", 0), last, new(isWhole, isWhole));

    /// <summary>1, 0 or -1.</summary>
    public static Value Sign(IRowEmitter n, Value value, LastRow last)
    {
        var zero = Number(n, "zero", 0);
        var positive = n.Step("positive", NnBinary.Greater, [value, zero]);
        return last(NnBinary.Sub, positive, n.Step("negative", NnBinary.Greater, [zero, value]));
    }

    private static Value Beyond(IRowEmitter n, string step, Value value, float margin)
    {
        if (margin == 0) return value;
        return value.Constant is { } constant
            ? n.Floats(step, Tensor.Create(value.Type.Shape, [.. constant.Floats.ToArray().Select(v => v + margin)]))
            : n.Step(step, NnBinary.Add, [value, Number(n, $"{step}.margin", margin)]);
    }

    private static Value One(IRowEmitter n) => Number(n, "one", 1);

    private static Value Number(IRowEmitter n, string name, float number) => n.Floats(name, Tensor.Scalar(number));
}
