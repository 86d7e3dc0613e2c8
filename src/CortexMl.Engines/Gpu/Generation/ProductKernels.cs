using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ops;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>
/// Convolution and dense layer, one thread per element: any groups, weights of any kind. Taps are unrolled, channels are a loop.
/// </summary>
internal static class ProductKernels
{
    private const int MostUnrolled = 49;

    public static IEnumerable<OperatorKernel> All =>
        [OperatorKernel.Element(CvmConv.Conv2D, Conv2D), OperatorKernel.Element(CvmConv.Dense, Dense)];

    private static Expr Dense(OperationScope scope, ElementIndex index)
    {
        var k = scope.Kernel;
        var sum = k.Let("sum", scope.Has(2) ? scope.Operand(2).At(index[1]) : 0);
        k.For("c", 0, scope.Rule.Shape(0)[1],
            c => k.Assign(sum, sum + (scope.Operand(0).At(index[0], c) * scope.Operand(1).At(index[1], c))));
        return sum;
    }

    private static Expr Conv2D(OperationScope scope, ElementIndex index)
    {
        var (k, rule) = (scope.Kernel, scope.Rule);
        var (kernel, strides, padding, dilation) =
            (rule.Pair("kernel_size"), rule.Pair("strides"), rule.Pair("padding"), rule.Pair("dilation"));
        int depth = rule.Shape(1)[1], perGroup = rule.Shape(1)[0] / (int)rule.Int("groups");
        Expr n = index[0], o = index[1];
        Expr first = k.Once("first", o / perGroup * depth), row = k.Once("row", (index[2] * (int)strides.H) - (int)padding.H),
        column = k.Once("column", (index[3] * (int)strides.W) - (int)padding.W);
        var sum = k.Let("sum", scope.Has(2) ? scope.Operand(2).At(o) : 0);
        k.For("c", 0, depth, c =>
        {
            Expr channel = k.Once("channel", first + c);
            if (kernel.H * kernel.W > MostUnrolled)
            {
                k.For("u", 0, (int)kernel.H, u => k.For("v", 0, (int)kernel.W, v => Tap(c, channel, u, v)));
                return;
            }
            for (int u = 0; u < kernel.H; u++)
                for (int v = 0; v < kernel.W; v++) Tap(c, channel, u, v);
        });
        return sum;

        void Tap(Expr c, Expr channel, Expr u, Expr v)
        {
            Expr i = k.Once("r", row + (u * (int)dilation.H)), j = k.Once("s", column + (v * (int)dilation.W));
            Expr inside = Window.Inside(i, rule.Shape(0)[2], padding.H) & Window.Inside(j, rule.Shape(0)[3], padding.W);
            k.If(inside, () => k.Assign(sum, sum + (scope.Operand(0).At(n, channel, i, j) * scope.Operand(1).At(o, c, u, v))));
        }
    }
}
