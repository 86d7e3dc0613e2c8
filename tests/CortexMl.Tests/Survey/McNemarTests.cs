using CortexMl.Survey.Networks;
using CortexMl.Survey.Reporting;
using Xunit;

namespace CortexMl.Tests.Survey;

/// <summary>The exact two-sided test of flips. Source: McNemar, Psychometrika 12, 1947; the binomial form.</summary>
public sealed class McNemarTests
{
    [Theory]
    [InlineData(0, 0, 1.0)]
    [InlineData(1, 0, 1.0)]
    [InlineData(5, 0, 0.0625)] // 2 / 2^5
    [InlineData(6, 1, 0.125)] // 2 · (1 + 7) / 2^7
    [InlineData(9, 1, 0.021484375)] // 2 · (1 + 10) / 2^10
    [InlineData(3, 3, 1.0)]
    [InlineData(10, 2, 0.03857421875)] // 2 · (1 + 12 + 66) / 2^12
    public void P_is_twice_the_tail_of_the_fair_coin(int lost, int won, double p)
    {
        Assert.Equal(p, McNemar.P(lost, won), 12);
        Assert.Equal(p, McNemar.P(won, lost), 12);
    }

    [Fact]
    public void Many_flips_do_not_underflow() => Assert.Equal(1.0, McNemar.P(2000, 2000), 6);

    [Fact]
    public void Right_answers_are_counted_on_both_sides()
    {
        // Labels 0 1 2 3; the float network misses the last one, the integer one the first two.
        var figures = Networks([0, 1, 2, 3], [0, 1, 2, 0], [1, 0, 2, 3])!;
        Assert.Equal((0.75, 0.5, 2, 1, 1.0), (figures.Float, figures.Integer, figures.Worse, figures.Better, figures.P));
    }

    [Fact]
    public void Without_labels_there_are_no_figures() => Assert.Null(Networks([0, null], [0, 1], [0, 1]));

    [Fact]
    public void The_summary_names_the_most_that_was_lost() => Assert.Equal(
        "2 labelled networks: mean drop 1.50 points, most 4.00 (b), mean agreement 96.00 %, a significant drop in 1",
        SurveySummary.Of(
        [
            Row("a", "default", new(0.5, 0.51, 0, 1, 1), 0.98), Row("b", "default", new(0.9, 0.86, 10, 2, 0.0386), 0.94),
            Row("b", "absmax", new(0.9, 0.5, 40, 0, 0), 0.5), new("set", "c", "default"),
        ]));

    private static NetworkRow Row(string name, string variant, ClassFigures classes, double agreement) =>
        new("set", name, variant) { Classes = classes, Agreement = agreement };

    private static ClassFigures? Networks(int?[] labels, int[] expected, int[] found) => Comparison.Classes(labels, expected, found);
}
