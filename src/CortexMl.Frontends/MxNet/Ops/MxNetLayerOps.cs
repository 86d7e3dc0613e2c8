using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Operators with trained parameters, and what stands beside them in training.</summary>
internal static class MxNetLayerOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("Convolution", "Convolution_v1", "ChannelwiseConvolution", "_npx_convolution")
        {
            Doc = "nn.conv2d; of three spatial axes, the slices along the depth as channels; layout NCW, NCHW or NCDHW",
            Parameters = ["weight", "bias"],
            Attributes =
            [
                new("kernel"), new("num_filter"), new("stride", "()"), new("pad", "()"), new("dilate", "()"), new("num_group", "1"),
                new("no_bias", "False"), new("layout", "None", "NCHW, NCW or NCDHW"),
            ],
            Without = a => a.Bool("no_bias") ? "bias" : null,
            Import = Convolution,
        },
        new("Deconvolution", "_npx_deconvolution")
        {
            Doc = "zeros between the pixels and nn.conv2d with the turned kernel; one or two spatial axes, layout NCW or NCHW",
            Parameters = ["weight", "bias"],
            Attributes =
            [
                new("kernel"), new("num_filter"), new("stride", "()"), new("pad", "()"), new("dilate", "()"),
                new("adj", "()", "rows and columns added behind"),
                new("target_shape", "()", "the result's size, instead of pad and adj"), new("num_group", "1"), new("no_bias", "True"),
                new("layout", "None", "NCHW or NCW"),
            ],
            Without = a => a.Bool("no_bias") ? "bias" : null,
            Import = Deconvolution,
        },
        new("FullyConnected", "_npx_fully_connected")
        {
            Doc = "nn.dense, behind nn.flatten where data has more than two axes and flatten is True",
            Parameters = ["weight", "bias"],
            Attributes = [new("num_hidden"), new("no_bias", "False"), new("flatten", "True")],
            Without = a => a.Bool("no_bias") ? "bias" : null,
            Import = FullyConnected,
        },
        new("BatchNorm", "BatchNorm_v1", "CuDNNBatchNorm", "_contrib_SyncBatchNorm", "_npx_batch_norm")
        {
            Doc = "nn.batch_norm with the moving statistics; gamma is 1 with fix_gamma",
            Parameters = ["gamma", "beta", "moving_mean", "moving_var"],
            Attributes = [new("eps", "0.001"), new("fix_gamma", "True"), new("axis", "1")],
            Without = a => a.Bool("fix_gamma") ? "gamma" : null,
            Import = BatchNorm,
        },
        new("Dropout", "_npx_dropout")
        {
            Doc = "nn.dropout; mode training",
            Attributes = [new("p", "0.5"), new("mode", "training", "training: the identity at inference")],
            Import = n =>
            {
                if (n.Attributes.Choice("mode", "training", "always") == "always" && n.Attributes.Float("p") != 0)
                    throw TrainingForm.Dropout("mode = always", "or set mode to training in the symbol");
                return [n.Emit(NnUnary.Dropout, [n.Data()], ("rate", n.Attributes.Float("p")))];
            },
        },
        new("LRN")
        {
            Doc = "nn.lrn",
            Attributes = [new("nsize"), new("alpha", "0.0001"), new("beta", "0.75"), new("knorm", "2")],
            Import = n => [n.Emit(NnNorm.Lrn, [n.Data()], ("size", n.Attributes.Int("nsize", 1)), ("alpha", n.Attributes.Float("alpha")),
                ("beta", n.Attributes.Float("beta")), ("bias", n.Attributes.Float("knorm")))],
        },
    ];

    private static Value[] Convolution(NodeImport n)
    {
        var a = n.Attributes;
        var window = MxNetWindow.Of(n);
        var dilated = window.Dilated();
        int filters = a.Int("num_filter", 1), groups = a.Int("num_group", 1);
        var weight = n.Parameter("weight", Fill.Random, window.WeightShape(filters, window.Data.Type.Shape[1] / groups));
        RequireFirst(n, weight, "num_filter", filters);
        var depth = window.Depth is null ? null : window.DilatedDepth();
        Value[] operands = [depth is null ? window.Data : Volumes.Unfolded(n, window.Data, depth), window.Weight(weight)];
        if (!a.Bool("no_bias")) operands = [.. operands, n.Parameter("bias", Fill.Random, filters)];
        var attributes = ConvAttributes.Of(dilated, groups, isPaddingShort: true);
        if (depth is null) return [window.Emit(NnConv.Conv2D, operands, attributes)];
        var planes = Volumes.Apart(n, n.Step("planes", NnConv.Conv2D, operands, attributes), depth);
        return [n.Emit(NnShape.Transpose, [planes], ("axes", Volumes.DepthInside))];
    }

    private static Value[] Deconvolution(NodeImport n)
    {
        var a = n.Attributes;
        var window = MxNetWindow.Of(n, most: 2);
        var data = window.Data.Type.Shape;
        int filters = a.Int("num_filter", 1), groups = a.Int("num_group", 1);
        var value = n.Parameter("weight", Fill.Random, window.WeightShape(data[1], filters / groups));
        if (value.Constant?.Tensor is not Tensor<float> weight)
            throw n.Mismatch("the weight depends on the network's input; a parameter is needed");
        if (weight.Shape.Rank == 3) weight = weight.Reshape(weight.Shape.Insert(2, 1));
        if (weight.Shape.Rank != 4 || weight.Shape[0] != data[1] || (long)weight.Shape[1] * groups != filters
            || weight.Shape[2] != window.Window.Rows.Kernel || weight.Shape[3] != window.Window.Columns.Kernel)
            throw n.Mismatch(
                $"weight {value.Type.Shape} does not fit {Counted.Of(data[1], "channel")}, "
                + $"num_filter = {filters} and num_group = {groups}");
        var dilated = window.Dilated();
        long[] extra = window.Of("adj", 0, 0), target = window.Of("target_shape", 0, 0);
        if (Array.Exists(target, size => size > 0))
        {
            // As MXNet: what is too much is cut off on both sides, and an odd rest is added behind.
            long[] cut = [Cut(dilated.Rows, 0), Cut(dilated.Columns, 1)];
            if (Array.Exists(cut, c => c < 0)) throw a.Unsupported("target_shape", "at most what stride and kernel reach");
            long[] pad = Array.ConvertAll(cut, c => (c + 1) / 2);
            (dilated, extra) = (dilated.WithPadding([.. pad, .. pad]), Array.ConvertAll(cut, c => c % 2));
        }
        var transposed = new TransposedConvolution(weight, dilated, extra, groups);
        if (!transposed.IsSound) throw n.Mismatch($"stride, dilate or num_group do not fit weight {weight.Shape}");
        var (operands, attributes) = transposed.Lower(n, window.Data);
        return [window.Emit(
            NnConv.Conv2D, a.Bool("no_bias") ? operands : [.. operands, n.Parameter("bias", Fill.Random, filters)], attributes)];

        long Cut(WindowAxis axis, int i) => axis.Stride * (data[2 + i] - 1L) + axis.Extent - Math.Max(1, target[i]);
    }

    private static Value[] FullyConnected(NodeImport n)
    {
        int units = n.Attributes.Int("num_hidden", 1);
        var data = n.Rank > 2 && n.Attributes.Bool("flatten") ? n.Step("flatten", NnShape.Flatten, [n.Data()]) : n.Data();
        if (data.Type.Shape.Rank == 0) throw n.Mismatch("data is a scalar; [N, K] is needed");
        var weight = n.Parameter("weight", Fill.Random, units, data.Type.Shape[^1]);
        RequireFirst(n, weight, "num_hidden", units);
        return [n.Emit(
            NnConv.Dense, n.Attributes.Bool("no_bias") ? [data, weight] : [data, weight, n.Parameter("bias", Fill.Random, units)])];
    }

    private static Value[] BatchNorm(NodeImport n)
    {
        int axis = n.Attributes.Int("axis"), channels = n.Data().Type.Shape[n.Axis(axis, n.Rank)];
        var gamma = n.Attributes.Bool("fix_gamma") ? n.Ones("gamma", channels) : n.Parameter("gamma", Fill.Ones, channels);
        Value[] operands =
        [
            n.Data(), gamma, n.Parameter("beta", Fill.Zeros, channels), n.Parameter("moving_mean", Fill.Zeros, channels),
            n.Parameter("moving_var", Fill.Ones, channels),
        ];
        var epsilon = ("epsilon", (AttributeValue)n.Attributes.Float("eps"));
        return [axis == 1 ? n.Emit(NnConv.BatchNorm, operands, epsilon) : n.Emit(NnConv.BatchNorm, operands, epsilon, ("axis", axis))];
    }

    private static void RequireFirst(NodeImport n, Value weight, string attribute, int count)
    {
        var shape = weight.Type.Shape;
        if (shape.Rank == 0 || shape[0] != count)
            throw n.Mismatch($"weight {shape} does not fit {attribute} = {count}", "the parameter file belongs to another network");
    }
}
