using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Images made larger or smaller, by picking the nearest pixel or by interpolation.</summary>
internal static class OnnxResizeOps
{
    private const string Modes = "modes that are: nearest, linear, cubic; export with one of them, or use ConvTranspose";

    private const string Crop = "tf_crop_and_resize";

    public static readonly OnnxOp[] Rows =
    [
        new("Upsample", "as Resize; constant scales") { Import = n => Resized(n, Scales(n), (_, o, s, _, _) => o / s, Math.Floor) },
        new("Resize", "nn.upsample for whole factors of height and width, else nn.take; linear and cubic: nn.dense; "
            + "constant scales, sizes and regions")
        {
            Import = Resize,
        },
    ];

    /// <summary>Where in the input pixel o of the result lies, from the scale and both sizes; NaN is nowhere in it.</summary>
    private delegate double SourceIndex(int axis, long o, double scale, long from, long to);

    private static double[] Scales(OnnxNode n)
    {
        if (n.Attributes.Has("scales")) return Array.ConvertAll(n.Attributes.Floats("scales")!, s => (double)s);
        if (n.Attributes.Has("height_scale")) return [1, 1, n.Attributes.Float("height_scale", 1), n.Attributes.Float("width_scale", 1)];
        return n.Constant(1, "scales").Doubles();
    }

    private static Entry[] Resize(OnnxNode n)
    {
        if (n.Opset < 11) return Resized(n, n.Constant(1, "scales").Doubles(), (_, o, s, _, _) => o / s, Math.Floor);
        string coordinates = n.Attributes.Choice(
            "coordinate_transformation_mode", "half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners", "half_pixel_symmetric",
            Crop);
        string rounding = n.Attributes.Choice("nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil");
        string policy = n.Attributes.Choice("keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller");
        int[] axes = n.Attributes.Ints("axes") is { } named ? n.Axes(named, n.Rank) : [.. Enumerable.Range(0, n.Rank)];
        double[] scales = [.. Enumerable.Repeat(1.0, n.Rank)];
        bool bySize = n.Has(3);
        double[] given = bySize ? n.Constant(3, "sizes").Doubles() : n.Constant(2, "scales").Doubles();
        if (given.Length != axes.Length)
            throw n.Mismatch(
                $"{Counted.Of(given.Length, "scale or size", "scales or sizes")} for {Counted.Of(axes.Length, "axis", "axes")}");
        if (bySize && policy != "stretch") given = Kept(n, given, axes, policy);
        for (int i = 0; i < axes.Length; i++) scales[axes[i]] = bySize ? given[i] / n.Shape()[axes[i]] : given[i];
        double[] region = coordinates == Crop ? Region(n, axes) : [];
        // ONNX divides by the size before it is rounded down, ONNX Runtime by the size behind it.
        if (coordinates == "align_corners" && !bySize
            && n.Shape().Where((d, i) => Math.Abs(d * scales[i] - Math.Round(d * scales[i])) > 1e-4).Any())
            throw n.Refused("with align_corners, runtimes differ about scales that give no whole number of elements", "export with sizes");
        return Resized(n, scales, Position, Round);

        double Position(int axis, long o, double scale, long from, long to) => coordinates switch
        {
            "asymmetric" => o / scale,
            "align_corners" => to == 1 ? 0 : o * (from - 1.0) / (to - 1),
            Crop => Inside(region[axis], region[axis + n.Rank], o, from, to),
            "pytorch_half_pixel" when to == 1 => 0,
            "half_pixel_symmetric" => from / 2.0 * (1 - to / (scale * from)) + (o + 0.5) / scale - 0.5,
            _ => (o + 0.5) / scale - 0.5,
        };
        double Round(double x) => rounding switch
        {
            "floor" => Math.Floor(x),
            "ceil" => Math.Ceiling(x),
            "round_prefer_ceil" => Math.Floor(x + 0.5),
            _ => Math.Ceiling(x - 0.5),
        };
    }

    /// <summary>Sizes with one factor for all axes, the smallest or the largest of those wanted.</summary>
    private static double[] Kept(OnnxNode n, double[] sizes, int[] axes, string policy)
    {
        if (axes.Length == 0) return sizes;
        double[] factors = [.. axes.Select((axis, i) => sizes[i] / n.Shape()[axis])];
        double factor = policy == "not_larger" ? factors.Min() : factors.Max();
        return [.. axes.Select(axis => Math.Floor(n.Shape()[axis] * factor + 0.5))];
    }

    /// <summary>Begin of each axis, then end of each axis, as shares of it: all of it where none is named.</summary>
    private static double[] Region(OnnxNode n, int[] axes)
    {
        double[] given = n.Constant(1, "the region").Doubles(), region = new double[2 * n.Rank];
        if (given.Length != 2 * axes.Length || !Array.TrueForAll(given, double.IsFinite))
            throw n.Mismatch($"the region has {Counted.Of(given.Length, "number")} for {Counted.Of(axes.Length, "axis", "axes")}");
        Array.Fill(region, 1, n.Rank, n.Rank);
        foreach (var (i, axis) in axes.Index()) (region[axis], region[axis + n.Rank]) = (given[i], given[i + axes.Length]);
        return region;
    }

