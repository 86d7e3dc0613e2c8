using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize;

//  %1 = nn.max_pool2d(%0)   ⇒   %1 = cvm.max_pool2d(%0)   at the scale and precision that the consumers of %1 want
internal static class MaxPoolLowering
{
    public static readonly LoweringRule MaxPool2D = new((op, _, demands) => demands.Of(op.Result),
        (op, lowering) => op.Context.Pair("dilation") == (1, 1) ? Lower(op, lowering) : DilatedMaxPool.Lower(op, lowering))
    {
        Refusal = op => op.Context.Pair("dilation") == (1, 1) ? null : DilatedMaxPool.Refusal(op),
    };

    public static readonly LoweringRule Global = new((op, _, demands) => demands.Of(op.Result), (op, lowering) =>
    {
        var data = lowering.At(op.Operands[0], lowering.Demands.Of(op.Result));
        return Reduction.Emit(lowering, CvmReduce.Max, data, [2, 3], keepDims: true, data.Type.Scale!);
    });

    private static Value Lower(Operation op, Lowering lowering)
    {
        var context = op.Context;
        var data = lowering.At(op.Operands[0], lowering.Demands.Of(op.Result));
        var (top, left, bottom, right) = NnWindow.Padding(context);
        var kernel = context.Pair("kernel");
        if (top != bottom || left != right || top >= kernel.H || left >= kernel.W)
        {
            data = Padding.Emit(lowering, data, [0, 0, (int)top, (int)left], [0, 0, (int)bottom, (int)right], -data.Type.Element.Bound);
            (top, left, bottom, right) = (0, 0, 0, 0);
        }
        var attributes = Attributes.Of(("pool_size", context.Ints("kernel").ToArray()));
        if (context.Pair("strides") != (1, 1)) attributes = attributes.With("strides", context.Ints("strides").ToArray());
        if (top != 0 || left != 0) attributes = attributes.With("padding", new[] { top, left });
        if (NeedsCeil(op, data.Type.Shape, top, left)) attributes = attributes.With("ceil_mode", true);
        return lowering.Emit(CvmPool.MaxPool2D, [data], attributes, data.Type.Scale!);
    }

    /// <summary>
    /// Whether rounding down would lose a window; where ceil_mode drops its last one, rounding down gives the same count.
    /// </summary>
    private static bool NeedsCeil(Operation op, Shape data, long top, long left)
    {
        var (strideH, strideW) = op.Context.Pair("strides");
        var (kernelH, kernelW) = op.Context.Pair("kernel");
        var result = op.Result.Type.Shape;
        return result[2] > (data[2] + 2 * top - kernelH) / strideH + 1 || result[3] > (data[3] + 2 * left - kernelW) / strideW + 1;
    }
}
