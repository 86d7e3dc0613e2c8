using CortexMl.Passes;
using CortexMl.Survey.Networks;
using CortexMl.Survey.Reporting;
using Xunit;

namespace CortexMl.Tests.Survey;

/// <summary>Techniques that an ablation switches, and what their figures say.</summary>
public sealed class TechniqueTests
{
    private static readonly Technique s_technique = new("test", "a test", "calibrate{method=absmax},-clamp");

    public static TheoryData<string> Names => [.. Technique.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_technique_changes_the_default_pipeline_in_a_way_that_its_passes_take(string name)
    {
        var usual = Pipeline.Parse(DefaultPipeline.Text);
        var changed = Technique.All.Single(t => t.Name == name).In(usual);
        Assert.NotEqual(usual, changed);
        // Options that a pass does not take are refused here.
        Assert.All(changed.Steps, step => Assert.NotNull(
            new PassOptions(PassTable.Registry().Create(step.Pass).Info, step.Options.ToDictionary(o => o.Key, o => o.Value))));
    }

    [Fact]
    public void An_edit_gives_options_and_leaves_passes_out() => Assert.Equal("a,calibrate{percentile=9,method=absmax},b",
        s_technique.In(Pipeline.Parse("a,calibrate{method=mse,percentile=9},clamp,b")).ToString());

    [Fact]
    public void An_edit_of_a_pass_that_is_not_there_is_a_mistake() => Assert.Equal("technique test: no pass 'clamp' to change",
        Assert.Throws<ArgumentException>(() => s_technique.In(Pipeline.Parse("calibrate"))).Message);

    [Fact]
    public void A_technique_is_worth_the_mean_of_what_it_changes()
    {
        var worth = TechniqueWorth.Of(s_technique,
        [
            Row("a", "default", 20, 0.9, 100), Row("a", "test", 26, 0.92, 200), Row("b", "default", 30, null, 100),
            Row("b", "test", 28, null, 50), Row("c", "default", 10, null, 100), Row("d", "test", 10, null, 100),
            Row("e", "default", null, 1, 100), Row("e", "test", 12, 1, 100),
        ])!;
        Assert.Equal((2, 2.0, ("b", -2.0), ("a", 6.0)), (worth.Networks, worth.Decibels, worth.MostLost, worth.MostWon));
        Assert.Equal(2.0, worth.Agreement!.Value, 9);
        Assert.Equal(1.0, worth.Gas, 9);
        Assert.Null(worth.Points);
    }

    [Fact]
    public void What_was_measured_one_way_only_has_no_worth() =>
        Assert.Null(TechniqueWorth.Of(s_technique, [Row("a", "default", 20, null, 1), Row("b", "test", 20, null, 1)]));

    [Theory]
    [InlineData(new float[] { 3, 4 }, new float[] { 3, 4 }, null)]
    [InlineData(new float[] { 3, 4 }, new[] { 3, 3.5f }, 20.0)] // 25 / 0.25 = 100
    [InlineData(new[] { 3, 4, float.NegativeInfinity }, new[] { 3, 3.5f, 7 }, 20.0)]
    [InlineData(new float[] { 0, 0 }, new float[] { 0, 1 }, double.NegativeInfinity)]
    public void Decibels_are_those_of_signal_over_noise(float[] expected, float[] found, double? decibels) =>
        Assert.Equal(decibels, Comparison.Decibels([(expected, found)]));

    private static NetworkRow Row(string name, string variant, double? worst, double? agreement, long gas) =>
        new("set", name, variant) { Outputs = [new("y", worst)], Agreement = agreement, Gas = gas };
}
