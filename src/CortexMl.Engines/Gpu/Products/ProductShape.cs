using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Engines.Gpu.Products;

/// <summary>The numbers of a convolution with one group; a dense layer is one over images of one pixel.</summary>
internal sealed record ProductShape(
    int Batch, int Depth, int Height, int Width, int Channels, int ResultHeight, int ResultWidth, int KernelHeight, int KernelWidth,
    (int H, int W) Strides, (int H, int W) Padding, (int H, int W) Dilation)
{
    /// <summary>Of the result, all images.</summary>
    public int Pixels => Batch * ResultHeight * ResultWidth;

    public int Taps => KernelHeight * KernelWidth;

    public bool IsPadded => Padding != (0, 0);

    public static ProductShape Of(Operation operation)
    {
        var (data, rule) = (operation.Operands[0].Type.Shape, operation.Context);
        if (operation.Spec == CvmConv.Dense)
            return new(data[0], data[1], 1, 1, operation.Result.Type.Shape[1], 1, 1, 1, 1, (1, 1), (0, 0), (1, 1));
        var (kernel, result) = (Pair(rule, "kernel_size"), operation.Result.Type.Shape);
        return new(data[0], data[1], data[2], data[3], result[1], result[2], result[3], kernel.H, kernel.W,
            Pair(rule, "strides"), Pair(rule, "padding"), Pair(rule, "dilation"));
    }

    private static (int H, int W) Pair(RuleContext rule, string name)
    {
        var (h, w) = rule.Pair(name);
        return ((int)h, (int)w);
    }
}
