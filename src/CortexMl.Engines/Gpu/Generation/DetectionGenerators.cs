using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>Rows of boxes. Where a row goes depends on those before it: one thread per batch.</summary>
internal static class DetectionGenerators
{
    public static IEnumerable<OperatorGenerator> All =>
    [
        OperatorGenerator.Whole(CvmDetection.GetValidCounts, GetValidCounts),
        OperatorGenerator.Whole(CvmDetection.NonMaxSuppression, scope => new SuppressionWriter(scope).Write()),
    ];

    // The rows with a score above the threshold in their order, then -1.
    private static LaunchShape GetValidCounts(OperationScope scope)
    {
        var (k, x, counts, y) = (scope.Kernel, scope.Operand(0), scope.Result(0), scope.Result(1));
        int rows = x.Shape[1], width = x.Shape[2];
        var count = k.Let("count", 0);
        k.For("row", 0, rows, row => k.If(x.At(k.Thread, row, 1) > (int)scope.Op.Int("score_threshold"), () =>
        {
            k.For("i", 0, width, i => y.Store(x.At(k.Thread, row, i), k.Thread, count, i));
            k.Assign(count, count + 1);
        }));
        k.For("rest", count, rows, rest => k.For("i", 0, width, i => y.Store(-1, k.Thread, rest, i)));
        counts.StoreFlat(k.Thread, count);
        return LaunchShape.Threads(x.Shape[0]);
    }
}
