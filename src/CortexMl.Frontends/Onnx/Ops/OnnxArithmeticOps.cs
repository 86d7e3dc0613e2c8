using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Arithmetic, on activations as rows and on constants and shapes at once.</summary>
internal static class OnnxArithmeticOps
{
    public static readonly OnnxOp[] Rows =
    [
        Binary("Add", NnBinary.Add, (a, b) => a + b, (a, b) => a + b),
        Binary("Sub", NnBinary.Sub, (a, b) => a - b, (a, b) => a - b),
        Binary("Mul", NnBinary.Mul, (a, b) => a * b, (a, b) => a * b),
        Binary("Div", NnBinary.Div, (a, b) => a / b, Quotient),
        Binary("Pow", NnBinary.Pow, PortableMath.Pow, Power),
        Variadic("Max", NnBinary.Max, Math.Max, Math.Max),
        Variadic("Min", NnBinary.Min, Math.Min, Math.Min),
        Variadic("Sum", NnBinary.Add, (a, b) => a + b, (a, b) => a + b),
        new("Mean", "nn.add, then nn.mul by 1 / count") { Import = Mean },
        Unary("Abs", NnUnary.Abs, Math.Abs, v => v < 0 ? unchecked(-v) : v),
        Unary("Neg", NnUnary.Neg, v => -v, v => unchecked(-v)),
        Unary("Sqrt", NnUnary.Sqrt, Math.Sqrt),
        Unary("Exp", NnUnary.Exp, null),
        Unary("Log", NnUnary.Log, null),
        Unary("Reciprocal", NnUnary.Reciprocal, v => 1 / v),
        Unary("Floor", NnUnary.Floor, Math.Floor),
        Unary("Sin", NnUnary.Sin, null),
        Unary("Cos", NnUnary.Cos, null),
        Unary("Asin", NnUnary.Asin, null),
        Unary("Acos", NnUnary.Acos, null),
        Unary("Atan", NnUnary.Atan, null),
        Unary("Asinh", NnUnary.Asinh, null),
        Unary("Acosh", NnUnary.Acosh, null),
        Unary("Atanh", NnUnary.Atanh, null),
        Unary("Ceil", NnUnary.Ceil, Math.Ceiling),
        Unary("Round", NnUnary.Round, v => Math.Round(v, MidpointRounding.ToEven)),
        new("Sign", "nn.greater than 0, less nn.greater of 0")
        {
            Import = n => n.OutLike(TruthRows.Sign(n, n.Numbers(), OnnxComparisonOps.Last(n))),
            Fold = n => Elementwise.Unary(n, v => Math.Sign(v), v => Math.Sign(v)),
        },
        new("Tan", "nn.sin by nn.cos") { Import = n => n.Out(n.Emit(NnBinary.Div, [Of(n, NnUnary.Sin), Of(n, NnUnary.Cos)])) },
        new("Sinh", "half of nn.exp of x less nn.exp of -x") { Import = n => n.Out(Hyperbolic(n, NnBinary.Sub)) },
        new("Cosh", "half of nn.exp of x and nn.exp of -x") { Import = n => n.Out(Hyperbolic(n, NnBinary.Add)) },
        new("Mod", "a - b · nn.floor of a / b, or of its magnitude")
        {
            Import = Remainder,
            Fold = n => n.Attributes.Bool("fmod", false) ? Elementwise.Fold(n, (a, b) => a % b, (a, b) => b == -1 ? 0 : a % b)
                : Elementwise.Fold(n, (a, b) => a - b * Math.Floor(a / b), (a, b) => a - b * FloorQuotient(a, b)),
        },
    ];

    private static OnnxOp Binary(string name, OpSpec row, Func<double, double, double> real, Func<long, long, long> integer) =>
        new(name, row.Name)
        {
            Import = n => n.OutLike(Paired(n, row)),
            Fold = n => Elementwise.Fold(n, real, integer),
        };

    private static OnnxOp Variadic(string name, OpSpec row, Func<double, double, double> real, Func<long, long, long> integer) =>
        new(name, $"a chain of {row.Name}")
        {
            Import = n => n.OutLike(Chain(n, row, n.Emit)),
            Fold = n => Elementwise.Fold(n, real, integer),
        };

    private static OnnxOp Unary(string name, OpSpec row, Func<double, double>? real, Func<long, long>? integer = null) =>
        new(name, row.Name)
        {
            Import = n => integer is null ? n.Out(n.Emit(row, [n.Data()])) : n.OutLike(n.Emit(row, [n.Numbers()])),
            Fold = real is null ? null : n => Elementwise.Unary(n, real, integer),
        };

