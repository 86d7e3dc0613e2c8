using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Restoring;
using CortexMl.Splitting;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Restoring;

/// <summary>Operations in float within a compiled graph: what they read, what they hand on, and that nothing else changes.</summary>
public sealed class FloatIslandTests
{
    private const string Chain = """
        graph @chain(%x: f32[1, 6]) {
          @a: f32[8, 6] = random(1)
          @ab: f32[8] = random(2)
          @b: f32[8, 8] = random(3)
          @c: f32[5, 8] = random(4)
          %first = nn.dense(%x, @a, @ab)
          %relu1 = nn.relu(%first)
          %second = nn.dense(%relu1, @b)
          %relu2 = nn.relu(%second)
          %third = nn.dense(%relu2, @c)
          return %third
        }
        """;

    private const string Branches = """
        graph @branches(%x: f32[1, 2, 6, 6]) {
          @a: f32[4, 2, 3, 3] = random(1)
          @b: f32[4, 2, 3, 3] = random(2)
          @c: f32[3, 8, 1, 1] = random(3)
          %left = nn.conv2d(%x, @a) {kernel = [3, 3], padding = [1, 1]}
          %right = nn.conv2d(%x, @b) {kernel = [3, 3], padding = [1, 1]}
          %sum = nn.add(%left, %right)
          %gate = nn.sigmoid(%sum)
          %product = nn.mul(%left, %gate)
          %joined = nn.concat(%product, %right) {axis = 1}
          %pool = nn.max_pool2d(%joined) {kernel = [2, 2], strides = [2, 2]}
          %head = nn.conv2d(%pool, @c) {kernel = [1, 1]}
          return %head, %gate
        }
        """;

    private const string Limited = """
        graph @limited(%x: f32[1, 3, 5, 5]) {
          @a: f32[4, 3, 3, 3] = random(5)
          @b: f32[4, 1, 3, 3] = random(6)
          @c: f32[2, 100] = random(7)
          %abs = nn.abs(%x)
          %first = nn.conv2d(%abs, @a) {kernel = [3, 3], padding = [1, 1]}
          %six = nn.clip(%first) {max = 0.75, min = 0.0}
          %padded = nn.pad(%six) {after = [0, 0, 1, 1], before = [0, 0, 1, 1]}
          %depth = nn.conv2d(%padded, @b) {groups = 4, kernel = [3, 3]}
          %tanh = nn.tanh(%depth)
          %turned = nn.transpose(%tanh) {axes = [0, 2, 3, 1]}
          %flat = nn.reshape(%turned) {shape = [1, 100]}
          %dense = nn.dense(%flat, @c)
          %classes = nn.softmax(%dense) {axis = 1}
          return %classes
        }
        """;

    private const string Inputs = """
        graph @inputs(%x: f32[1, 4], %y: f32[1, 3]) {
          @a: f32[4, 4] = random(8)
          @b: f32[4, 3] = random(9)
          %left = nn.dense(%x, @a)
          %right = nn.dense(%y, @b)
          %sum = nn.add(%left, %right)
          return %sum
        }
        """;

    private const string Keep = "drop-output-softmax{mode=keep},";

