using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Judging;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate.Judging;

/// <summary>What errors there are where nothing is rounded, and of layers with groups.</summary>
public class ThresholdJudgeTests
{
    /// <summary>Nothing is rounded and nothing cut off, in data or weights; a layer of zeros has no say.</summary>
    [Fact]
    public void What_codes_hold_exactly_has_no_error()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: f32[1, 2]) {
              @w: f32[1, 2] = [1, -1]
              @zero: f32[1, 2] = 0
              %v = nn.relu(%x)
              %y = nn.dense(%v, @w)
              %z = nn.dense(%v, @zero)
              return %y, %z
            }
            """);
        var value = Assert.Single(JudgedValue.In(graph));
        ValueStatistics[] statistics = [.. Measurement.Values(graph).Select(_ => new ValueStatistics())];
        foreach (var seen in statistics) seen.Add([1, 0]);
        var parts = new DrawnParts(graph, [value]);
        parts.Begin(0, 0);
        parts.See(value.Place, [1, 0]);
        var judge = new ThresholdJudge(statistics, parts, PortableEvaluator.Calibration);
        Assert.Equal(0, Assert.Single(judge.Errors(value, [new(1, Scale.PerTensor(127))])));
    }

    /// <summary>All samples reach 1, and half of it is cut off: a quarter for each.</summary>
    [Fact]
    public void Where_samples_reach_as_far_as_each_other_nothing_more_is_expected()
    {
        var seen = new ValueStatistics();
        for (int i = 0; i < 4; i++) seen.Add([1, 0]);
        Assert.InRange(new ExpectedSaturation(seen).Of(Scale.PerTensor(127 / 0.5)), 0.24, 0.26);
        Assert.Equal(0, new ExpectedSaturation(seen).Of(Scale.PerTensor(127)));
    }

    [Theory]
    [InlineData("[1, 2]", "@w: f32[2, 2] = random(1)\n  %y = nn.dense(%x, @w)")]
    [InlineData("[1, 1]", "@w: f32[2, 1] = random(1)\n  %v = nn.relu(%x)\n  %y = nn.dense(%v, @w)")]
    [InlineData("[1, 2]", "@w: f32[2, 2] = random(1)\n  %v = nn.relu(%x)\n  %k = nn.exp(@w)\n  %y = nn.dense(%v, %k)")]
    [InlineData("[1, 2, 2]", "@w: f32[2, 2] = random(1)\n  %v = nn.relu(%x)\n  %y = nn.dense(%v, @w)")]
    public void Inputs_and_what_no_layer_reads_by_channels_are_not_judged(string shape, string body) =>
        Assert.Empty(JudgedValue.In(TextParser.ParseOne($"graph @g(%x: f32{shape}) {{\n  {body}\n  return %y\n}}")));

    /// <summary>A layer with groups has no outputs that could be left out.</summary>
    [Fact]
    public void Of_a_large_layer_with_groups_all_outputs_count()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: f32[1, 32, 200, 200]) {
              @w: f32[32, 1, 3, 3] = random(1)
              %y = nn.conv2d(%x, @w) {groups = 32, kernel = [3, 3]}
              return %y
            }
            """);
        var shape = graph.Inputs[0].Type.Shape;
        var ones = Tensor.Create(shape, [.. Enumerable.Repeat(1f, (int)shape.Count)]);
        using var reader = new ReaderError(graph.Operations[^1], ones, PortableEvaluator.Calibration);
        Assert.True(reader.Power > 0);
    }
}
