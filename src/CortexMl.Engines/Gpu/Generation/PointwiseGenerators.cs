using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>Operations that compute an element from the elements at the same place.</summary>
internal static class PointwiseGenerators
{
    public static IEnumerable<OperatorGenerator> All =>
    [
        Unary(CvmUnary.Abs, (_, x) => x.Max(-x)),
        Unary(CvmUnary.Negative, (_, x) => -x),
        Unary(CvmUnary.Relu, (_, x) => x.Max(0)),
        Unary(CvmUnary.CvmPrecision, Digits),
        Unary(CvmUnary.Clip, (scope, x) => x.Min((int)scope.Op.Int("a_max")).Max((int)scope.Op.Int("a_min"))),
        Unary(CvmUnary.CvmClip, (scope, x) => Bounded(scope, x)),
        Unary(CvmUnary.CvmLeftShift, (scope, x) => Bounded(scope, LeftShifted(x, (int)scope.Op.Int("shift_bit")))),
        Unary(CvmUnary.CvmRightShift, (scope, x) => Bounded(scope, RightShifted(x, (int)scope.Op.Int("shift_bit")))),

        Binary(CvmBinary.ElemwiseAdd, (a, b) => a + b),
        Binary(CvmBinary.ElemwiseSub, (a, b) => a - b),
        Binary(CvmBinary.BroadcastAdd, (a, b) => a + b),
        Binary(CvmBinary.BroadcastSub, (a, b) => a - b),
        Binary(CvmBinary.BroadcastMul, (a, b) => a * b),
        Binary(CvmBinary.BroadcastDiv, (a, b) => a / b),
        Binary(CvmBinary.BroadcastMax, (a, b) => a.Max(b)),
        Binary(CvmBinary.BroadcastGreater, (a, b) => a > b),

        .. OpTable.With(Level.Cvm, OpTraits.Reshapes).Select(Same),
    ];

    private static OperatorGenerator Unary(OpSpec spec, Func<OperationScope, Expr, Expr> function) =>
        OperatorGenerator.Element(spec, (scope, i) => function(scope, scope.Kernel.Once("v", scope.Operand(0).At(i))));

    private static OperatorGenerator Binary(OpSpec spec, Func<Expr, Expr, Expr> function) =>
        OperatorGenerator.Element(spec, (scope, i) => function(scope.Operand(0).Broadcast(i), scope.Operand(1).Broadcast(i)));

    /// <summary>The elements stay in their row-major order.</summary>
    private static OperatorGenerator Same(OpSpec spec) => OperatorGenerator.Element(spec, (scope, i) => scope.Operand(0).SameNumber(i));

    private static Expr Bounded(OperationScope scope, Expr x)
    {
        int bound = (int)Precisions.Bound((int)scope.Op.Int("precision"));
        return x.Clamp(-bound, bound);
    }

    // The shift wraps at 32 bits before it is clamped; by 32 nothing is left.
    private static Expr LeftShifted(Expr x, int bits) => bits < 32 ? x << bits : 0;

    // x / 2^bits to the nearest, ties up: half of it, plus one half, halved. The addition wraps for the largest integer and one bit.
    private static Expr RightShifted(Expr x, int bits) => ((x >> Math.Min(bits - 1, 31)) + 1) >> 1;

    // Binary digits of |x|, at least 1. The most negative integer has 32.
    private static Expr Digits(OperationScope scope, Expr x)
    {
        var k = scope.Kernel;
        var rest = k.Let("rest", x.ToI64().Max(-x.ToI64()));
        var digits = k.Let("digits", 1);
        k.While(rest > 1, () =>
        {
            k.Assign(rest, rest >> 1);
            k.Assign(digits, digits + 1);
        });
        return digits;
    }
}
