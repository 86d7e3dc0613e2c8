using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Sums of wide layers keep bits of their low parts where whoever reads them sees steps that fine.</summary>
public sealed class FineSumsTests
{
    // Scores up to 4096 and beside them some around zero, which decide. The layer's data has 32 · 127 steps for one, and half a step of
    // the high parts' sum, of which a quarter is for what was seen, is 4 · 4096 / 127 / 127 / 2 = 0.5.
    [Theory]
    [InlineData("[15, 8]")]
    [InlineData("[15, 15]")]
    public void Small_results_of_a_layer_that_reaches_far_are_exact(string bits)
    {
        var graph = Lowered(bits, within: 4096, "quantize");
        var errors = new List<double>();
        for (int k = -50; k <= 50; k++)
        {
            double x = k / (32.0 * 127);
            errors.Add(Math.Abs(IntegerRun.Of(graph, [Tensor.Create(graph.Inputs[0].Type.Shape, [x])])[0][0] - 4096 * x));
        }
        Assert.InRange(errors.Max(), 0, 0.02);
    }

    // 8 bits behind the layer are coarser than its sums.
    [Theory]
    [InlineData("quantize", 1)]
    [InlineData("quantize{output=8}", 0)]
    public void Only_where_somebody_sees_them(string pass, int products) =>
        Assert.Equal(products, Lowered("[15, 8]", 4096, pass).Operations.Count(Keeps));

    //  sum · 128, where the bits are kept
    private static bool Keeps(Operation op) => op.Spec == CvmBinary.BroadcastMul && op.Operands[1].Constant is { } constant
        && constant.Integers[0] == 128 && op.Operands[0].Producer?.Spec != CvmUnary.CvmRightShift;

    private static Graph Lowered(string bits, double within, string pass)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 1] within 1 as i16) -> f32[1, 1] {
              @w: f32[1, 1] = [{{within}}]
              %r = nn.neg(%x) : f32[1, 1] within 1
              %n = nn.neg(%r) : f32[1, 1] within 1
              %y = nn.dense(%n, @w) {bits = {{bits}}} : f32[1, 1] within {{within}}
              return %y
            }
            """);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse($"{pass},round-shift,lower-cvm,plan-storage,bound-check"));
        return graph;
    }
}
