using CortexMl.Engines.Cpu.Steps;
using CortexMl.Ir;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Steps;

public sealed class ReduceStepTests
{
    /// <summary>Axes and what a step sees of [2, 3, 4, 5]; without them it is the interpreter's.</summary>
    [Theory]
    [InlineData("axis = [3]", 24, 5, 1)]
    [InlineData("axis = [0]", 1, 2, 60)]
    [InlineData("axis = [1, 2]", 2, 12, 5)]
    [InlineData("axis = [2, 1], keepdims = true", 2, 12, 5)]
    [InlineData("axis = [0, 1], exclude = true", 6, 20, 1)]
    [InlineData("axis = []", 1, 120, 1)]
    [InlineData("axis = [0, 2]", 0, 0, 0)]
    [InlineData("axis = [0, 3], keepdims = true", 0, 0, 0)]
    public void Sums_and_maxima_are_the_interpreters(string axes, int outer, int count, int inner)
    {
        foreach (string row in new[] { "sum", "max" })
        {
            var graph = Graph(row, "2, 3, 4, 5", axes);
            for (int seed = 0; seed < 3; seed++) CpuAgreement.Check(graph, seed);
            Reduction3D? expected = count == 0 ? null : new(outer, count, inner, axes == "axis = []");
            Assert.Equal(expected, Reduction3D.Of(graph.Operations[^1]));
        }
    }

    [Fact]
    public void Axes_of_one_element_do_not_come_between()
    {
        var graph = Graph("sum", "3, 1, 50, 1", "axis = [0, 2]");
        CpuAgreement.Check(graph, 1);
        Assert.Equal(new Reduction3D(1, 150, 1, false), Reduction3D.Of(graph.Operations[^1]));
    }

    [Fact]
    public void A_maximum_of_negative_numbers_is_0_without_an_axis_list()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[4, 700]) {
              %a = cvm.abs(%x)
              %n = cvm.negative(%a)
              %y = cvm.max(%n)
              %z = cvm.max(%n) {axis = [0, 1]}
              return %y, %z
            }
            """);
        CpuAgreement.Check(graph, 1);
    }

    private static Graph Graph(string row, string shape, string axes) => TextParser.ParseOne($$"""
        graph @g(%x: i20[{{shape}}]) {
          %y = cvm.{{row}}(%x) {{{axes}}}
          return %y
        }
        """);
}
