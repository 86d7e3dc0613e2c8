using CortexMl.Ir;
using CortexMl.Ops.Ranges;

namespace CortexMl.Ops.Cvm;

/// <summary>Convolution and dense layer. Source: CortexMl.Cvm/SPECIFICATION.md §8.1, §8.2; gas: §10.</summary>
public static class CvmConv
{
    /// <remarks>Divergent: with one group the CPU device truncates data and weights to 8 bits.</remarks>
    public static readonly OpSpec Conv2D = new("cvm.conv2d")
    {
        Doc = "2-D convolution with zero padding, NCHW · OIHW, wrapped to 32 bits",
        Operands =
            [new("data", "[N, C, H, W]"), new("weight", "[channels, C / groups, KH, KW]"), new("bias", "[channels]", Arity.Optional)],
        Attributes =
        [
            CvmAttr.Int("channels", "number of output channels"),
            Attr.Ints("kernel_size", "KH, KW"),
            Attr.Ints("strides", "steps of the window down and right, 1..4096", [1, 1]),
            Attr.Ints("padding", "zeros around the data: rows above and below, columns left and right, 0..4096", [0, 0]),
            Attr.Ints("dilation", "distance of the kernel's taps down and right, 1..4096", [1, 1]),
            CvmAttr.Int("groups", "groups of channels that are convolved separately", 1),
            CvmAttr.Layout,
            Attr.Text("kernel_layout", "order of the weight's axes, OIHW", "OIHW"),
            Attr.Text("out_layout", "order of the result's axes, __undef__ or NCHW", CvmConvRules.Undefined),
            CvmAttr.DType("out_dtype", "same or int32", "same"),
            CvmAttr.UseBias,
        ],
        Shapes = CvmRules.Shape(CvmConvRules.ConvShape),
        Elements = CvmRules.Precision((op, _) => CvmConvRules.ConvPrecision(op)),
        Levels = Level.Quant | Level.Cvm,
        Traits = OpTraits.Product,
        Ranges = [ProductIntervals.Conv2D],
        Divergence = CvmDivergence.Conv2D,
        CvmName = "conv2d",
        Cost = (op, _) => (3 * (op.Shape(1).Count / op.Shape(1)[0])) + (op.Has(2) ? 1 : 0),
    };

    public static readonly OpSpec Dense = new("cvm.dense")
    {
        Doc = "data · weightᵀ + bias, wrapped to 32 bits",
        Operands = [new("data", "[M, K]"), new("weight", "[units, K]"), new("bias", "[units]", Arity.Optional)],
        Attributes = [CvmAttr.Int("units", "number of outputs per row", min: 1), CvmAttr.UseBias],
        Shapes = CvmRules.Shape(CvmConvRules.DenseShape),
        Elements = CvmRules.Precision((op, _) => CvmConvRules.DensePrecision(op)),
        Levels = Level.Quant | Level.Cvm,
        Traits = OpTraits.Product,
        Ranges = [ProductIntervals.Dense],
        CvmName = "dense",
        Cost = (op, _) => (3L * op.Shape(1)[1]) + (op.Has(2) ? 1 : 0),
    };
}
