using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

//  X[k] = Σ x[t] · e^(-2πi·k·t/L)   ⇒   one matrix of cosines and sines: real and imaginary parts are columns beside each other
/// <summary>Fourier transforms of constant length as products with matrices, and what stands beside them as constants.</summary>
internal static class OnnxSignalOps
{
    /// <summary>A transform of so many takes a matrix of its square.</summary>
    private const int MostPoints = 4096;

    public static readonly OnnxOp[] Rows =
    [
        new("DFT", "nn.dense with cosines and sines; constant length and axis") { Import = Transform },
        new("STFT", "nn.conv2d with cosines and sines, windowed; constant window, frame length and step") { Import = Frames },
        Window("HannWindow", 0.5, 0.5, 0),
        Window("HammingWindow", 25 / 46.0, 21 / 46.0, 0),
        Window("BlackmanWindow", 0.42, 0.5, 0.08),
        new("MelWeightMatrix", "a constant; all inputs known at import") { Fold = Mel },
    ];

    private static Entry[] Transform(OnnxNode n)
    {
        var a = n.Attributes;
        var shape = n.Shape();
        bool isInverse = a.Bool("inverse", false), isHalf = a.Bool("onesided", false);
        if (shape.Rank < 2 || shape[^1] is not (1 or 2)) throw n.Mismatch($"{shape} does not end with an axis of real and imaginary parts");
        int axis = n.Axis(n.Opset < 20 ? a.Int("axis", 1) : n.Has(2) ? (long)n.Number(2, "the axis") : -2, shape.Rank);
        if (axis == shape.Rank - 1) throw n.Mismatch("it goes along the axis of real and imaginary parts");
        int given = shape[axis];
        double length = n.Has(1) ? n.Number(1, "the length") : isInverse && isHalf ? 2.0 * (given - 1) : given;
        var matrix = new FourierMatrix(Points(n, length), isInverse, isHalf, shape[^1]);
        int[] order = [.. Enumerable.Range(0, shape.Rank - 1).Where(i => i != axis), axis, shape.Rank - 1], back = [.. order];
        for (int i = 0; i < order.Length; i++) back[order[i]] = i;
        bool moves = axis != shape.Rank - 2;
        var data = moves ? n.Step("turned", NnShape.Transpose, [n.Data()], ("axes", order)) : n.Data();
        long others = shape.Count / given / shape[^1];
        var rows = n.Step("rows", NnShape.Reshape, [data], ("shape", new[] { others, (long)given * shape[^1] }));
        n.Reserve([matrix.Rows, (long)given * shape[^1]], DType.F32);
        var product = n.Step("product", NnConv.Dense, [rows, n.Floats("waves", matrix.Make(given, null))]);
        int[] result = [.. order[..^2].Select(i => shape[i]), matrix.Rows / matrix.Parts, matrix.Parts];
        if (!moves) return n.Out(n.Emit(NnShape.Reshape, [product], ("shape", result)));
        return n.Out(n.Emit(NnShape.Transpose, [n.Step("parts", NnShape.Reshape, [product], ("shape", result))], ("axes", back)));
    }

    private static Entry[] Frames(OnnxNode n)
    {
        var shape = n.Shape();
        if (shape.Rank is not (2 or 3) || (shape.Rank == 3 && shape[2] is not (1 or 2)))
            throw n.Mismatch($"{shape} is no signal: [batch, length, 1 or 2] is needed");
        double[]? window = n.Has(2) ? n.Constant(2, "the window").Doubles() : null;
        double given = n.Has(3) ? n.Number(3, "the frame length") : window?.Length ?? throw n.Mismatch("it has neither window nor length");
        int length = Points(n, given);
        double step = n.Number(1, "the frame step");
        if (window is not null && window.Length != length) throw n.Mismatch($"a window of {window.Length} for frames of {length}");
        if (!(step >= 1) || length > shape[1]) throw n.Mismatch($"frames of {length}, {step} apart, of {Counted.Of(shape[1], "element")}");
        int parts = shape.Rank == 3 ? shape[2] : 1;
        var matrix = new FourierMatrix(length, IsInverse: false, IsHalf: n.Attributes.Bool("onesided", true), parts);
        n.Reserve([matrix.Rows, (long)length * parts], DType.F32);
        // [rows, length · parts] as a kernel [rows, parts, 1, length].
        var waves = Moves.Transpose(matrix.Make(length, window).Reshape(Shape.Of(matrix.Rows, length, parts)), [0, 2, 1]);
        var kernel = n.Floats("waves", (Tensor<float>)waves.Reshape(Shape.Of(matrix.Rows, parts, 1, length)));
        var signal = parts == 1 ? n.Data() : n.Step("parts_first", NnShape.Transpose, [n.Data()], ("axes", new[] { 0, 2, 1 }));
        var image = n.Reshaped("image", signal, Shape.Of(shape[0], parts, 1, shape[1]));
        var slid = new SlidingWindow(new(1), new(length, (long)Math.Min(step, int.MaxValue)));
        var frames = n.Step("frames", NnConv.Conv2D, [image, kernel], ConvAttributes.Of(slid, 1));
        int bins = matrix.Rows / matrix.Parts, count = frames.Type.Shape[3];
        var apart = n.Step("apart", NnShape.Reshape, [frames], ("shape", new[] { shape[0], bins, matrix.Parts, count }));
        return n.Out(n.Emit(NnShape.Transpose, [apart], ("axes", new[] { 0, 3, 1, 2 })));
    }

