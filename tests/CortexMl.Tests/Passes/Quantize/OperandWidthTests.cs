using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Quantize;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;
using CortexMl.Tests.Passes.Prepare;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Products of two values, and averages, of numbers that have more than 8 bits.</summary>
public sealed class OperandWidthTests
{
    private const int Samples = 4;

    /// <summary>What 8 bits of an operand lose is gone where it has 15; batches and broadcasts alike.</summary>
    [Theory]
    [InlineData("[3, 5]", "[5, 4]")]
    [InlineData("[2, 3, 5]", "[2, 5, 4]")]
    [InlineData("[2, 3, 5]", "[1, 5, 4]")]
    [InlineData("[1, 3, 5]", "[2, 5, 4]")]
    [InlineData("[2, 1, 1, 70]", "[3, 70, 2]")]
    [InlineData("[1, 1000]", "[1000, 3]")]
    public void Fifteen_bits_of_operands(string a, string b)
    {
        double narrow = Decibels(8, 8), first = Decibels(15, 8), second = Decibels(8, 15), both = Decibels(15, 15);
        Assert.InRange(narrow, 20, 52);
        Assert.True(first > narrow && second > narrow, $"{narrow} {first} {second}");
        Assert.True(both > narrow + 17, $"{narrow} {both}");

        double Decibels(int left, int right) => SignalToNoise($$"""
            graph @g(%x: f32{{a}} within 1, %u: f32{{a}} within 1, %z: f32{{b}} within 1, %v: f32{{b}} within 1) {
              %a = nn.mul(%x, %u)
              %b = nn.mul(%z, %v)
              %y = nn.matmul(%a, %b) {bits = [{{left}}, {{right}}]}
              return %y
            }
            """, out _);
    }

    /// <summary>Windows of up to four elements, none of which is padding, are sums of 16 bits; others are convolutions of 8.</summary>
    [Theory]
    [InlineData("kernel = [2, 2], strides = [2, 2]", true)]
    [InlineData("kernel = [2, 2], strides = [1, 1]", true)]
    [InlineData("kernel = [1, 3], strides = [2, 2]", true)]
    [InlineData("kernel = [4, 1], strides = [1, 3]", true)]
    [InlineData("kernel = [2, 2], strides = [2, 2], padding = [1, 0]", false)]
    [InlineData("kernel = [2, 2], strides = [2, 2], ceil_mode = true", false)]
    [InlineData("kernel = [2, 1], strides = [2, 1], ceil_mode = true", false)]
    [InlineData("kernel = [1, 2], strides = [1, 2], ceil_mode = true", false)]
    [InlineData("kernel = [3, 2], strides = [2, 2]", false)]
    public void Averages_of_few_elements_keep_their_bits(string pool, bool isExact)
    {
        double decibels = SignalToNoise($$"""
            graph @g(%x: f32[1, 2, 7, 7] within 1, %u: f32[1, 2, 7, 7] within 1) {
              %a = nn.mul(%x, %u)
              %y = nn.avg_pool2d(%a) {{{pool}}}
              return %y
            }
            """, out var graph);
        Assert.Equal(isExact, graph.Operations.All(o => o.Spec != CvmConv.Conv2D));
        Assert.True(isExact ? decibels > 73 : decibels is > 20 and < 60, $"{decibels}");
    }

