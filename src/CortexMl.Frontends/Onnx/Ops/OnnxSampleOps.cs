using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

//  grid_sample(x, grid)   ⇒   Σ take(pixels of x, neighbour k of each place) · share of neighbour k
/// <summary>Images sampled at places between their pixels, where the places are known.</summary>
internal static class OnnxSampleOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("GridSample", "nn.take and nn.mul for each neighbour, and nn.add; constant grid") { Import = Sample },
        new("AffineGrid", "nn.matmul of the regular grid and theta; constant size") { Import = Grid, Fold = KnownGrid },
    ];

    private static Entry[] Sample(OnnxNode n)
    {
        var shape = n.Shape();
        int spatial = shape.Rank - 2;
        var grid = n.Constant(1, "the grid");
        if (spatial < 1 || grid.Shape.Rank != shape.Rank || grid.Shape[^1] != spatial || grid.Shape[0] != shape[0])
            throw n.Mismatch($"grid {grid.Shape} does not fit data {shape}");
        int batch = shape[0], places = grid.Length / spatial / batch;
        var reader = SampleReader.Of(n, [.. shape.Skip(2)]);
        n.Reserve([grid.Length, reader.MostNeighbours], DType.F32);
        double[] at = grid.Doubles();
        var result = Shape.Of([shape[0], shape[1], .. grid.Shape.Skip(1).SkipLast(1)]);
        List<Value> images = [];
        for (int b = 0; b < batch; b++)
        {
            var pixels = n.Reshaped($"pixels{b}", Image(n, b), Shape.Of(1, shape[1], (int)(shape.Count / batch / shape[1])));
            var taps = Enumerable.Range(b * places, places)
                .Select(p => reader.Neighbours(at.AsSpan(p * spatial, spatial).ToArray())).ToArray();
            images.Add(Weighted(n, b, pixels, taps));
        }
        var all = images.Count == 1 ? images[0] : n.Step("images", NnShape.Concat, images, ("axis", 0));
        return n.Out(n.Emit(NnShape.Reshape, [all], ("shape", result)));
    }

    private static Value Image(OnnxNode n, int b)
    {
        var shape = n.Shape();
        return shape[0] == 1 ? n.Data() : n.Step($"image{b}", NnShape.Slice, [n.Data()],
            ("begin", shape.Select((_, axis) => axis == 0 ? b : 0).ToArray()), ("end", shape.With(0, b + 1)),
            ("strides", Enumerable.Repeat(1, shape.Rank).ToArray()));
    }

    /// <summary>[1, C, places]</summary>
    private static Value Weighted(OnnxNode n, int b, Value pixels, (int Pixel, double Share)[][] taps)
    {
        int most = taps.Max(t => t.Length);
        Value? sum = null;
        for (int k = 0; k < Math.Max(1, most); k++)
        {
            var each = taps.Select(t => k < t.Length ? t[k] : (Pixel: 0, Share: 0)).ToArray();
            var indices = n.Floats($"neighbours{b}.{k}", Tensor.Vector(Array.ConvertAll(each, t => (float)t.Pixel)));
            var part = n.Step($"taken{b}.{k}", NnLookup.Take, [pixels, indices], ("axis", 2));
            if (Array.Exists(each, t => t.Share != 1))
            {
                var shares = n.Floats($"shares{b}.{k}", Tensor.Vector(Array.ConvertAll(each, t => (float)t.Share)));
                part = n.Step($"part{b}.{k}", NnBinary.Mul, [part, shares]);
            }
            sum = sum is null ? part : n.Step($"sum{b}.{k}", NnBinary.Add, [sum, part]);
        }
        return sum!;
    }

    //  [places, axes + 1] · thetaᵀ [batch, axes + 1, axes]
    private static Entry[] Grid(OnnxNode n)
    {
        var (size, regular) = Regular(n);
        var turned = n.Step("turned", NnShape.Transpose, [n.Data()], ("axes", new[] { 0, 2, 1 }));
        var product = n.Step("grid", NnConv.MatMul, [n.Floats("regular", regular), turned]);
        return n.Out(n.Emit(NnShape.Reshape, [product], ("shape", size)));
    }

    private static Entry[] KnownGrid(OnnxNode n)
    {
        var (size, regular) = Regular(n);
        double[] theta = n.Constant(0, "theta").Doubles();
        int axes = size[^1], row = axes + 1, places = regular.Shape[0];
        n.Reserve(size.Select(d => (long)d), DType.F32);
        var grid = new double[size.Count];
        for (int i = 0; i < grid.Length; i++)
        {
            int batch = i / axes / places, place = i / axes % places, axis = i % axes;
            for (int k = 0; k < row; k++) grid[i] += theta[(batch * axes + axis) * row + k] * regular.Data[place * row + k];
        }
        return n.Out(Constants.FromDoubles(DType.F32, size, grid));
    }

    /// <summary>The grid's shape, and each of its places as it is without theta, the last axis first, with a 1 behind.</summary>
    private static (Shape Size, Tensor<float> Regular) Regular(OnnxNode n)
    {
        long[] size = n.Longs(1, "the size");
        int axes = size.Length - 2;
        if (axes is not (2 or 3) || size.Any(d => d is < 1 or > int.MaxValue) || n.Shape() != Shape.Of((int)size[0], axes, axes + 1))
            throw n.Mismatch($"theta {n.Shape()} does not fit size [{string.Join(", ", size)}]");
        long[] spatial = size[2..];
        n.Reserve([.. spatial, axes + 1], DType.F32);
        bool aligns = n.Attributes.Bool("align_corners", false);
        var places = Shape.Of(spatial.Select(d => (int)d));
        int[] strides = places.Strides();
        var regular = Tensor.Zeros<float>(Shape.Of((int)places.Count, axes + 1));
        for (int i = 0; i < regular.Length; i++)
        {
            int place = i / (axes + 1), k = i % (axes + 1), axis = axes - 1 - k;
            regular.Data[i] = k == axes ? 1 : (float)Place(place / strides[axis] % places[axis], places[axis]);
        }
        return (Shape.Of([(int)size[0], .. places, axes]), regular);

        double Place(int at, int count) => aligns ? count == 1 ? 0 : -1 + 2.0 * at / (count - 1) : (2.0 * at + 1) / count - 1;
    }
}

