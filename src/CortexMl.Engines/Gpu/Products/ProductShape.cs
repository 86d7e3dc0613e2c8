using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu.Products;

/// <summary>The shapes of a convolution with one group; a dense layer is one over images of one pixel.</summary>
/// <param name="Data">[N, C, H, W]</param>
/// <param name="Result">[N, O, H, W]</param>
internal sealed record ProductShape(Shape Data, Shape Result, SlidingWindow Window)
{
    public int Batch { get; } = Data[0];

    /// <summary>Channels of the data.</summary>
    public int Depth { get; } = Data[1];

    public int Height { get; } = Data[2];

    public int Width { get; } = Data[3];

    /// <summary>Of the result.</summary>
    public int Channels { get; } = Result[1];

    public int ResultHeight { get; } = Result[2];

    public int ResultWidth { get; } = Result[3];

    /// <summary>Of the result, all images.</summary>
    public int Pixels => Batch * ResultHeight * ResultWidth;

    public int Taps { get; } = (int)Window.TapCount;

    public static ProductShape Of(Operation operation)
    {
        var (data, result) = (operation.Operands[0].Type.Shape, operation.Result.Type.Shape);
        return operation.Spec == CvmConv.Dense
            ? new(Pixel(data), Pixel(result), new SlidingWindow(new WindowAxis(1), new WindowAxis(1)))
            : new(data, result, SlidingWindow.Of(operation));

        static Shape Pixel(Shape rows) => Shape.Of(rows[0], rows[1], 1, 1);
    }

    /// <summary>Whether a tap's row and column lie within the data.</summary>
    public Expr IsInside(Expr row, Expr column) =>
        WindowExpressions.Inside(Window.Rows, row, Height) & WindowExpressions.Inside(Window.Columns, column, Width);
}
