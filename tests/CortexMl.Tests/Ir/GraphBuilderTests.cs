using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Ir;

public sealed class GraphBuilderTests
{
    [Fact]
    public void Types_come_from_the_rows_and_taken_names_get_suffixes()
    {
        var build = new GraphBuilder("g", Level.Float);
        var x = build.Input("x", TensorType.Float(1, 3));
        var w = build.Constant("x", Tensor.Create(Shape.Of(2, 3), new float[] { 1, 2, 3, 4, 5, 6 }));
        var y = build.Op(NnConv.Dense, [x, w], name: "x");
        build.Output(build.Op(NnUnary.Relu, [y]));
        Assert.Equal("""
            graph @g(%x: f32[1, 3]) -> f32[1, 2] {
              @x: f32[2, 3] = [1, 2, 3, 4, 5, 6]
              %x.1 = nn.dense(%x, @x) : f32[1, 2]
              %0 = nn.relu(%x.1) : f32[1, 2]
              return %0
            }

            """, TextPrinter.Print(build.Build()));
    }

    [Fact]
    public void An_operation_that_does_not_fit_its_row_is_refused()
    {
        var build = new GraphBuilder("g", Level.Float);
        var x = build.Input("x", TensorType.Float(3));
        Assert.Throws<RuleException>(() => build.Op(NnUnary.Relu, [x, x]));
    }
}