    private static int Points(OnnxNode n, double length) => length is >= 1 and <= MostPoints ? (int)length
        : throw n.Refused($"a transform of {length} is out of range", $"1 to {MostPoints} points are transformed");

    //  a - b · cos(2πn / N) + c · cos(4πn / N)
    private static OnnxOp Window(string name, double a, double b, double c) => new(name, "a constant; size known at import")
    {
        Fold = n =>
        {
            double size = n.Number(0, "the size");
            if (!(size >= 0)) throw n.Mismatch($"a window of {size}");
            var type = (Schema.TensorProto.Types.DataType)n.Attributes.Int("output_datatype", 1);
            var element = Read.ElementTypes.Find(type) ?? throw n.Attributes.Unsupported("output_datatype", Read.ElementTypes.Readable);
            var shape = n.Reserve([(long)Math.Min(size, long.MaxValue)], element);
            double turn = 2 * Math.PI / (n.Attributes.Bool("periodic", true) ? size : size - 1);
            return n.Out(Constants.FromDoubles(element, shape, [.. Enumerable.Range(0, shape[0])
                .Select(i => a - b * PortableMath.Cos(i * turn) + c * PortableMath.Cos(2 * i * turn))]));
        },
    };

    /// <summary>[bins of the spectrum, bands]: triangles over bands that are equally wide as the ear has them.</summary>
    private static Entry[] Mel(OnnxNode n)
    {
        double bands = n.Number(0, "the number of bands"), points = n.Number(1, "the length"), rate = n.Number(2, "the sample rate");
        double low = Ear(n.Number(3, "the lower edge")), high = Ear(n.Number(4, "the upper edge"));
        if (!(bands >= 1) || !(points >= 1) || !(rate > 0))
            throw n.Mismatch($"{bands} as number of bands, {points} as length, {rate} as sample rate");
        var shape = n.Reserve([(long)(points / 2) + 1, (long)bands], DType.F32);
        double step = (high - low) / (bands + 2);
        long[] edges = [.. Enumerable.Range(0, shape[1] + 2).Select(i => (long)Math.Floor((points + 1) * Hertz(low + i * step) / rate))];
        if (edges.Any(edge => edge < 0 || edge >= shape[0])) throw n.Mismatch("an edge of a band lies outside the spectrum");
        var weights = Tensor.Zeros<float>(shape);
        for (int band = 0; band < shape[1]; band++)
        {
            var (from, centre, to) = (edges[band], edges[band + 1], edges[band + 2]);
            if (centre == from) weights.Data[centre * shape[1] + band] = 1;
            for (long bin = from; centre > from && bin <= centre; bin++)
                weights.Data[bin * shape[1] + band] = (float)((bin - from) / (double)(centre - from));
            for (long bin = centre; bin < to; bin++) weights.Data[bin * shape[1] + band] = (float)((to - bin) / (double)(to - centre));
        }
        return n.Out(weights);

        static double Ear(double hertz) => 2595 * PortableMath.Log(1 + hertz / 700) / PortableMath.Log(10);

        static double Hertz(double ear) => 700 * (PortableMath.Exp(ear / 2595 * PortableMath.Log(10)) - 1);
    }

    /// <summary>The matrix of a transform.</summary>
    /// <param name="Length">Points of it: what is given is cut off there, or followed by zeros.</param>
    /// <param name="IsHalf">The spectrum of real numbers, of which one half says all; forward it is made, backward it is read.</param>
    /// <param name="Given">Parts of each number that is given: 1 for real numbers, 2.</param>
    private sealed record FourierMatrix(int Length, bool IsInverse, bool IsHalf, int Given)
    {
        /// <summary>Parts of each number of the result.</summary>
        public int Parts => IsInverse && IsHalf ? 1 : 2;

        public int Rows => Parts * (IsHalf && !IsInverse ? Length / 2 + 1 : Length);

        /// <summary>[<see cref="Rows"/>, points that are given · their parts]</summary>
        public Tensor<float> Make(int points, double[]? window)
        {
            int used = IsInverse && IsHalf ? Length / 2 + 1 : Length;
            var matrix = Tensor.Zeros<float>(Shape.Of(Rows, points * Given));
            for (int i = 0; i < matrix.Length; i++)
            {
                int row = i / (points * Given), column = i % (points * Given), point = column / Given;
                if (point >= used) continue;
                double factor = (window?[point] ?? 1) * (IsInverse ? Weight(point) / Length : 1);
                matrix.Data[i] = (float)(factor * Wave((long)(row / Parts) * point % Length, row % Parts, column % Given));
            }
            return matrix;
        }

        /// <summary>How much of part <paramref name="of"/> a turn by steps of 2π/L makes part <paramref name="made"/>.</summary>
        private double Wave(long steps, int made, int of)
        {
            double angle = (IsInverse ? 2 : -2) * Math.PI * steps / Length;
            return made == of ? PortableMath.Cos(angle) : made == 0 ? -PortableMath.Sin(angle) : PortableMath.Sin(angle);
        }

        /// <summary>A bin of half a spectrum stands for its mirror image too.</summary>
        private double Weight(int bin) => IsHalf && bin != 0 && 2 * bin != Length ? 2 : 1;
    }
}
