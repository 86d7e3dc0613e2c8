using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>Pools over one or two spatial axes.</summary>
internal static class PoolOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("MaxPool", "nn.max_pool2d; one or two spatial axes, without Indices") { Import = MaxPool },
        new("AveragePool", "nn.avg_pool2d; one or two spatial axes, dilations 1") { Import = AveragePool },
        new("GlobalAveragePool", "nn.global_avg_pool, or nn.reduce_mean for other ranks") { Import = n => Global(n, NnPool.GlobalAvgPool, NnReduce.Mean) },
        new("GlobalMaxPool", "nn.global_max_pool, or nn.reduce_max for other ranks") { Import = n => Global(n, NnPool.GlobalMaxPool, NnReduce.Max) },
        OnnxOp.Refused("LpPool", "powers of sums have no integer form; use AveragePool"),
        OnnxOp.Refused("MaxRoiPool", "where it samples depends on the data"),
        OnnxOp.Refused("RoiAlign", "where it samples depends on the data"),
        OnnxOp.Refused("MaxUnpool", "it needs the indices of a MaxPool, which depend on the data"),
    ];

    private static Entry[] MaxPool(OnnxNode n)
    {
        if (n.Wants(1)) throw n.Refused("the output Indices is used", "it depends on the data");
        var w = Windows.Of(n, n.AnyData());
        var attributes = Attributes(n, w);
        if (w.Dilation is not [1, 1]) attributes.Add(("dilation", w.Dilation));
        // Of quantized data too: the largest integer stands for the largest real number.
        return n.Moved(Windows.Result(n, null, w.IsFlat, NnPool.MaxPool2D, [w.Data], [.. attributes]), n.Input());
    }

    private static Entry[] AveragePool(OnnxNode n)
    {
        var w = Windows.Of(n, n.Data());
        if (w.Dilation is not [1, 1]) throw n.Attributes.Unsupported("dilations", "1");
        var attributes = Attributes(n, w);
        if (w.Padding is not [0, 0, 0, 0]) attributes.Add(("count_include_pad", n.Attributes.Bool("count_include_pad", false)));
        return n.Out(Windows.Result(n, null, w.IsFlat, NnPool.AvgPool2D, [w.Data], [.. attributes]));
    }

    private static List<(string, AttributeValue)> Attributes(OnnxNode n, Windows w)
    {
        var attributes = new List<(string, AttributeValue)> { ("kernel", w.Kernel) };
        if (w.Strides is not [1, 1]) attributes.Add(("strides", w.Strides));
        if (w.Padding is not [0, 0, 0, 0]) attributes.Add(("padding", w.Padding));
        if (n.Attributes.Bool("ceil_mode", false)) attributes.Add(("ceil_mode", true));
        return attributes;
    }

    private static Entry[] Global(OnnxNode n, OpSpec image, OpSpec reduce)
    {
        if (n.Rank < 3) throw n.Mismatch($"data {n.Shape()} has no spatial axes");
        return n.Out(n.Rank == 4 ? n.Emit(image, [n.Data()])
            : n.Emit(reduce, [n.Data()], ("axes", Enumerable.Range(2, n.Rank - 2).ToArray()), ("keepdims", true)));
    }
}
