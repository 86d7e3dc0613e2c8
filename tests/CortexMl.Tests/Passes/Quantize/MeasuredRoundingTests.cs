using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Numerics;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Products;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Passes.Quantize.Weights;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>From samples to rounded integers, and by the calibration file alone.</summary>
public class MeasuredRoundingTests
{
    // At scale 1: 0.4 of both columns. Where they move together, 1 and 0 err less than 0 and 0.
    private const string Dense = """
        graph @g(%data: f32[1, 3] within 127) -> f32[1, 1] {
          @w: f32[1, 3] = [127, 0.4, 0.4]
          %y = nn.dense(%data, @w) : f32[1, 1] within 16129
          return %y
        }
        """;

    private static readonly float[][] s_together = [[0, 90, 90], [0, -90, -90], [0, 50, 50], [0, -70, -70]];

    [Fact]
    public void Weights_are_rounded_by_what_the_layer_reads() => Assert.Equal([127, 1, 0], Compiled(Dense, s_together).Weights);

    [Fact]
    public void Not_where_the_nearest_is_wanted() => Assert.Equal([127, 0, 0], Compiled(Dense, s_together, "nearest").Weights);

    [Fact]
    public void Not_where_a_scheme_wants_the_nearest() => Assert.Equal([127, 0, 0], Compiled(Dense, s_together, isNearest: true).Weights);

    [Fact]
    public void Nor_by_the_file_where_a_scheme_wants_the_nearest()
    {
        var again = Compiled(Dense, null, known: Compiled(Dense, s_together).File.Layers, isNearest: true);
        Assert.Equal([127, 0, 0], again.Weights);
        Assert.Null(Assert.Single(again.File.Layers).Rounded);
        Assert.Empty(again.Told);
    }

    // In the sample that is held out the second column goes the other way.
    [Fact]
    public void Not_where_it_errs_more_on_what_was_held_out() =>
        Assert.Equal([127, 0, 0], Compiled(Dense, [.. s_together[..3], [0, 70, -70]]).Weights);

    [Fact]
    public void Not_by_three_samples_of_which_none_can_be_held_out() =>
        Assert.Equal([127, 0, 0], Compiled(Dense, s_together[..3]).Weights);

    // 127, 1 and 3: multiples of a unit already.
    [Fact]
    public void Weights_on_a_grid_stay() =>
        Assert.Equal(
            [127, 1, 3], Compiled(Dense.Replace("[127, 0.4, 0.4]", "[127, 1, 3]", StringComparison.Ordinal), s_together).Weights);

    [Fact]
    public void The_file_alone_gives_the_same_integers()
    {
        var first = Compiled(Dense, s_together);
        var input = Assert.Single(first.File.Layers);
        Assert.Equal(16, input.Rounded!.Digest.Length);
        var read = new CalibrationReader("x").Read(first.File.Write());
        Assert.Equal(first.File.Write(), read.Write());
        var again = Compiled(Dense, null, known: read.Layers);
        Assert.Equal([127, 1, 0], again.Weights);
        Assert.Equal(first.File.Write(), again.File.Write());
        Assert.Empty(again.Told);
    }

    [Fact]
    public void Of_other_integers_it_says_nothing_which_is_told()
    {
        var input = Assert.Single(Compiled(Dense, s_together).File.Layers);
        var (weights, file, told) = Compiled(Dense, null, known: [input with { Rounded = input.Rounded! with { Digest = "00" } }]);
        Assert.Equal([127, 0, 0], weights);
        Assert.Null(Assert.Single(file.Layers).Rounded);
        Assert.Equal(
            "CML0539: 1 of 1 layer has other integers than when the calibration file was made: each weight is the nearest",
            $"{Assert.Single(told).Code}: {told[0].Message}");
    }

    // Rounding to the nearest may add 3 · 127 / 2 to the sum, and 1 for 0.1 twice adds 1.8 · 127; 1 for 0.4 once is within that.
    [Theory]
    [InlineData(0.1f, 1, 1, false)]
    [InlineData(0.4f, 1, 0, true)]
    public void A_file_cannot_make_a_sum_reach_further_than_its_shift_was_chosen_for(float weight, int second, int third, bool holds)
    {
        float[] weights = [127, weight, weight];
        var product = new Product(
            Name: "y", WeightName: "w", Weights: weights, Outputs: 1, Inputs: 3, Taps: 1, Bias: null, Groups: 1)
        {
            ChannelShape = Shape.Of(1), WeightShape = inputs => Shape.Of(1, inputs),
            Emit = (_, _, _, _) => throw new NotSupportedException(),
        };
        var exact = new ExactWeights(weights, [1], 3);
        var rounding = new LayerRounding(null, WeightFlips.Of(exact, [127, second, third]), [1, 1, 1]);
        int[] rounded = rounding.Round(exact, product, ValueRange.Uniform(Interval.Symmetric(127)));
        Assert.Equal(holds ? [127, second, third] : [127, 0, 0], rounded);
        Assert.Equal(!holds, rounding.IsLost);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(4, 1)]
    public void Not_by_fewer_patches_than_are_asked_for(int fewest, int second) =>
        Assert.Equal([127, second, 0], Compiled(Dense, s_together, fewest: fewest).Weights);

    private static (int[] Weights, CalibrationFile File, IReadOnlyList<Diagnostic> Told) Compiled(
        string text, float[][]? samples, string rounding = "measured", IReadOnlyList<LayerInput>? known = null, int fewest = 1,
        bool isNearest = false)
    {
        var graph = TextParser.ParseOne(text);
        var services = new PassServices
        {
            Samples = samples is null ? null : new Handmade(graph.Inputs[0].Type.Shape, samples), FloatEvaluator = new InputOnly(),
        };
        services.Results.Set(new CalibrationFile("", "", "", []) { Layers = known ?? [] });
        if (isNearest) services.Given.Set(new GivenRoundings([.. graph.Operations.Where(o => o.Spec == NnConv.Dense)]));
        string pipeline = $"measure-layers{{patches={Numbers.Format(fewest)}}},quantize{{rounding={rounding}}}";
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse(pipeline), services);
        var layer = graph.Operations.First(o => o.Spec == CvmConv.Dense);
        return ([.. layer.Operand("weight")!.Constant!.Integers], services.Results.Get<CalibrationFile>()!, services.Diagnostics.Items);
    }
}