    public static TheoryData<string> Networks => [Chain, Branches, Limited, Inputs];

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_network_of_floats_alone_gives_what_the_float_network_gives(string text)
    {
        var network = Compiled(text);
        Assert.InRange(network.Decibels(network.All), 100, double.PositiveInfinity);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Wide_and_centred_layers_in_float_are_the_float_network_too(string text)
    {
        var network = Compiled(text, passes => passes.Replace("choose-widths", "choose-widths{min-db=70,gas=16}"));
        var named = network.All.Where(o => !network.StandIns.IsMade(o.Results[0])).ToList();
        Assert.InRange(network.Decibels(named), 100, double.PositiveInfinity);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Without_operations_in_float_it_is_the_compiled_network_bit_for_bit(string text)
    {
        var network = Compiled(text);
        foreach (var sample in network.Samples) Same(network.Integers(sample), network.Run(sample));
    }

    /// <summary>A relu of integers is exact, so whatever stands between two of them has to be exact as well.</summary>
    [Fact]
    public void Operations_that_integers_do_exactly_change_nothing_in_two_waves()
    {
        var network = new Mixture(Chain);
        Assert.Equal(2, network.Islands("relu1", "relu2").Waves.Count);
        foreach (var sample in network.Samples)
            Same(network.Integers(sample), network.Run(sample, network.Operations("relu1", "relu2")));
    }

    [Fact]
    public void A_layer_in_float_reads_the_accumulators_of_the_layer_in_front()
    {
        var network = new Mixture(Chain);
        var third = Matrix(network, "third");
        foreach (var sample in network.Samples)
        {
            double[] read = [.. Raw(network, "second", Rounded(network, sample)).Select(v => Math.Max(v, 0))];
            var made = Assert.IsType<Tensor<float>>(Assert.Single(network.Run(sample, network.Operations("third"))));
            Near(third.Select(row => row.Zip(read, (w, v) => w * v).Sum()), made.Data);
        }
    }

    [Fact]
    public void An_island_at_the_input_reads_real_numbers_and_is_rounded_for_the_integers_behind()
    {
        var network = new Mixture(Chain);
        var (first, bias) = (Matrix(network, "first"), Bias(network, "first"));
        foreach (var sample in network.Samples)
        {
            double[] real =
            [
                .. first.Select((row, o) => Math.Max(0, row.Zip(sample.Inputs[0].Data, (w, v) => w * (double)v).Sum() + bias[o])),
            ];
            var made = Assert.IsType<Tensor<float>>(
                Assert.Single(network.Run(sample, network.Operations("first", "relu1", "third"))));
            double[] read = [.. Raw(network, "second", real).Select(v => Math.Max(v, 0))];
            Near(Matrix(network, "third").Select(row => row.Zip(read, (w, v) => w * v).Sum()), made.Data);
        }
    }

    [Fact]
    public void Neighbours_are_one_island_without_rounding_between_them()
    {
        var network = new Mixture(Chain);
        var islands = network.Islands("second", "relu2", "third");
        Assert.Single(islands.Waves);
        Assert.Null(islands.Last);
        Assert.Equal(1, FloatIslands.Count(network.Operations("second", "relu2", "third")));
        Assert.Equal(2, FloatIslands.Count(network.Operations("first", "third")));
    }

    /// <summary>Both operands are sums of another layer each, at other scales.</summary>
    [Fact]
    public void An_island_of_two_operands_reads_both_from_their_layers()
    {
        var network = new Mixture(Inputs);
        foreach (var sample in network.Samples)
        {
            var made = Assert.IsType<Tensor<float>>(Assert.Single(network.Run(sample, network.Operations("sum"))));
            var (left, right) = (Integers(network, sample, "left"), Integers(network, sample, "right"));
            Near(left.Zip(right, (a, b) => a + b), made.Data);
        }
    }

    [Fact]
    public void An_output_that_no_island_makes_stays_in_integers()
    {
        var network = new Mixture(Branches);
        foreach (var sample in network.Samples)
        {
            var made = network.Run(sample, network.Operations("head"));
            Assert.IsType<Tensor<float>>(made[0]);
            Assert.Equal(network.Integers(sample)[1].Data, Assert.IsType<Tensor<int>>(made[1]).Data);
        }
    }

    [Fact]
    public void What_hands_on_how_its_data_is_to_be_rounded_is_computed_in_float_for_an_island_behind_it()
    {
        var network = new Mixture(Branches);
        double alone = network.Decibels(network.Operations("head")), with = network.Decibels(network.Operations("pool", "joined", "head"));
        Assert.Equal(with, alone, 6);
    }

    [Fact]
    public void A_result_within_a_concatenation_and_behind_padding_is_taken_where_it_is_read()
    {
        var (joined, padded) = (new Mixture(Branches), Compiled(Limited));
        string[] front = ["left", "right", "sum", "gate", "product"];
        Assert.InRange(joined.Decibels(joined.Operations(front)), joined.Decibels() + 0.1, 200);
        Assert.InRange(padded.Decibels(padded.Operations("first", "six", "dense")), padded.Decibels(), 200);
    }

    /// <summary>Centring the input and the data of the depthwise layer replaces the clip in front of it.</summary>
    [Fact]
    public void What_takes_the_place_of_a_marked_operation_is_marked()
    {
        // One of these plans centres what the clip makes.
        var network = new[] { "45,gas=4", "50,gas=1.5", "70,gas=1.1", "37,gas=1.1", "36,gas=1.05" }
            .Select(plan => $"restore-float{{operations=\"six,first,depth\"}},choose-widths{{min-db={plan}}}")
            .Select(marked => Compiled(Limited, passes => passes.Replace("choose-widths", marked)))
            .First(made => made.StandIns.Restored.Any(o => o.Spec.Name == "nn.max"));
        Assert.Equal(["nn.conv2d", "nn.max", "nn.conv2d"], network.StandIns.Restored.Select(o => o.Spec.Name));
        Assert.Equal("first", network.StandIns.NameOf(network.StandIns.Restored[0].Result));
        Assert.Equal("depth", network.StandIns.NameOf(network.StandIns.Restored[2].Result));
    }

    private static Mixture Compiled(string text, Func<string, string>? change = null)
    {
        string passes = DefaultPipeline.Text.Replace("drop-output-softmax,", Keep, StringComparison.Ordinal);
        return new Mixture(text, change is null ? passes : change(passes));
    }

    private static void Same(IReadOnlyList<Tensor<int>> expected, IReadOnlyList<Tensor> made)
    {
        foreach (var (integers, tensor) in expected.Zip(made)) Assert.Equal(integers.Data, Assert.IsType<Tensor<int>>(tensor).Data);
    }

    private static void Near(IEnumerable<double> expected, IReadOnlyList<float> made)
    {
        double[] all = [.. expected];
        Assert.Equal(all.Length, made.Count);
        for (int i = 0; i < all.Length; i++) Assert.Equal(all[i], made[i], 1e-5 * Math.Max(1, all.Max(Math.Abs)));
    }

    /// <summary>Rounded weights of the second layer times what it reads as 8 bits, as real numbers: a definition of its own.</summary>
    /// <param name="read">Real numbers; rounded to the layer's data first.</param>
    private static double[] Raw(Mixture network, string layer, IReadOnlyList<double> read)
    {
        var stand = Stand(network, layer);
        var product = stand.Integers.Producer!;
        var weights = (Tensor<int>)product.Operands[1].Constant!.Tensor;
        // The accumulators of the first layer, limited by relu1, times a multiplier, shifted.
        var shift = product.Operands[0].Producer!;
        var multiply = shift.Operands[0].Producer!;
        Assert.Equal(CvmUnary.CvmRightShift, shift.Spec);
        Assert.Equal(CvmBinary.BroadcastMul, multiply.Spec);
        var multiplier = (Tensor<int>)multiply.Operands[1].Constant!.Tensor;
        long bound = product.Operands[0].Type.Element.Bound;
        var results = new double[weights.Shape[0]];
        for (int o = 0; o < results.Length; o++)
        {
            long sum = product.Operands.Count > 2 ? ((Tensor<int>)product.Operands[2].Constant!.Tensor).Data[o] : 0;
            for (int i = 0; i < read.Count; i++)
            {
                double scale = Stand(network, "first").Scale.At(i) * multiplier.Data[multiplier.Length == 1 ? 0 : i]
                    / (1L << (int)shift.Int("shift_bit"));
                sum += weights.Data[o * read.Count + i] * (long)Math.Clamp(Math.Floor(read[i] * scale + 0.5), -bound, bound);
            }
            results[o] = sum / stand.Scale.At(o);
        }
        return results;
    }

    private static double[] Rounded(Mixture network, Sample sample) =>
        [.. Integers(network, sample, "first").Select(v => Math.Max(v, 0))];

    /// <summary>What the interpreter makes of a value, in real numbers.</summary>
    private static IEnumerable<double> Integers(Mixture network, Sample sample, string name)
    {
        var stand = Stand(network, name);
        var segment = GraphSegment.Of(network.Compiled, new HashSet<Value>(), [stand.Integers]);
        using var executable = new InterpreterEngine().Prepare(segment.Graph);
        var integers = Assert.Single(executable.Run(network.Inputs(sample)));
        return integers.Data.Select((v, o) => v / stand.Scale.At(stand.Scale.IsPerChannel ? o : 0));
    }

    private static StandIn Stand(Mixture network, string name) =>
        network.StandIns.Of(network.Operations(name)[0].Result, network.Compiled)!;

    private static double[][] Matrix(Mixture network, string layer)
    {
        var weight = network.Operations(layer)[0]["weight"];
        return [.. weight.Constant!.Floats.ToArray().Select(w => (double)w).Chunk(weight.Type.Shape[1])];
    }

    private static double[] Bias(Mixture network, string layer) =>
        [.. network.Operations(layer)[0]["bias"].Constant!.Floats.ToArray().Select(b => (double)b)];
}
