using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>Images made larger or smaller by picking the nearest pixel.</summary>
internal static class ResizeOps
{
    private const string UseNearest = "only mode 'nearest' is: interpolation has no exact integer form; train or export with nearest, or use ConvTranspose";

    public static readonly OnnxOp[] Rows =
    [
        new("Upsample", "nn.upsample; mode nearest, constant scales") { Import = n => Nearest(n, Scales(n), (o, s, _, _) => (long)Math.Floor(o / s)) },
        new("Resize", "nn.upsample for whole factors of height and width, else nn.take; mode nearest, constant scales or sizes") { Import = Resize },
        OnnxOp.Refused("GridSample", "where it samples depends on the data"),
        OnnxOp.Refused("AffineGrid", "where it samples depends on the data"),
    ];

    /// <summary>The pixel of the input that pixel o of the result takes, from the scale and both sizes.</summary>
    private delegate long Source(long o, double scale, long from, long to);

    private static double[] Scales(OnnxNode n)
    {
        if (n.Attributes.Has("scales")) return Array.ConvertAll(n.Attributes.Floats("scales")!, s => (double)s);
        if (n.Attributes.Has("height_scale")) return [1, 1, n.Attributes.Float("height_scale", 1), n.Attributes.Float("width_scale", 1)];
        return n.Constant(1, "scales").Doubles();
    }

    private static Entry[] Resize(OnnxNode n)
    {
        if (n.Opset < 11) return Nearest(n, n.Constant(1, "scales").Doubles(), (o, s, _, _) => (long)Math.Floor(o / s));
        string coordinates = n.Attributes.Choice("coordinate_transformation_mode", "half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners", "half_pixel_symmetric");
        string rounding = n.Attributes.Choice("nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil");
        string policy = n.Attributes.Choice("keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller");
        int[] axes = n.Attributes.Ints("axes") is { } named ? n.Axes(named, n.Rank) : [.. Enumerable.Range(0, n.Rank)];
        double[] scales = [.. Enumerable.Repeat(1.0, n.Rank)];
        bool bySize = n.Has(3);
        double[] given = bySize ? n.Constant(3, "sizes").Doubles() : n.Constant(2, "scales").Doubles();
        if (given.Length != axes.Length) throw n.Mismatch($"{given.Length} scales or sizes for {axes.Length} axes");
        if (bySize && policy != "stretch") given = Kept(n, given, axes, policy);
        for (int i = 0; i < axes.Length; i++) scales[axes[i]] = bySize ? given[i] / n.Shape()[axes[i]] : given[i];
        return Nearest(n, scales, (o, scale, from, to) => Round(Position(o, scale, from, to)));

        double Position(long o, double scale, long from, long to) => coordinates switch
        {
            "asymmetric" => o / scale,
            "align_corners" => to == 1 ? 0 : o * (from - 1.0) / (to - 1),
            "pytorch_half_pixel" when to == 1 => 0,
            "half_pixel_symmetric" => from / 2.0 * (1 - to / (scale * from)) + (o + 0.5) / scale - 0.5,
            _ => (o + 0.5) / scale - 0.5,
        };
        long Round(double x) => (long)(rounding switch
        {
            "floor" => Math.Floor(x),
            "ceil" => Math.Ceiling(x),
            "round_prefer_ceil" => Math.Floor(x + 0.5),
            _ => Math.Ceiling(x - 0.5),
        });
    }

    /// <summary>Sizes with one factor for all axes, the smallest or the largest of those wanted.</summary>
    private static double[] Kept(OnnxNode n, double[] sizes, int[] axes, string policy)
    {
        if (axes.Length == 0) return sizes;
        double[] factors = [.. axes.Select((axis, i) => sizes[i] / n.Shape()[axis])];
        double factor = policy == "not_larger" ? factors.Min() : factors.Max();
        return [.. axes.Select(axis => Math.Floor(n.Shape()[axis] * factor + 0.5))];
    }

    private static Entry[] Nearest(OnnxNode n, double[] scales, Source source)
    {
        string mode = n.Attributes.Text("mode", "nearest");
        if (mode != "nearest") throw n.Refused($"mode '{mode}' is not supported", UseNearest);
        var shape = n.Shape();
        if (scales.Length != shape.Rank) throw n.Mismatch($"{scales.Length} scales for data {shape}");
        var picks = new SortedDictionary<int, long[]>();
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            double size = Math.Floor(shape[axis] * scales[axis] + 1e-6);
            if (!(size >= 1 && size <= 1 << 24)) throw n.Mismatch($"axis {axis} of {shape} would have {size} elements");
            long from = shape[axis], to = (long)size;
            long[] pick = [.. Enumerable.Range(0, (int)to).Select(o => Math.Clamp(source(o, scales[axis], from, to), 0, from - 1))];
            if (!pick.SequenceEqual(Enumerable.Range(0, (int)from).Select(i => (long)i))) picks[axis] = pick;
        }
        if (picks.Count == 0) return n.Moved(n.Emit(NnUnary.Identity, [n.AnyData()]), n.Input());
        return n.Moved(Whole(shape, picks) is { } factors ? n.Emit(NnShape.UpSample, [n.AnyData()], ("scale", factors)) : GatherOps.Take(n, n.AnyData(), picks), n.Input());
    }

    /// <summary>Factors of height and width where each pixel is repeated as often, and nothing else is asked for.</summary>
    private static long[]? Whole(Shape shape, SortedDictionary<int, long[]> picks)
    {
        if (shape.Rank != 4 || picks.Keys.Any(axis => axis < 2)) return null;
        var factors = new long[] { 1, 1 };
        foreach (var (axis, pick) in picks)
        {
            long factor = factors[axis - 2] = pick.Length / shape[axis];
            if (factor < 1 || pick.Length % shape[axis] != 0 || pick.Where((from, o) => from != o / factor).Any()) return null;
        }
        return factors;
    }
}
