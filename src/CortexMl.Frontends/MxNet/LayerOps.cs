using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Frontends.MxNet;

/// <summary>Operators with trained parameters, and what stands beside them in training.</summary>
internal static class LayerOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("Convolution", "Convolution_v1", "ChannelwiseConvolution")
        {
            Doc = "nn.conv2d; two-dimensional, layout NCHW",
            Parameters = ["weight", "bias"],
            Attributes =
            [
                new("kernel"), new("num_filter"), new("stride", "()"), new("pad", "()"), new("dilate", "()"), new("num_group", "1"),
                new("no_bias", "False"), new("layout", "None", "NCHW"),
            ],
            Without = a => a.Bool("no_bias") ? "bias" : null,
            Import = Convolution,
        },
        new("FullyConnected")
        {
            Doc = "nn.dense, behind nn.flatten where data has more than two axes and flatten is True",
            Parameters = ["weight", "bias"],
            Attributes = [new("num_hidden"), new("no_bias", "False"), new("flatten", "True")],
            Without = a => a.Bool("no_bias") ? "bias" : null,
            Import = FullyConnected,
        },
        new("BatchNorm", "BatchNorm_v1", "CuDNNBatchNorm", "_contrib_SyncBatchNorm")
        {
            Doc = "nn.batch_norm with the moving statistics; gamma is 1 with fix_gamma",
            Parameters = ["gamma", "beta", "moving_mean", "moving_var"],
            Attributes = [new("eps", "0.001"), new("fix_gamma", "True"), new("axis", "1")],
            Without = a => a.Bool("fix_gamma") ? "gamma" : null,
            Import = BatchNorm,
        },
        new("Dropout")
        {
            Doc = "nn.dropout; mode training",
            Attributes = [new("p", "0.5"), new("mode", "training", "training: the identity at inference")],
            Import = n =>
            {
                n.Attributes.Require("mode", "training");
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
        a.Require("layout", "NCHW");
        long[] kernel = a.Pair("kernel", 1), stride = a.Pair("stride", 1, 1), pad = a.Pair("pad", 0, 0), dilate = a.Pair("dilate", 1, 1);
        int filters = a.Int("num_filter", 1), groups = a.Int("num_group", 1);
        long channels = n.Rank == 4 ? n.Data().Type.Shape[1]
            : throw n.Mismatch($"data has rank {n.Rank}; [N, C, H, W] is needed", "pass --input NAME=N,C,H,W");
        var weight = n.Parameter("weight", Fill.Random, filters, channels / groups, kernel[0], kernel[1]);
        RequireFirst(n, weight, "num_filter", filters);
        Value[] operands = a.Bool("no_bias") ? [n.Data(), weight] : [n.Data(), weight, n.Parameter("bias", Fill.Random, filters)];
        var attributes = new List<(string, AttributeValue)> { ("kernel", kernel) };
        if (stride is not [1, 1]) attributes.Add(("strides", stride));
        if (pad is not [0, 0]) attributes.Add(("padding", pad));
        if (dilate is not [1, 1]) attributes.Add(("dilation", dilate));
        if (groups != 1) attributes.Add(("groups", groups));
        return [n.Emit(NnConv.Conv2D, operands, [.. attributes])];
    }

    private static Value[] FullyConnected(NodeImport n)
    {
        int units = n.Attributes.Int("num_hidden", 1);
        var data = n.Rank > 2 && n.Attributes.Bool("flatten") ? n.Step("flatten", NnShape.Flatten, [n.Data()]) : n.Data();
        if (data.Type.Shape.Rank == 0) throw n.Mismatch("data is a scalar; [N, K] is needed");
        var weight = n.Parameter("weight", Fill.Random, units, data.Type.Shape[^1]);
        RequireFirst(n, weight, "num_hidden", units);
        return [n.Emit(NnConv.Dense, n.Attributes.Bool("no_bias") ? [data, weight] : [data, weight, n.Parameter("bias", Fill.Random, units)])];
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
