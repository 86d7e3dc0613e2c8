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
    private const int Attempts = 2000, MostRun = 40, Fewest = 10;

    /// <summary>Products have a definition of their own, in floats.</summary>
    public static TheoryData<string> Rows =>
        [.. OpTable.Rows.Where(r => NaiveKernels.Has(r) && !r.Is(OpTraits.Product) && r != NnConv.MatMul).Select(r => r.Name)];

    /// <summary>Of random shapes hardly any fit a convolution: it has cases of its own.</summary>
    public static TheoryData<string> Fast => [.. OpTable.Rows.Where(r => PortableKernels.Has(r) && r != NnConv.Conv2D).Select(r => r.Name)];

    /// <inheritdoc cref="Fast"/>
    public static TheoryData<string> Compared => [.. OpTable.Rows
        .Where(r => NaiveKernels.Has(r) && OnnxExporter.Supports(r) && r != NnConv.Conv2D).Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_is_its_definition_rounded_once(string name)
    {
        var row = OpTable.Rows.Single(r => r.Name == name);
        OnRandom(row, (graph, inputs) =>
        {
            double[] exact = NaiveEvaluator.Run(graph, [.. inputs.Select(i => i.ToDouble())])[0].Data;
            Assert.Equal(FloatNumbers.Bits(exact.Select(x => (float)x)), FloatNumbers.Bits(Run(graph, inputs, ProductTiles.Best, 1)));
        });
    }

    [Theory]
    [MemberData(nameof(Fast))]
    public void Registers_and_threads_change_no_bit(string name) =>
        OnRandom(OpTable.Rows.Single(r => r.Name == name), (graph, inputs) =>
        {
            var expected = FloatNumbers.Bits(Run(graph, inputs, ProductTiles.Best, 1));
            foreach (var tiles in ProductTiles.All)
                foreach (int threads in (int[])[1, 2]) Assert.Equal(expected, FloatNumbers.Bits(Run(graph, inputs, tiles, threads)));
        });

    [Theory]
    [MemberData(nameof(Compared))]
    public void ONNX_Runtime_agrees(string name)
    {
        var row = OpTable.Rows.Single(r => r.Name == name);
        OnRandom(row, AssertAgrees, IsDilatedAndRoundedUp);
    }

    private static void AssertAgrees(Graph graph, Tensor<float>[] inputs)
    {
        using var session = new FloatEvaluator(FloatOptions.Calibration).Prepare(graph, graph.Outputs);
        float[] theirs = session.Run(inputs)[0].Data, ours = Run(graph, inputs, ProductTiles.Best, 1);
        Assert.Equal(theirs.Length, ours.Length);
        double largest = theirs.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        foreach (var (i, x) in theirs.Index())
        {
            if (float.IsFinite(x))
                Assert.True(Math.Abs(x - ours[i]) <= 1e-5 * largest, $"{i}: {x} and {ours[i]}: {TextPrinter.Print(graph)}");
        }
    }

    /// <summary>ONNX drops a window that would start in the trailing padding; ONNX Runtime keeps it where a maximum is dilated.</summary>
    [Fact]
    public void A_dilated_maximum_whose_windows_are_rounded_up_is_where_ONNX_Runtime_differs()
    {
        var build = new GraphBuilder("dilated", Level.Float);
        var x = build.Input("x", TensorType.Float(1, 1, 3, 1));
        build.Output(build.Op(NnPool.MaxPool2D, [x], Attributes.Of(("kernel", (long[])[2, 1]), ("dilation", (long[])[3, 1]),
            ("padding", (long[])[2, 0, 4, 0]), ("strides", (long[])[1, 1]), ("ceil_mode", true))));
        var graph = build.Build();
        Assert.True(IsDilatedAndRoundedUp(graph.Operations[0]));
        Tensor<float> data = Tensor.Create(Shape.Of(1, 1, 3, 1), [5f, 1f, 2f]);
        using var session = new FloatEvaluator(FloatOptions.Calibration).Prepare(graph, graph.Outputs);
        Assert.Equal([1f, 2f, 5f, 1f, 2f], Run(graph, [data], ProductTiles.Best, 1));
        Assert.Equal([1f, 2f, 5f, 1f, 2f, float.NegativeInfinity], session.Run([data])[0].Data);
    }

    private static bool IsDilatedAndRoundedUp(Operation op) =>
        op.Spec == NnPool.MaxPool2D && op.Bool("ceil_mode") && SlidingWindow.Of(op).IsDilated;

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
            AssertAgrees(graph, inputs);
            var expected = FloatNumbers.Bits(op.Define(image, weights, bias, graph.Outputs[0].Type.Shape));
            foreach (var tiles in ProductTiles.All)
            {
                Assert.Equal(expected, FloatNumbers.Bits(Run(graph, inputs, tiles, 1 + i % 2)));
                Assert.Equal(expected, FloatNumbers.Bits(Run(constant, [image], tiles, 1 + i % 2)));
            }
        }

        long[] Pair(long a, long b) => [a, b];
    }

    [Theory]
    // Every window of its only column lies in the padding; a stride beyond the window; one that would be a plane of 10^12 elements.
    [InlineData(new[] { 3, 1 }, new[] { 1, 6 }, new[] { 1, 7 }, new[] { 0, 11, 0, 0 })]
    [InlineData(new[] { 9, 9 }, new[] { 1, 1 }, new[] { 4, 3 }, new[] { 0, 0, 0, 0 })]
    [InlineData(new[] { 9, 9 }, new[] { 2, 3 }, new[] { 5, 4 }, new[] { 1, 3, 0, 2 })]
    [InlineData(new[] { 2, 2 }, new[] { 1, 1 }, new[] { 1000000, 1000000 }, new[] { 0, 0, 0, 0 })]
    public void Strides_beyond_the_window_and_windows_outside_the_image_are_no_special_case(
        int[] size, int[] kernel, int[] strides, int[] padding)
    {
        var random = new Random(6);
        var op = new ConvCase(Long(size), Long(kernel), Long(strides), Long(padding), [1, 1], 1);
        var image = Numbers(random, Shape.Of(1, 2, size[0], size[1]));
        var weights = Numbers(random, Shape.Of(5, 2, kernel[0], kernel[1]));
        var graph = op.Graph(image, weights, null, isConstant: true);
        var expected = FloatNumbers.Bits(op.Define(image, weights, null, graph.Outputs[0].Type.Shape));
        foreach (var tiles in ProductTiles.All) Assert.Equal(expected, FloatNumbers.Bits(Run(graph, [image], tiles, 1)));

        static long[] Long(int[] numbers) => Array.ConvertAll(numbers, n => (long)n);
    }

    [Fact]
    public void Padding_beyond_an_array_is_told_as_memory_that_is_wanted()
    {
        var op = new ConvCase([1, 1], [2, 2], [1, 1], [40000, 40000, 40000, 40000], [80000, 80000], 1);
        var graph = op.Graph(Tensor.Zeros<float>(Shape.Of(1, 1, 1, 1)), Tensor.Zeros<float>(Shape.Of(1, 1, 2, 2)), null, isConstant: true);
        Tensor<float>[] pixel = [Tensor.Zeros<float>(Shape.Of(1, 1, 1, 1))];
        var error = Assert.Throws<InsufficientMemoryException>(() => Run(graph, pixel, ProductTiles.Best, 1));
        Assert.Equal("a convolution's padded image has 6,400,160,001 elements in each plane", error.Message);
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
            foreach (var tiles in ProductTiles.All)
                Assert.Equal(FloatNumbers.Bits(expected), FloatNumbers.Bits(Run(graph, [data], tiles, 2)));
        }
    }

    private static float[] Run(Graph graph, IReadOnlyList<Tensor<float>> inputs, ProductTiles tiles, int threads) =>
        new PortableSession(graph, graph.Outputs, new PortableKernels(tiles, threads)).Run(inputs)[0].Data;

    private static void OnRandom(OpSpec row, Action<Graph, Tensor<float>[]> check, Predicate<Operation>? isLeftOut = null)
    {
        var random = new Random(5);
        int run = 0;
        for (int i = 0; i < Attempts && run < MostRun; i++)
        {
            if (RandomRowTests.Build(row, random) is not { } graph || isLeftOut?.Invoke(graph.Operations[0]) == true) continue;
            check(graph, [.. graph.Inputs.Select(input => Numbers(random, input.Type.Shape))]);
            run++;
        }
        Assert.True(run >= Fewest, $"{run} attempts fit the rule");
    }

    /// <summary>Numbers from 0 to 1, so that roots and logarithms are numbers.</summary>
    private static Tensor<float> Numbers(Random random, Shape shape) =>
        Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => random.NextSingle())]);
}
