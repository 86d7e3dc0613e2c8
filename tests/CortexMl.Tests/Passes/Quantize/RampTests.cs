using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Functions that are a line upwards and flat downwards, of ranges too wide for a table of the function itself.</summary>
public sealed class RampTests
{
    // Of x up to ±256 a table with 11 bits has steps of a half.
    [Theory]
    [InlineData("swish", 3, 2.8577)]
    [InlineData("swish", 1, 0.7311)]
    [InlineData("swish", 0, 0)]
    [InlineData("swish", -1, -0.2689)]
    [InlineData("swish", -3, -0.1423)]
    [InlineData("swish", 200, 200)]
    [InlineData("gelu", 1, 0.8413)]
    [InlineData("gelu", -1, -0.1587)]
    [InlineData("hard_swish", 1, 0.6667)]
    [InlineData("hard_swish", -1, -0.3333)]
    [InlineData("mish", 1, 0.8651)]
    [InlineData("mish", -1, -0.3034)]
    [InlineData("softplus", 3, 3.0486)]
    [InlineData("softplus", -3, 0.0486)]
    [InlineData("elu", -1, -0.6321)]
    [InlineData("elu", -200, -1)]
    [InlineData("selu", -1, -1.1113)]
    [InlineData("selu", 100, 105.0701)]
    public void Near_zero_as_exact_as_far_out(string function, double number, double expected) =>
        Assert.Equal(expected, Run(function, number), 0.025);

    [Theory]
    [InlineData("swish", 450, 450)]
    [InlineData("swish", -450, 0)]
    [InlineData("elu", 450, 450)]
    [InlineData("elu", -450, -1)]
    public void Beyond_what_calibration_saw(string function, double number, double expected) =>
        Assert.Equal(expected, Run(function, number), 0.025);

    [Theory]
    [InlineData("swish", 256, true)]
    [InlineData("swish", 2, false)]
    [InlineData("sigmoid", 256, false)]
    [InlineData("square", 256, false)]
    [InlineData("sqrt", 256, false)]
    [InlineData("reciprocal", 256, false)]
    [InlineData("exp", 40, false)]
    public void A_line_where_there_is_one_and_the_range_is_wide(string function, double reach, bool isRamp)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 1] within {{reach}}) {
              %y = nn.{{function}}(%x) : f32[1, 1] within {{reach}}
              return %y
            }
            """);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize"));
        Assert.Equal(isRamp, graph.Operations.Any(o => o.Spec == CvmUnary.Relu));
    }

    // x · sigmoid(-x) is a line downwards.
    [Fact]
    public void A_line_downwards_is_a_table()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: f32[1, 1] within 256) {
              %y = nn.swish(%x) {beta = -1} : f32[1, 1] within 256
              return %y
            }
            """);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize"));
        Assert.DoesNotContain(graph.Operations, o => o.Spec == CvmUnary.Relu);
    }

    // The table of the rest has more entries, and x reaches as far as it did.
    [Theory]
    [InlineData(16)]
    [InlineData(10)]
    public void More_bits_of_tables_make_the_rest_finer_and_leave_the_line(int output)
    {
        var (usual, finer) = (Table(10), Table(12));
        Assert.True(finer.Dimension > 3 * usual.Dimension, $"{usual}, {finer}");
        Assert.Equal((true, true), (usual.IsRamp, finer.IsRamp));

        (long Dimension, bool IsRamp) Table(int bits)
        {
            var graph = TextParser.ParseOne("""
                graph @g(%x: f32[1, 1] within 64) {
                  %y = nn.swish(%x) : f32[1, 1] within 64
                  return %y
                }
                """);
            new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse($"quantize{{table={bits},output={output}}}"));
            return (graph.Operations.Single(o => o.Spec == CvmLookup.CvmLut).Int("in_dim"),
                graph.Operations.Any(o => o.Spec == CvmUnary.Relu));
        }
    }

    private static double Run(string function, double number)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%data: f32[1, 1] within 128) {
              @four: f32[] = [4]
              %x = nn.mul(%data, @four) : f32[1, 1] within 256
              %y = nn.{{function}}(%x) : f32[1, 1] within 60
              return %y
            }
            """);
        new PassManager(PassTable.Registry())
            .Run(graph, Pipeline.Parse("quantize{input=16},round-shift,lower-cvm,plan-storage,bound-check"));
        return IntegerRun.Of(graph, [Tensor.Create(graph.Inputs[0].Type.Shape, [number / 4])])[0][0];
    }
}
