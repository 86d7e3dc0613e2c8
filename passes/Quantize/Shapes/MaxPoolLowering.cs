using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Quantize.Products;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Shapes;

//  %1 = nn.max_pool2d(%0)   ⇒   %1 = cvm.max_pool2d(%0)   at the scale and precision that the consumers of %1 want
internal static class MaxPoolLowering
{
    public static readonly LoweringRule MaxPool2D = new((op, _, demands) => demands.Through(op, op["data"]),
        (op, quantizer) => SlidingWindow.Of(op).IsDilated ? DilatedMaxPool.Lower(op, quantizer) : Lower(op, quantizer))
    {
        Refusal = op => SlidingWindow.Of(op).IsDilated ? DilatedMaxPool.Refusal(op) : null,
        Freedom = static (_, _, _) => ScaleFreedom.HandedOn,
    };

    public static readonly LoweringRule Global = new((op, _, demands) => demands.Of(op.Result), (op, quantizer) =>
    {
        var data = quantizer.At(op["data"], quantizer.Demands.Of(op.Result));
        return PortableReduction.Emit(quantizer, CvmReduce.Max, data, [2, 3], keepDims: true, data.Type.Scale!);
    })
    {
        Freedom = static (_, _, _) => ScaleFreedom.HandedOn,
    };

    private static Value Lower(Operation op, Quantizer quantizer)
    {
        var window = SlidingWindow.Of(op);
        var data = quantizer.At(op["data"], quantizer.Demands.Through(op, op["data"]));
        if (!window.HasSymmetricPadding || window.Rows.Before >= window.Rows.Kernel || window.Columns.Before >= window.Columns.Kernel)
        {
            int[] padding = [.. window.Padding.Select(p => (int)p)];
            data = Padding.Emit(quantizer, data, [0, 0, .. padding[..2]], [0, 0, .. padding[2..]], -data.Type.Element.Bound);
            window = window.WithPadding(0, 0, 0, 0);
        }
        var attributes = Attributes.Of(("pool_size", window.Kernel));
        if (window.Strides is not [1, 1]) attributes = attributes.With("strides", window.Strides);
        if (window.HasPadding) attributes = attributes.With("padding", window.Padding[..2]);
        if (NeedsCeil(window, data.Type.Shape, op.Result.Type.Shape)) attributes = attributes.With("ceil_mode", true);
        return quantizer.Emit(CvmPool.MaxPool2D, [data], attributes, data.Type.Scale!);
    }

    /// <summary>
    /// Whether rounding down would lose a window; where ceil_mode drops its last one, rounding down gives the same count.
    /// </summary>
    private static bool NeedsCeil(SlidingWindow window, Shape data, Shape result) =>
        result[2] > window.Rows.Positions(data[2]) || result[3] > window.Columns.Positions(data[3]);
}
