using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Ir;

public sealed class PostOrderTests
{
    [Fact]
    public void Operands_stand_before_their_user_from_left_to_right_and_what_no_output_needs_is_left_out()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: f32[1, 2]) -> f32[1, 2] {
              @c: f32[1, 2] = [1, 2]
              %late = nn.abs(%x) : f32[1, 2]
              %dead = nn.neg(%x) : f32[1, 2]
              %early = nn.relu(%x) : f32[1, 2]
              %both = nn.add(%early, @c) : f32[1, 2]
              %sum = nn.add(%both, %late) : f32[1, 2]
              return %sum
            }
            """);
        Assert.Equal(["early", "c", "both", "late", "sum"], PostOrder.Of(graph).Select(o => o.Result.Name));
    }

    [Fact]
    public void A_chain_may_be_deeper_than_any_stack_of_calls()
    {
        const int Depth = 200_000;
        var build = new GraphBuilder("deep", Level.Float);
        var value = build.Input("x", TensorType.Float(Shape.Of(1)));
        for (int i = 0; i < Depth; i++) value = build.Op(NnUnary.Relu, [value]);
        build.Output(value);
        Assert.Equal(Depth, PostOrder.Of(build.Build()).Count);
    }
}
