using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Quantize;
using CortexMl.Passes.Quantize.Centering;
using CortexMl.Tensors;
using CortexMl.Tests.Passes.Prepare;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Data that is never below zero, or not far, read as codes on both sides of its middle.</summary>
public class CentredActivationTests
{
    private const string Pooled = "max_pool2d(%p) {kernel = [2, 2], strides = [1, 1]}";

    private const string Joined = "concat(%p, %q) {axis = 1}";

    private const string Behind = "  %n = nn.relu(%m)\n  %y = nn.conv2d(%n, @w) {kernel = [1, 1]}\n  return %y";

    private const string Limited = "clip(%x) {min = 0, max = 1.5}";

    public static TheoryData<string, string, string> Layers => new()
    {
        { "nn.conv2d(%r, @w, @b) {kernel = [3, 3]}", "f32[5, 6, 3, 3]", "relu(%x)" },
        { "nn.conv2d(%r, @w) {kernel = [3, 3], padding = [1, 1]}", "f32[5, 6, 3, 3]", "relu(%x)" },
        { "nn.conv2d(%r, @w, @b) {kernel = [3, 3], padding = [0, 2, 1, 0], strides = [2, 2]}", "f32[5, 6, 3, 3]", "relu(%x)" },
        { "nn.conv2d(%r, @w, @b) {kernel = [3, 3], padding = [2, 2], dilation = [2, 2]}", "f32[5, 6, 3, 3]", Limited },
        { "nn.conv2d(%r, @w, @b) {kernel = [3, 3], padding = [1, 1], groups = 6}", "f32[6, 1, 3, 3]", "relu(%x)" },
        { "nn.conv2d(%r, @w) {kernel = [7, 7], padding = [6, 6], bits = [8, 15]}", "f32[5, 6, 7, 7]", "relu(%x)" },
        { "nn.conv2d(%r, @w, @b) {kernel = [3, 3], padding = [1, 1]}", "f32[5, 6, 3, 3]", "abs(%x)" },
        { "nn.conv2d(%r, @w, @b) {kernel = [3, 3], padding = [1, 1]}", "f32[5, 6, 3, 3]", Pooled },
        { "nn.conv2d(%r, @w, @b) {kernel = [1, 1]}", "f32[5, 6, 1, 1]", "sigmoid(%x)" },
        { "nn.conv2d(%r, @w, @b) {kernel = [3, 3], padding = [1, 1]}", "f32[5, 6, 3, 3]", "swish(%x)" },
        { "nn.conv2d(%r, @w) {kernel = [3, 3], padding = [1, 0], groups = 6}", "f32[6, 1, 3, 3]", "gelu(%x)" },
        { "nn.conv2d(%r, @w) {kernel = [1, 1]}", "f32[5, 6, 1, 1]", "hard_swish(%x)" },
        { "nn.conv2d(%r, @w, @b) {kernel = [3, 3], padding = [1, 1]}", "f32[5, 9, 3, 3]", Joined },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_float_network_stays_what_it_is(string layer, string weight, string relu)
    {
        // The upper limit of a clip is saturation, which floats do not have.
        var graph = Network(layer, weight, relu.Replace("max = 1.5", "max = 100", StringComparison.Ordinal));
        var input = RandomNetwork.Input(1, graph.Inputs[0].Type.Shape);
        double[] before = NaiveEvaluator.Run(graph, [input])[0].Data;
        Centre(graph);
        double[] after = NaiveEvaluator.Run(graph, [input])[0].Data;
        for (int i = 0; i < before.Length; i++) Assert.Equal(before[i], after[i], 1e-5 * before.Max(Math.Abs));
        bool isFused = relu.StartsWith("relu", StringComparison.Ordinal) || relu == Limited;
        Assert.Equal(isFused ? 0 : 1, graph.Operations.Count(o => o.Spec == NnBinary.Sub));
        Assert.Equal(isFused ? 1 : 0, graph.Operations.Count(o => o.Spec == NnBinary.Max));
    }

    // 255 levels in place of 128: 6 dB, less what input and weights lose, which is the same.
    [Theory]
    [MemberData(nameof(Layers))]
    public void Its_integers_are_nearer(string layer, string weight, string relu)
    {
        double plain = Decibels(layer, weight, relu, false), centred = Decibels(layer, weight, relu, true);
        Assert.InRange(centred - plain, 0.5, 7);
    }

    /// <summary>Integers of 8 bits as they are: there is nothing to gain, and a middle between two of them is to cost nothing.</summary>
    [Fact]
    public void A_middle_between_two_integers_is_no_half_of_one()
    {
        const string Layer = "nn.conv2d(%r, @w, @b) {kernel = [3, 3], padding = [1, 1]}", Weight = "f32[5, 3, 3, 3]";
        Assert.InRange(Decibels(Layer, Weight, "abs(%data)", true) - Decibels(Layer, Weight, "abs(%data)", false), -1, 1);
    }

    [Fact]
    public void What_is_wrong_in_the_weights_is_not_multiplied_with_the_middle()
    {
        // Weights far below their row's largest, on data that is almost always zero: rounded, they differ from what they were by much.
        const string Layer = "nn.conv2d(%r, @w) {kernel = [1, 1]}", Weight = "f32[5, 6, 1, 1]";
        double plain = Decibels(Layer, Weight, "relu(%s)", false), centred = Decibels(Layer, Weight, "relu(%s)", true);
        Assert.InRange(centred - plain, -1, 7);
    }

    [Theory]
    [InlineData("%y = nn.conv2d(%x, @w) {kernel = [1, 1]}\n  return %y", null)]
    [InlineData("%y = nn.conv2d(%data, @a) {kernel = [1, 1]}\n  return %y", null)]
    [InlineData("%n = nn.leaky_relu(%x) {slope = 0.1}\n  %y = nn.conv2d(%n, @w) {kernel = [1, 1]}\n  return %y", null)]
    [InlineData("%n = nn.elu(%x) {alpha = 9}\n  %y = nn.conv2d(%n, @w) {kernel = [1, 1]}\n  return %y", null)]
    [InlineData("%n = nn.elu(%x) {alpha = 0.25}\n  %y = nn.conv2d(%n, @w) {kernel = [1, 1]}\n  return %y", 3)]
    [InlineData("%n = nn.concat(%r, %x) {axis = 1}\n  %y = nn.conv2d(%n, @v) {kernel = [1, 1]}\n  return %y", null)]
    [InlineData("%n = nn.concat(%r, %r) {axis = 1}\n  %y = nn.conv2d(%n, @v) {kernel = [1, 1]}\n  return %y", 3)]
    [InlineData("%n = nn.clip(%x) {min = -100, max = 100}\n  %y = nn.conv2d(%n, @w) {kernel = [1, 1]}\n  return %y", null)]
    [InlineData("%n = nn.clip(%x) {min = 0.125, max = 100}\n  %y = nn.conv2d(%n, @w) {kernel = [1, 1]}\n  return %y", 3)]
    [InlineData("%k = nn.exp(@w)\n  %y = nn.conv2d(%r, %k) {kernel = [1, 1]}\n  return %y", null)]
    [InlineData("%k = nn.exp(@t)\n  %y = nn.conv2d(%r, @w, %k) {kernel = [1, 1]}\n  return %y", null)]
    [InlineData("%k = nn.exp(@a)\n  %m = nn.conv2d(%data, %k) {kernel = [1, 1]}\n" + Behind, 3)]
    [InlineData("%k = nn.exp(@t)\n  %m = nn.conv2d(%data, @a, %k) {kernel = [1, 1]}\n" + Behind, 3)]
    [InlineData("%m = nn.add(%x, %x)\n" + Behind, 3)]
    [InlineData("%n = nn.neg(%r)\n  %y = nn.conv2d(%n, @w) {kernel = [1, 1]}\n  return %y", null)]
    [InlineData("%y = nn.conv2d(%r, @w) {kernel = [1, 1]}\n  return %y", -1)]
    [InlineData("%y = nn.conv2d(%r, @w) {kernel = [1, 1]}\n  return %y, %x", 3)]
    [InlineData("%y = nn.conv2d(%r, @w) {kernel = [1, 1]}\n  %z = nn.add(%r, %y)\n  return %z", 3)]
    public void What_is_centred_and_the_steps_that_it_costs(string body, int? steps)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%data: f32[1, 3, 6, 6]) {
              @a: f32[6, 3, 1, 1] = random(1)
              @w: f32[6, 6, 1, 1] = random(2)
              @v: f32[6, 12, 1, 1] = random(3)
              @t: f32[6] = random(4)
              %x = nn.conv2d(%data, @a) {kernel = [1, 1]}
              %r = nn.relu(%x)
              {{body}}
            }
            """);
        IntegerRun.Calibrate(graph, [[RandomNetwork.Input(0, graph.Inputs[0].Type.Shape)]]);
        var layer = graph.Operations.Single(o => o.Result.Name == "y");
        Assert.Equal(steps is not null, CentredActivation.Applies(layer));
        if (steps is { } each) Assert.Equal(each * 6 * layer["data"].Type.Shape.Count, CentredActivation.Cost(layer));
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.51, false)]
    public void Data_goes_no_further_below_zero_than_half_of_its_reach(double alpha, bool expected)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 2] within 1) {
              @w: f32[2, 2] = random(1)
              %0 = nn.elu(%x) {alpha = {{Numbers.Format(alpha)}}} : f32[1, 2] within 1.001
              %1 = nn.dense(%0, @w)
              return %1
            }
            """);
        Assert.Equal(expected, CentredActivation.Applies(graph.Operations[^1]));
    }

    /// <summary>Of a difference that reaches further than its constants, the layers behind say whether it is a middle.</summary>
    [Theory]
    [InlineData("{centred = 1}", "0.75", true)]
    [InlineData("", "0.75", false)]
    [InlineData("", "1", true)]
    [InlineData("{centred = 1}", "-0.75", false)]
    [InlineData("{centred = 1}", "1.25", false)]
    public void Any_difference_may_look_like_a_middle(string attributes, string constant, bool expected)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 2] within 2) {
              @c: f32[1] = {{constant}}
              @w: f32[2, 2] = random(1)
              %0 = nn.sub(%x, @c) : f32[1, 2] within 1
              %1 = nn.dense(%0, @w) {{attributes}}
              return %1
            }
            """);
        Assert.Equal(expected, Middle.Of(graph.Operations.Single(o => o.Spec == NnBinary.Sub)) is not null);
    }

    // From -l to T: 127 steps on both sides of a whole number of them, which cover both.
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 0.25)]
    [InlineData(1, 0.4999)]
    [InlineData(300, 0.2784646)]
    [InlineData(0.3, 0.2784646)]
    [InlineData(0.1, 0.2784646)]
    public void Centred_codes_cover_the_data_and_zero_is_one(double reach, double depth)
    {
        var data = TextParser.ParseOne("graph @g(%x: f32[1, 1]) {\n  return %x\n}").Inputs[0];
        var (middles, reaches) = CentredCodes.Of(data, Scale.PerTensor(127 / reach), depth);
        double step = reaches[0] / 127, low = Math.Min(depth, reach);
        Assert.InRange(middles[0] + reaches[0], reach * (1 - 1e-12), reach * 1.01);
        Assert.InRange(reaches[0] - middles[0], low * (1 - 1e-12), low + 2 * step);
        Assert.Equal(Math.Round(middles[0] / step), middles[0] / step, 1e-9);
    }

    [Fact]
    public void Padding_is_what_it_costs()
    {
        var graph = Network("nn.conv2d(%r, @w) {kernel = [3, 3], padding = [1, 2]}", "f32[5, 6, 3, 3]", "relu(%x)");
        EraseDead(graph);
        IntegerRun.Calibrate(graph, [[RandomNetwork.Input(0, graph.Inputs[0].Type.Shape)]]);
        // Two rows more, then four columns more; the relu of 6 x 8 x 8 goes.
        var layer = graph.Operations.Single(o => o.Result.Name == "y");
        Assert.Equal(6 * (6 * 10 * 8 + 6 * 10 * 12 - 6 * 8 * 8), CentredActivation.Cost(layer));
    }

    private static Graph Network(string layer, string weight, string relu) => TextParser.ParseOne($$"""
        graph @g(%data: f32[1, 3, 8, 8]) {
          @a: f32[6, 3, 1, 1] = random(1)
          @c: f32[6] = [0.25, -0.5, 1, 0, 0.125, -1]
          @low: f32[6] = [-2, -2.5, -2, -3, -2, -2]
          @w: {{weight}} = random(2)
          @b: f32[{{weight[4]}}] = [{{string.Join(", ", Enumerable.Repeat("0.5", weight[4] - '0'))}}]
          %x = nn.conv2d(%data, @a, @c) {kernel = [1, 1]}
          %s = nn.conv2d(%data, @a, @low) {kernel = [1, 1]}
          %p = nn.relu(%x)
          %q = nn.abs(%data)
          %r = nn.{{relu}}
          %y = {{layer}}
          return %y
        }
        """);

    private static void EraseDead(Graph graph)
    {
        var dead = graph.Operations.Where(o => o.Constant is null && o.Result.Uses.Count == 0).Reverse().ToList();
        foreach (var operation in dead) new Rewriter(graph).Erase(operation);
    }

    private static void Centre(Graph graph)
    {
        var rewriter = new Rewriter(graph);
        EraseDead(graph);
        IntegerRun.Calibrate(graph, Enumerable.Range(0, 4).Select(seed => new[] { RandomNetwork.Input(seed, graph.Inputs[0].Type.Shape) }));
        var layer = graph.Operations.Single(o => o.Result.Name == "y");
        Assert.True(CentredActivation.Applies(layer));
        CentredActivation.Apply(layer, Demands.Covering(DemandPrecision.Data, layer["data"]).Units, rewriter, "y");
    }

    private static double Decibels(string layer, string weight, string relu, bool isCentred)
    {
        var graph = Network(layer, weight, relu);
        var inputs = Enumerable.Range(0, 4).Select(seed => RandomNetwork.Input(seed, graph.Inputs[0].Type.Shape)).ToList();
        var expected = inputs.Select(input => NaiveEvaluator.Run(graph, [input])[0].Data).ToList();
        if (isCentred) Centre(graph);
        else IntegerRun.Calibrate(graph, inputs.Select(input => new[] { input }));
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize,round-shift,lower-cvm,plan-storage,bound-check"));
        double signal = 0, noise = 0;
        foreach (var (input, exact) in inputs.Zip(expected))
            foreach (var (real, integer) in exact.Zip(IntegerRun.Of(graph, [input])[0]))
            {
                signal += real * real;
                noise += (real - integer) * (real - integer);
            }
        return 10 * Math.Log10(signal / noise);
    }
}
