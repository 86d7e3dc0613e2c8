using CortexMl.Engines.Gpu.Kernels;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>Area of the intersection of two boxes in percent of that of the union, truncated. Edges wrap at 32 bits, areas at 64.</summary>
internal static class Overlap
{
    /// <param name="a">x1, y1, x2, y2, each a variable.</param>
    /// <returns>An i64.</returns>
    public static Expr Percent(KernelBuilder k, ReadOnlySpan<LocalExpr> a, ReadOnlySpan<LocalExpr> b)
    {
        var common = k.Let("common", Common(a[0], a[2], b[0], b[2]) * Common(a[1], a[3], b[1], b[3]));
        var sum = k.Let("sum", Area(a) + Area(b));
        var union = k.Let("union", sum - common);
        // The reference divides by zero where the scaled union vanishes; here it is at least 1.
        var percent = (common > Wide(long.MaxValue / 100)).Select(common / (union / 100).Max(1), common * 100 / union);
        return ((sum <= 0) | (union <= 0)).Select(Wide(0), percent);
    }

    private static Expr Area(ReadOnlySpan<LocalExpr> box) => (box[2] - box[0]).ToI64() * (box[3] - box[1]).ToI64();

    /// <summary>Length that two edges have in common; the difference wraps before it is compared with 0.</summary>
    private static Expr Common(Expr aFrom, Expr aTo, Expr bFrom, Expr bTo) => (aTo.Min(bTo) - aFrom.Max(bFrom)).Max(0).ToI64();

    private static ConstantExpr Wide(long value) => new(value, ScalarType.I64);
}