/// <summary>Which pixels of an image a place between them is made of, and how much of each.</summary>
/// <param name="Size">Of each spatial axis; coordinates come in the opposite order, from -1 to 1.</param>
internal sealed record SampleReader(int[] Size, string Mode, string Border, bool Aligns)
{
    /// <summary>What ONNX's bicubic kernel has for a.</summary>
    private const double Sharpness = -0.75;

    public int MostNeighbours => Size.Aggregate(1, (all, _) => all * (Mode switch { "nearest" => 1, "linear" => 2, _ => 4 }));

    /// <exception cref="NodeException">An attribute has no meaning.</exception>
    public static SampleReader Of(OnnxNode n, int[] size)
    {
        var a = n.Attributes;
        // Before opset 20 the modes had other names.
        string mode = n.Opset < 20 ? a.Choice("mode", "bilinear", "nearest", "bicubic") : a.Choice("mode", "linear", "nearest", "cubic");
        return new(size, mode switch { "bilinear" => "linear", "bicubic" => "cubic", _ => mode },
            a.Choice("padding_mode", "zeros", "border", "reflection"), a.Bool("align_corners", false));
    }

    /// <summary>Pixels by their row-major index; shares of what lies outside and counts as 0 are left out.</summary>
    public (int Pixel, double Share)[] Neighbours(double[] place)
    {
        List<(int Pixel, double Share)> found = [(0, 1)];
        for (int axis = 0; axis < Size.Length; axis++)
        {
            var taps = Taps(place[^(axis + 1)], Size[axis]);
            int size = Size[axis];
            found = [.. found.SelectMany(f => taps.Select(t => (f.Pixel * size + t.Index, f.Share * t.Share)))];
        }
        return [.. found];
    }

    private List<(int Index, double Share)> Taps(double place, int size)
    {
        double at = Aligns ? (place + 1) / 2 * (size - 1) : ((place + 1) * size - 1) / 2;
        if (Mode != "cubic") at = Inside(at, size);
        if (!double.IsFinite(at)) return [];
        if (Mode == "nearest") return Kept([((long)Math.Round(Math.Clamp(at, -2.0, size + 1.0), MidpointRounding.ToEven), 1)], size);
        double first = Math.Floor(Math.Clamp(at, -4.0, size + 3.0)), part = Math.Clamp(at, -4.0, size + 3.0) - first;
        if (Mode == "linear") return Kept([((long)first, 1 - part), ((long)first + 1, part)], size);
        return Kept([.. Enumerable.Range(-1, 4).Select(k => ((long)first + k, Cubic(Math.Abs(part - k))))], size);
    }

    /// <summary>Indices outside are read at the border or mirrored, or left out.</summary>
    private List<(int Index, double Share)> Kept((long Index, double Share)[] taps, int size) =>
    [
        .. taps.Select(t => (Index: Mode == "cubic" ? (long)Inside(t.Index, size) : t.Index, t.Share))
            .Where(t => t.Index >= 0 && t.Index < size && t.Share != 0).Select(t => ((int)t.Index, t.Share)),
    ];

    private double Inside(double at, int size) => Border switch
    {
        "border" => Math.Clamp(at, 0, size - 1),
        "reflection" => Reflected(at, Aligns ? 0 : -0.5, Aligns ? size - 1 : size - 0.5, size),
        _ => at,
    };

    /// <summary>Mirrored at both limits until it lies between them.</summary>
    private static double Reflected(double at, double low, double high, int size)
    {
        double range = high - low;
        if (range <= 0 || !double.IsFinite(at)) return Math.Clamp(at, 0, size - 1);
        double beyond = Math.Abs(at - low) % (2 * range);
        return Math.Clamp(low + (beyond > range ? 2 * range - beyond : beyond), 0, size - 1);
    }

    private static double Cubic(double x) => x <= 1 ? ((Sharpness + 2) * x - (Sharpness + 3)) * x * x + 1
        : x < 2 ? ((Sharpness * x - 5 * Sharpness) * x + 8 * Sharpness) * x - 4 * Sharpness : 0;
}
