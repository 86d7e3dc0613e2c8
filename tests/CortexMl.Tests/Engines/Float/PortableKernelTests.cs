using CortexMl.Engines.Float;
using CortexMl.Engines.Float.Portable;
using CortexMl.Float;
using CortexMl.Frontends.Onnx;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;
using CortexMl.Tests.Frontends.Onnx;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Float;

/// <summary>The portable float engine against definitions: each row's own in double, and for products the chain of sums.</summary>
public class PortableKernelTests
{
    private const int Attempts = 2000, MostRun = 40;

    /// <summary>Products have a definition of their own, in floats.</summary>
    public static TheoryData<string> Rows =>
        [.. OpTable.Rows.Where(r => NaiveKernels.Has(r) && !r.Is(OpTraits.Product) && r != NnConv.MatMul).Select(r => r.Name)];

    public static TheoryData<string> Fast => [.. OpTable.Rows.Where(PortableKernels.Has).Select(r => r.Name)];

    public static TheoryData<string> Compared =>
        [.. OpTable.Rows.Where(r => NaiveKernels.Has(r) && OnnxExporter.Supports(r)).Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_is_its_definition_rounded_once(string name)
    {
        var row = OpTable.Rows.Single(r => r.Name == name);
        OnRandom(row, (graph, inputs) =>
        {
            double[] exact = NaiveEvaluator.Run(graph, [.. inputs.Select(i => i.ToDouble())])[0].Data;
            Assert.Equal(Bits(exact.Select(x => (float)x)), Bits(Run(graph, inputs, ProductTiles.Best, 1)));
        });
    }

    [Theory]
    [MemberData(nameof(Fast))]
    public void Registers_and_threads_change_no_bit(string name) =>
        OnRandom(OpTable.Rows.Single(r => r.Name == name), (graph, inputs) =>
        {
            var expected = Bits(Run(graph, inputs, ProductTiles.Best, 1));
            foreach (var tiles in ProductTiles.All)
                foreach (int threads in (int[])[1, 2]) Assert.Equal(expected, Bits(Run(graph, inputs, tiles, threads)));
        });

    [Theory]
    [MemberData(nameof(Compared))]
    public void ONNX_Runtime_agrees(string name)
    {
        var row = OpTable.Rows.Single(r => r.Name == name);
        OnRandom(row, (graph, inputs) =>
        {
            using var session = new FloatEvaluator(FloatOptions.Calibration).Prepare(graph, graph.Outputs);
            float[] theirs = session.Run(inputs)[0].Data, ours = Run(graph, inputs, ProductTiles.Best, 1);
            // Its dilated windows that begin in the padding count their taps from the image's edge, not from their own start.
            if (row == NnPool.MaxPool2D && graph.Operations[0].Ints("dilation").Any(d => d > 1)) return;
            double largest = theirs.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
            foreach (var (i, x) in theirs.Index())
            {
                if (float.IsFinite(x))
                    Assert.True(Math.Abs(x - ours[i]) <= 1e-5 * largest, $"{i}: {x} and {ours[i]}: {TextPrinter.Print(graph)}");
            }
        });
    }

    [Fact]
    public void A_convolution_is_a_chain_of_sums_whatever_its_window()
    {
        var random = new Random(3);
        for (int i = 0; i < 60; i++)
        {
            int groups = random.Next(1, 4), channels = groups * random.Next(1, 40), outputs = groups * random.Next(1, 12);
            int kernel = random.Next(1, 4), dilation = random.Next(1, 3), size = random.Next((kernel - 1) * dilation + 1, 13);
            var op = new ConvCase(Pair(size, size + random.Next(3)), Pair(kernel, random.Next(1, kernel + 1)),
                Pair(random.Next(1, 3), random.Next(1, 3)), [random.Next(3), random.Next(3), random.Next(3), random.Next(3)],
                Pair(dilation, random.Next(1, dilation + 1)), groups);
            var image = Numbers(random, Shape.Of(random.Next(1, 3), channels, (int)op.Size[0], (int)op.Size[1]));
            var weights = Numbers(random, Shape.Of(outputs, channels / groups, (int)op.Kernel[0], (int)op.Kernel[1]));
            Tensor<float>? bias = random.Next(2) == 0 ? Numbers(random, Shape.Of(outputs)) : null;
            var (graph, constant) = (op.Graph(image, weights, bias, isConstant: false), op.Graph(image, weights, bias, isConstant: true));
            Tensor<float>[] inputs = bias is null ? [image, weights] : [image, weights, bias];
            var expected = Bits(op.Define(image, weights, bias, graph.Outputs[0].Type.Shape));
            foreach (var tiles in ProductTiles.All)
            {
                Assert.Equal(expected, Bits(Run(graph, inputs, tiles, 1 + i % 2)));
                Assert.Equal(expected, Bits(Run(constant, [image], tiles, 1 + i % 2)));
            }
        }

        long[] Pair(long a, long b) => [a, b];
    }

    [Fact]
    public void A_dense_layer_is_a_chain_of_sums_and_then_the_bias()
    {
        var random = new Random(4);
        foreach (var (rows, depth, units) in (IEnumerable<(int, int, int)>)[(1, 1, 1), (3, 700, 37), (9, 256, 32), (1, 257, 65)])
        {
            Tensor<float> data = Numbers(random, Shape.Of(rows, depth)), weights = Numbers(random, Shape.Of(units, depth));
            var bias = Numbers(random, Shape.Of(units));
            var expected = new float[rows * units];
            for (int i = 0; i < expected.Length; i++)
            {
                float sum = 0;
                for (int k = 0; k < depth; k++)
                    sum = MathF.FusedMultiplyAdd(data.Data[i / units * depth + k], weights.Data[i % units * depth + k], sum);
                expected[i] = sum + bias.Data[i % units];
            }
            var build = new GraphBuilder("dense", Level.Float);
            build.Output(build.Op(NnConv.Dense,
                [build.Input("x", TensorType.Float(rows, depth)), build.Constant("w", weights), build.Constant("b", bias)]));
            var graph = build.Build();
            foreach (var tiles in ProductTiles.All) Assert.Equal(Bits(expected), Bits(Run(graph, [data], tiles, 2)));
        }
    }

    private static float[] Run(Graph graph, IReadOnlyList<Tensor<float>> inputs, ProductTiles tiles, int threads) =>
        new PortableSession(graph, graph.Outputs, new PortableKernels(tiles, threads)).Run(inputs)[0].Data;

    private static void OnRandom(OpSpec row, Action<Graph, Tensor<float>[]> check)
    {
        var random = new Random(5);
        int run = 0;
        for (int i = 0; i < Attempts && run < MostRun; i++)
        {
            if (RandomRowTests.Build(row, random) is not { } graph) continue;
            check(graph, [.. graph.Inputs.Select(input => Numbers(random, input.Type.Shape))]);
            run++;
        }
        Assert.True(run > 0, "no attempt fits the rule");
    }

    /// <summary>Numbers from 0 to 1, so that roots and logarithms are numbers.</summary>
    private static Tensor<float> Numbers(Random random, Shape shape) =>
        Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => random.NextSingle())]);

    /// <summary>NaN is NaN, whatever its bits; +0 and -0 differ.</summary>
    private static int[] Bits(IEnumerable<float> numbers) =>
        [.. numbers.Select(x => BitConverter.SingleToInt32Bits(float.IsNaN(x) ? float.NaN : x))];

    private sealed record ConvCase(long[] Size, long[] Kernel, long[] Strides, long[] Padding, long[] Dilation, int Groups)
    {
        public Graph Graph(Tensor<float> image, Tensor<float> weights, Tensor<float>? bias, bool isConstant)
        {
            var build = new GraphBuilder("conv", Level.Float);
            List<Value> operands = [build.Input("x", Type(image)), Other("w", weights)];
            if (bias is not null) operands.Add(Other("b", bias));
            build.Output(build.Op(NnConv.Conv2D, operands, Attributes.Empty.With("kernel", Kernel).With("strides", Strides)
                .With("padding", Padding).With("dilation", Dilation).With("groups", Groups)));
            return build.Build();

            Value Other(string name, Tensor<float> tensor) => isConstant ? build.Constant(name, tensor) : build.Input(name, Type(tensor));

            static TensorType Type(Tensor<float> tensor) => TensorType.Float([.. tensor.Shape]);
        }

        /// <summary>Sums over input channel, row, column of the kernel; padding counts as zeros; the bias last.</summary>
        public float[] Define(Tensor<float> image, Tensor<float> weights, Tensor<float>? bias, Shape result)
        {
            var values = new float[result.Count];
            int channels = weights.Shape[1], outputsPerGroup = result[1] / Groups;
            for (int i = 0; i < values.Length; i++)
            {
                int x = i % result[3], y = i / result[3] % result[2], plane = i / result[3] / result[2];
                int o = plane % result[1], n = plane / result[1];
                float sum = 0;
                for (int k = 0; k < channels * (int)(Kernel[0] * Kernel[1]); k++)
                {
                    int column = (int)(x * Strides[1] - Padding[1] + k % Kernel[1] * Dilation[1]);
                    int row = (int)(y * Strides[0] - Padding[0] + k / Kernel[1] % Kernel[0] * Dilation[0]);
                    int channel = o / outputsPerGroup * channels + (int)(k / (Kernel[0] * Kernel[1]));
                    bool isInside = row >= 0 && row < image.Shape[2] && column >= 0 && column < image.Shape[3];
                    int at = ((n * image.Shape[1] + channel) * image.Shape[2] + row) * image.Shape[3] + column;
                    float pixel = isInside ? image.Data[at] : 0;
                    sum = MathF.FusedMultiplyAdd(pixel, weights.Data[o * channels * (int)(Kernel[0] * Kernel[1]) + k], sum);
                }
                values[i] = bias is null ? sum : sum + bias.Data[o];
            }
            return values;
        }
    }
}