    /// <summary>What a measurement says of a product: the errors of its operands, times the other one, at its result.</summary>
    [Fact]
    public void Damage_of_operands_is_that_of_their_rounding()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: f32[1, 3] within 0.5, %z: f32[3, 2] within 0.5) {
              %a = nn.add(%x, %x) : f32[1, 3] within 1
              %b = nn.add(%z, %z) : f32[3, 2] within 1
              %y = nn.matmul(%a, %b) : f32[1, 2] within 2
              return %y
            }
            """);
        var product = graph.Operations.Single(o => o.Spec == NnConv.MatMul);
        float[] a = [0.501f, -0.3f, 0.9f], b = [0.25f, 0.125f, -1, 0.7f, 0.33f, 2];
        var sample = new Sample([Tensor.Create(Shape.Of(1, 3), Halves(a)), Tensor.Create(Shape.Of(3, 2), Halves(b))], null, "one");
        using var measurement = new DamageMeasurement(
            graph, [product], [sample], v => Demands.Narrow(v).Units, new PortableEvaluator(1));
        var damage = measurement.Run(Names.Of(graph), new PassServices()).Layers.Single();
        double[] exactA = Array.ConvertAll(a, v => (double)v), exactB = Array.ConvertAll(b, v => (double)v);
        double[] roundedA = Rounded(a), roundedB = Rounded(b), y = Product(exactA, exactB);
        double left = Power(Product([.. a.Zip(roundedA, (v, r) => r - v)], exactB)) / Power(y);
        double right = Power(Product(exactA, [.. b.Zip(roundedB, (v, r) => r - v)])) / Power(y);
        // Both errors are measured at once, and shared by their squares: they are independent only in the mean.
        double together = Power(Product(roundedA, roundedB).Zip(y, (r, v) => r - v).ToArray()) / Power(y);
        Assert.InRange((damage.Data[0] + damage.Weights[0]) / together, 0.9, 1.1);
        Assert.Equal(left / (left + right), damage.Data[0] / (damage.Data[0] + damage.Weights[0]), 3);
        Assert.Empty(damage.Centred);

        static float[] Halves(float[] numbers) => Array.ConvertAll(numbers, v => v / 2);

        static double[] Rounded(float[] numbers) =>
            Array.ConvertAll(numbers, v => Math.Clamp(Math.Floor((v * 127.0) + 0.5), -127, 127) / 127);

        static double[] Product(double[] a, double[] b) =>
            [.. Enumerable.Range(0, 2).Select(n => Enumerable.Range(0, 3).Sum(k => a[k] * b[(2 * k) + n]))];

        static double Power(double[] numbers) => numbers.Sum(v => v * v);
    }

    /// <summary>An input has 8 bits, however the product reads it.</summary>
    [Theory]
    [InlineData("nn.matmul(%x, %b)", true, false)]
    [InlineData("nn.matmul(%b, %x)", false, true)]
    [InlineData("nn.matmul(%b, %b)", false, false)]
    public void What_an_input_loses_is_no_damage_of_a_product(string product, bool isDataFree, bool isWeightFree)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[2, 2] within 1) {
              %b = nn.add(%x, %x) : f32[2, 2] within 2
              %y = {{product}} : f32[2, 2] within 8
              return %y
            }
            """);
        Sample sample = new([Tensor.Create(Shape.Of(2, 2), new[] { 0.501f, -0.3f, 0.9f, 0.123f })], null, "one");
        using var measurement = new DamageMeasurement(
            graph, [graph.Operations.Single(o => o.Spec == NnConv.MatMul)], [sample], v => Demands.Narrow(v).Units,
            new PortableEvaluator(1));
        var damage = measurement.Run(Names.Of(graph), new PassServices()).Layers.Single();
        Assert.Equal((isDataFree, isWeightFree), (damage.Data[0] == 0, damage.Weights[0] == 0));
    }

    /// <summary>Of inputs that 8 bits hold exactly, so that all noise is behind them.</summary>
    private static double SignalToNoise(string text, out Graph graph)
    {
        var floats = graph = TextParser.ParseOne(text);
        var random = new Random(7);
        Tensor<double>[][] samples = [.. Enumerable.Range(0, Samples).Select(s => floats.Inputs.Select(i => Tensor.Create(
            i.Type.Shape, Enumerable.Range(0, (int)i.Type.Shape.Count)
                .Select(k => (s + k == 0 ? 127 : random.Next(-127, 128)) / 127.0).ToArray())).ToArray())];
        var expected = samples.Select(s => NaiveEvaluator.Run(floats, s)[0].Data).ToList();
        IntegerRun.Calibrate(graph, samples);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize,round-shift,lower-cvm,plan-storage,bound-check"));
        double signal = 0, noise = 0;
        foreach (var (sample, exact) in samples.Zip(expected))
        {
            double[] actual = IntegerRun.Of(graph, sample)[0];
            signal += exact.Sum(v => v * v);
            noise += exact.Zip(actual).Sum(p => (p.First - p.Second) * (p.First - p.Second));
        }
        return 10 * Math.Log10(signal / noise);
    }
}
