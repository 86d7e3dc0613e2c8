using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ops;

namespace CortexMl.Engines.Gpu.Generation;

internal static class PoolKernels
{
    public static IEnumerable<OperatorKernel> All =>
        [OperatorKernel.Element(CvmPool.MaxPool2D, MaxPool2D), OperatorKernel.Element(CvmPool.UpSampling, UpSampling)];

    // y[n, c, i, j] = max of x[n, c, i·SH - PH + u, j·SW - PW + v] over the window positions inside the data.
    private static Expr MaxPool2D(OperationScope scope, ElementIndex index)
    {
        var (k, x) = (scope.Kernel, scope.Operand(0));
        var (pool, strides, padding) = (scope.Rule.Pair("pool_size"), scope.Rule.Pair("strides"), CvmPool.Padding(scope.Rule));
        var (n, c) = (index[0], index[1]);
        var (top, bottom) = Window("top", "bottom", index[2], strides.H, padding.H, pool.H, x.Shape[2]);
        var (left, right) = Window("left", "right", index[3], strides.W, padding.W, pool.W, x.Shape[3]);
        var largest = k.Let("largest", int.MinValue);
        k.For("u", top, bottom, u => k.For("v", left, right, v => k.Assign(largest, largest.Max(x.At(n, c, u, v)))));
        return largest;

        // First index and the one behind the last of a window, inside the data.
        (Expr From, Expr To) Window(string first, string end, Expr position, long stride, long pad, long size, int dim)
        {
            var start = (position * (int)stride) - (int)pad;
            return (k.Once(first, start.Max(0)), k.Once(end, (start + (int)size).Min(dim)));
        }
    }

    private static Expr UpSampling(OperationScope scope, ElementIndex index)
    {
        int scale = (int)scope.Rule.Int("scale");
        return scope.Operand(0).At(index[0], index[1], index[2] / scale, index[3] / scale);
    }
}