    private static double Inside(double begin, double end, long o, long from, long to)
    {
        double at = to > 1 ? (begin + o * (end - begin) / (to - 1)) * (from - 1) : (begin + end) / 2 * (from - 1);
        return at >= 0 && at <= from - 1 ? at : double.NaN;
    }

    /// <param name="round">Of mode nearest.</param>
    private static Entry[] Resized(OnnxNode n, double[] scales, SourceIndex source, Func<double, double> round)
    {
        string mode = n.Attributes.Text("mode", "nearest");
        bool isNearest = mode == "nearest";
        // Opset 1 called it bilinear.
        var pixels = isNearest || mode == "linear" || (n.Opset < 7 && mode == "bilinear") ? PixelShares.Linear
            : mode == "cubic" && n.Opset >= 11 ? PixelShares.Cubic(n.Attributes.Float("cubic_coeff_a", -0.75f))
            : throw n.Refused($"mode '{mode}' is not supported", Modes);
        pixels = pixels with
        {
            IsInsideOnly = n.Attributes.Bool("exclude_outside", false),
            Widens = !isNearest && n.Attributes.Bool("antialias", false),
        };
        var shape = n.Shape();
        if (scales.Length != shape.Rank) throw n.Mismatch($"{Counted.Of(scales.Length, "scale")} for data {shape}");
        var positions = new SortedDictionary<int, double[]>();
        long[] sizes = Sizes(n, shape, scales);
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            long from = shape[axis], to = sizes[axis];
            double[] at = [.. Enumerable.Range(0, (int)to).Select(o => source(axis, o, scales[axis], from, to))];
            if (isNearest) at = Array.ConvertAll(at, x => Math.Clamp(round(x), 0, from - 1));
            if (!at.SequenceEqual(Enumerable.Range(0, (int)from).Select(i => (double)i))) positions[axis] = at;
        }
        if (positions.Count == 0) return n.Moved(n.Emit(NnUnary.Identity, [n.AnyData()]), n.Input());
        if (isNearest && !positions.Values.Any(at => at.Any(double.IsNaN))) return Picked(n, positions);
        double beyond = n.Attributes.Float("extrapolation_value", 0);
        var resized = Interpolation.Apply(n, n.Data(), positions, scales, pixels);
        return n.Out(beyond == 0 || !positions.Values.Any(at => at.Any(double.IsNaN)) ? n.Emit(NnUnary.Identity, [resized])
            : n.Emit(NnBinary.Add, [resized, Beyond(n, positions, (float)beyond)]));
    }

    /// <summary>A number at each place that lies outside the data along any axis, else 0.</summary>
    private static Value Beyond(OnnxNode n, SortedDictionary<int, double[]> positions, float number)
    {
        int rank = n.Rank;
        var shape = n.Reserve(
            Enumerable.Range(0, rank).Select(a => positions.TryGetValue(a, out double[]? at) ? (long)at.Length : 1), DType.F32);
        int[] strides = shape.Strides();
        var numbers = Tensor.Zeros<float>(shape);
        for (int i = 0; i < numbers.Length; i++)
            if (positions.Any(p => double.IsNaN(p.Value[i / strides[p.Key] % shape[p.Key]]))) numbers.Data[i] = number;
        return n.Floats("beyond", numbers);
    }

    /// <summary>Of the result; checked before anything of that size is made.</summary>
    private static long[] Sizes(OnnxNode n, Shape shape, double[] scales)
    {
        double[] sizes = [.. scales.Select((scale, axis) => Math.Floor(shape[axis] * scale + 1e-6))];
        foreach (var (axis, size) in sizes.Index())
        {
            if (!(size >= 1 && size <= Interpolation.LongestAxis))
                throw n.Mismatch($"axis {axis} of {shape} would have {Counted.Of(size, "element")}", Interpolation.Allowed);
        }
        long[] whole = [.. sizes.Select(size => (long)size)];
        // Of at most 2^20 each, and a tensor has few axes: the product is a number that a double holds well enough.
        if (whole.Aggregate(1.0, (product, size) => product * size) > int.MaxValue)
            throw n.Mismatch($"the number of elements would be {string.Join(" x ", whole)}", $"at most {int.MaxValue} are allowed");
        return whole;
    }

    private static Entry[] Picked(OnnxNode n, SortedDictionary<int, double[]> positions)
    {
        var picks = new SortedDictionary<int, long[]>(positions.ToDictionary(p => p.Key, p => Array.ConvertAll(p.Value, x => (long)x)));
        var value = Whole(n.Shape(), picks) is { } factors ? n.Emit(NnShape.UpSample, [n.AnyData()], ("scale", factors))
            : OnnxGatherOps.Take(n, n.AnyData(), picks);
        return n.Moved(value, n.Input());
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