    /// <summary>Integers divide toward zero; their powers would leave what whole numbers in 32 bits hold.</summary>
    private static Value Paired(OnnxNode n, OpSpec row)
    {
        if (row == NnBinary.Pow) return n.Emit(row, [n.Data(0), Second(n)]);
        Value a = n.Numbers(0), b = Second(n);
        CheckTypes(n, 1);
        return row != NnBinary.Div || n.Input().Type.IsReal() ? n.Emit(row, [a, b])
            : OnnxCastOps.Truncated(n, n.Step("quotient", row, [a, b]));
    }

    private static void CheckTypes(OnnxNode n, int input)
    {
        var (type, other) = (n.Input().Type, n.Input(input).Type);
        if (type != other) throw n.Mismatch($"input 0 is of type {type}, input {input} '{n.Input(input).Name}' of type {other}");
    }

    /// <summary>The second operand. Before opset 7 it could be lined up with any axis of the first.</summary>
    private static Value Second(OnnxNode n)
    {
        Value a = n.Numbers(0), b = n.Numbers(1);
        if (n.Opset >= 7 || !n.Attributes.Has("axis")) return b;
        int axis = n.Axis(n.Attributes.Int("axis", 0), a.Type.Shape.Rank), behind = a.Type.Shape.Rank - axis - b.Type.Shape.Rank;
        if (behind < 0) throw n.Mismatch($"{b.Type.Shape} does not fit {a.Type.Shape} from axis {axis} on");
        return behind == 0
            ? b
            : n.Step("aligned", NnShape.Reshape, [b], ("shape", Shape.Of([.. b.Type.Shape, .. Enumerable.Repeat(1, behind)])));
    }

    private static Value Chain(OnnxNode n, OpSpec row, EmitRow last)
    {
        var values = n.AllNumbers();
        for (int i = 1; i < values.Length; i++) CheckTypes(n, i);
        if (values.Length == 1) return last(NnUnary.Identity, values);
        var result = values[0];
        for (int i = 1; i < values.Length; i++)
            result = i == values.Length - 1 ? last(row, [result, values[i]]) : n.Step($"step{i}", row, [result, values[i]]);
        return result;
    }

    private static Value Of(OnnxNode n, OpSpec row) => n.Step(row.Name[3..], row, [n.Data()]);

    private static Value Hyperbolic(OnnxNode n, OpSpec row)
    {
        var mirrored = n.Step("mirrored", NnUnary.Exp, [n.Step("negative", NnUnary.Neg, [n.Data()])]);
        return n.Emit(NnBinary.Mul, [n.Step("twice", row, [Of(n, NnUnary.Exp), mirrored]), n.Scalar(0.5)]);
    }

    //  the sign of b: a - b · floor(a / b);  the sign of a (fmod): with the quotient toward zero
    private static Entry[] Remainder(OnnxNode n)
    {
        Value a = n.Numbers(0), b = n.Numbers(1);
        CheckTypes(n, 1);
        var quotient = n.Step("quotient", NnBinary.Div, [a, b]);
        var whole = n.Attributes.Bool("fmod", false) ? OnnxCastOps.Truncated(n, quotient, "whole")
            : n.Step("whole", NnUnary.Floor, [quotient]);
        return n.OutLike(n.Emit(NnBinary.Sub, [a, n.Step("multiple", NnBinary.Mul, [whole, b])]));
    }

    private static Entry[] Mean(OnnxNode n)
    {
        var sum = Chain(n, NnBinary.Add, (row, operands, attributes) => n.Step("sum", row, operands, attributes));
        return n.Out(n.Emit(NnBinary.Mul, [sum, n.Scalar(1.0 / n.InputCount)]));
    }

    /// <summary>Toward zero, as C; the one quotient that does not fit wraps.</summary>
    private static long Quotient(long a, long b) => b == -1 ? unchecked(-a) : a / b;

    /// <summary>By squaring, wrapping; a power below 0 of what is neither 1 nor -1 lies between -1 and 1, and is cut to 0.</summary>
    /// <exception cref="DivideByZeroException">A power of 0 below 0.</exception>
    private static long Power(long a, long b)
    {
        if (b < 0) return a is 0 or 1 or -1 ? 1 / (b % 2 == 0 ? a * a : a) : 0;
        long power = 1;
        for (; b > 0; b >>= 1)
        {
            if ((b & 1) == 1) power = unchecked(power * a);
            a = unchecked(a * a);
        }
        return power;
    }

    private static long FloorQuotient(long a, long b) => b == -1 ? unchecked(-a) : a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}
