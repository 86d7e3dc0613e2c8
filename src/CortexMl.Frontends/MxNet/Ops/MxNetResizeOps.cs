using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Images made larger, smaller, or cut.</summary>
internal static class MxNetResizeOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("UpSampling")
        {
            Doc = "nn.upsample of each input to one size, joined by nn.concat or nn.add; bilinear as a Deconvolution with its weight",
            IsVariadic = true,
            Attributes =
            [
                new("scale"), new("sample_type", "nearest", "nearest or bilinear"), new("multi_input_mode", "concat", "concat or sum"),
                new("num_filter", "0", "of bilinear"),
            ],
            Import = n => [n.Attributes.Choice("sample_type", "nearest", "bilinear") == "nearest" ? Nearest(n) : Bilinear(n)],
        },
        new("_contrib_BilinearResize2D", "BilinearResize2D")
        {
            Doc = "nn.dense along rows and columns; mode size",
            Attributes =
            [
                new("height", "1"), new("width", "1"), new("scale_height", "None", "instead of height"),
                new("scale_width", "None", "instead of width"),
                new("mode", "size", "size"), new("align_corners", "True"),
            ],
            Import = n => [Resized(n)],
        },
        new("Crop")
        {
            Doc = "nn.slice of rows and columns, to h_w or to the second input's size",
            IsVariadic = true,
            Attributes = [new("offset", "(0, 0)"), new("h_w", "(0, 0)", "of one input"), new("center_crop", "False")],
            Import = n => [Crop(n)],
        },
    ];

    private static Value Nearest(NodeImport n)
    {
        int scale = n.Attributes.Int("scale", 1);
        if (n.DataCount == 1) return n.Emit(NnShape.UpSample, [n.Data()], ("scale", new[] { scale, scale }));
        if (n.Rank != 4) throw n.Mismatch($"data has rank {n.Rank}; [N, C, H, W] is needed");
        long height = n.Data().Type.Shape[2] * (long)scale, width = n.Data().Type.Shape[3] * (long)scale;
        Value[] parts = [.. n.AllData.Select((value, i) =>
            n.Step($"input{i}", NnShape.UpSample, [value], ("scale", Factors(n, value.Type.Shape, height, width))))];
        if (n.Attributes.Choice("multi_input_mode", "concat", "sum") == "concat") return n.Emit(NnShape.Concat, parts, ("axis", 1));
        var sum = parts[0];
        for (int i = 1; i < parts.Length; i++)
            sum = i == parts.Length - 1 ? n.Emit(NnBinary.Add, [sum, parts[i]]) : n.Step($"sum{i}", NnBinary.Add, [sum, parts[i]]);
        return sum;
    }

    private static long[] Factors(NodeImport n, Shape shape, long height, long width) =>
        shape.Rank == 4 && height % shape[2] == 0 && width % shape[3] == 0 ? [height / shape[2], width / shape[3]]
            : throw n.Mismatch($"an input {shape} does not go into the {height} x {width} of the first one");

    //  a Deconvolution of each channel: kernel 2·scale - scale % 2, stride scale, pad ⌊scale / 2⌋
    private static Value Bilinear(NodeImport n)
    {
        if (n.DataCount != 2)
            throw n.Mismatch($"sample_type bilinear takes data and a weight; {Counted.Of(n.DataCount, "input is", "inputs are")} given");
        if (n.Rank != 4) throw n.Mismatch($"data has rank {n.Rank}; [N, C, H, W] is needed");
        int channels = n.Data().Type.Shape[1], scale = n.Attributes.Int("scale", 1, 1 << 11), side = 2 * scale - scale % 2;
        if (n.Data(1).Constant?.Tensor is not Tensor<float> weight)
            throw n.Mismatch("the weight depends on the network's input; a parameter is needed");
        if (weight.Shape != Shape.Of(channels, 1, side, side))
            throw n.Mismatch($"weight {weight.Shape} does not fit {Counted.Of(channels, "channel")} and scale {scale}",
                $"expected [{channels}, 1, {side}, {side}]");
        long pad = scale / 2;
        var axis = new WindowAxis(side, scale, pad, pad);
        var (operands, attributes) = new TransposedConvolution(weight, new SlidingWindow(axis, axis), [0, 0], channels).Lower(n, n.Data());
        return n.Emit(NnConv.Conv2D, operands, attributes);
    }

    private static Value Resized(NodeImport n)
    {
        n.Attributes.Require("mode", "size");
        if (n.Rank != 4) throw n.Mismatch($"data has rank {n.Rank}; [N, C, H, W] is needed");
        bool aligns = n.Attributes.Bool("align_corners");
        var positions = new Dictionary<int, double[]>();
        foreach (var (axis, size, scale) in new[] { (2, "height", "scale_height"), (3, "width", "scale_width") })
        {
            int from = n.Data().Type.Shape[axis];
            double wanted = n.Attributes.Text(scale) is null ? n.Attributes.Int(size, 1) : Math.Floor(from * n.Attributes.Float(scale));
            if (!(wanted >= 1 && wanted <= Interpolation.LongestAxis))
                throw n.Mismatch($"the image would have {size} {wanted}", Interpolation.Allowed);
            int to = (int)wanted;
            positions[axis] = [.. Enumerable.Range(0, to)
                .Select(o => aligns ? to == 1 ? 0 : o * (from - 1.0) / (to - 1) : (o + 0.5) * from / to - 0.5)];
        }
        return n.Emit(NnUnary.Identity, [Interpolation.Apply(n, n.Data(), positions, new double[n.Rank], PixelShares.Linear)]);
    }

    private static Value Crop(NodeImport n)
    {
        if (n.DataCount > 2) throw n.Mismatch($"{Counted.Of(n.DataCount, "input")}; data and what gives the size are allowed");
        if (n.Rank != 4 || (n.DataCount == 2 && n.Data(1).Type.Shape.Rank != 4))
            throw n.Mismatch($"data has rank {n.Rank}; [N, C, H, W] is needed");
        var shape = n.Data().Type.Shape;
        long[] size = n.DataCount == 2 ? [n.Data(1).Type.Shape[2], n.Data(1).Type.Shape[3]] : n.Attributes.Ints("h_w");
        if (size.Length != 2 || size[0] < 1 || size[1] < 1)
            throw n.Attributes.Unsupported("h_w", "height and width, both above 0, where there is one input");
        long[] first = n.Attributes.Bool("center_crop") ? [(shape[2] - size[0]) / 2, (shape[3] - size[1]) / 2]
            : n.Attributes.Ints("offset");
        if (first.Length != 2) throw n.Attributes.Unsupported("offset", "rows and columns that are left out");
        if (first[0] < 0 || first[1] < 0 || first[0] + size[0] > shape[2] || first[1] + size[1] > shape[3])
            throw n.Mismatch(
                $"{size[0]} x {size[1]} from row {first[0]} and column {first[1]} on does not lie in an image of {shape[2]} x {shape[3]}",
                "data is cut to the size of the second input, which must not be larger: check the order of the inputs");
        return n.Emit(NnShape.Slice, [n.Data()], ("begin", new[] { 0, 0, first[0], first[1] }),
            ("end", new[] { shape[0], shape[1], first[0] + size[0], first[1] + size[1] }), ("strides", new[] { 1, 1, 1, 1 }));
    }
}
