using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Gpu.Generation;

internal static class PoolGenerators
{
    public static IEnumerable<OperatorGenerator> All =>
        [OperatorGenerator.Element(CvmPool.MaxPool2D, MaxPool2D), OperatorGenerator.Element(CvmPool.UpSampling, UpSampling)];

    // y[n, c, i, j] = max of x[n, c, i·SH - PH + u, j·SW - PW + v] over the window positions inside the data.
    private static Expr MaxPool2D(OperationScope scope, ElementIndex index)
    {
        var (k, x) = (scope.Kernel, scope.Operand(0));
        var window = SlidingWindow.Of(scope.Op);
        var (n, c) = (index[0], index[1]);
        var (top, bottom) = Cover("top", "bottom", window.Rows, index[2], x.Shape[2]);
        var (left, right) = Cover("left", "right", window.Columns, index[3], x.Shape[3]);
        var largest = k.Let("largest", int.MinValue);
        k.For("u", top, bottom, u => k.For("v", left, right, v => k.Assign(largest, largest.Max(x.At(n, c, u, v)))));
        return largest;

        // First index and the one behind the last of a window, inside the data.
        (Expr From, Expr To) Cover(string first, string end, WindowAxis axis, Expr position, int size)
        {
            var start = WindowExpressions.Start(axis, position);
            return (k.Once(first, start.Max(0)), k.Once(end, (start + (int)axis.Extent).Min(size)));
        }
    }

    private static Expr UpSampling(OperationScope scope, ElementIndex index)
    {
        int scale = (int)scope.Op.Int("scale");
        return scope.Operand(0).At(index[0], index[1], index[2] / scale, index[3] / scale);
    }
}
