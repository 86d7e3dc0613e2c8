using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>Pools over one or two spatial axes.</summary>
internal static class PoolOps
{
    private const long LargestKernel = 4096;

    public static readonly OnnxOp[] Rows =
    [
        new("MaxPool", "nn.max_pool2d; one or two spatial axes, without Indices") { Import = MaxPool },
        new("AveragePool", "nn.avg_pool2d; one or two spatial axes; with dilations nn.conv2d with ones and nn.mul")
        {
            Import = AveragePool,
        },
        new("GlobalAveragePool", "nn.global_avg_pool, or nn.reduce_mean for other ranks")
        {
            Import = n => Global(n, NnPool.GlobalAvgPool, NnReduce.Mean),
        },
        new("GlobalMaxPool", "nn.global_max_pool, or nn.reduce_max for other ranks")
        {
            Import = n => Global(n, NnPool.GlobalMaxPool, NnReduce.Max),
        },
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
        if (w.Dilation is not [1, 1]) return n.Out(Dilated(n, w));
        var attributes = Attributes(n, w);
        if (w.Padding is not [0, 0, 0, 0]) attributes.Add(("count_include_pad", n.Attributes.Bool("count_include_pad", false)));
        return n.Out(Windows.Result(n, null, w.IsFlat, NnPool.AvgPool2D, [w.Data], [.. attributes]));
    }

    //  avg_pool(x; dilation d)   ⇒   conv2d(x, ones; dilation d) · 1/n, with the number n of elements that count at each position
    private static Value Dilated(OnnxNode n, Windows w)
    {
        var data = w.Data.Type.Shape;
        long[] missing = new long[2], counts = new long[2];
        bool countsPadding = n.Attributes.Bool("count_include_pad", false), roundsUp = n.Attributes.Bool("ceil_mode", false);
        for (int i = 0; i < 2; i++)
        {
            long padded = data[2 + i] + w.Padding[i] + w.Padding[2 + i], reach = (w.Kernel[i] - 1) * w.Dilation[i] + 1;
            if (reach > padded || w.Kernel[i] > LargestKernel)
                throw n.Mismatch($"a window of {w.Kernel[i]} with dilation {w.Dilation[i]} does not fit {Counted.Of(padded, "element")}");
            counts[i] = (padded - reach) / w.Strides[i] + 1;
            if (roundsUp && (padded - reach) % w.Strides[i] != 0 && counts[i] * w.Strides[i] < data[2 + i] + w.Padding[i]) counts[i]++;
            missing[i] = Math.Max(0, (counts[i] - 1) * w.Strides[i] + reach - padded);
        }
        int channels = data[1];
        var ones = Tensor.Zeros<float>(n.Reserve([channels, 1, .. w.Kernel], DType.F32));
        Array.Fill(ones.Data, 1f);
        long[] padding = [w.Padding[0], w.Padding[1], w.Padding[2] + missing[0], w.Padding[3] + missing[1]];
        var sum = n.Step(
            "sum", NnConv.Conv2D, [w.Data, n.Floats("ones", ones)], ConvAttributes.Of(w.Kernel, w.Strides, padding, w.Dilation, channels));
        var shape = n.Reserve(counts, DType.F32);
        double[] rows = Taps(0), columns = Taps(1);
        var shares = Tensor.Create(shape, [.. rows.SelectMany(r => columns.Select(c => (float)(1 / (r * c))))]);
        return Windows.Result(n, null, w.IsFlat, NnBinary.Mul, [sum, n.Floats("shares", shares)]);

        double[] Taps(int axis) => [.. Enumerable.Range(0, (int)counts[axis]).Select(at => (double)Enumerable.Range(0, (int)w.Kernel[axis])
            .Select(k => at * w.Strides[axis] + k * w.Dilation[axis] - w.Padding[axis])
            .Count(x => countsPadding ? x < data[2 + axis] + w.Padding[2 + axis] : x >= 0 && x < data[2 + axis]))];
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
