using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Prepare;

public sealed class FoldConstantsTests
{
    [Theory]
    // 2^23 elements twice are as many as the CVM's tensors have in a dimension.
    [InlineData(8388608, true)]
    [InlineData(8388609, false)]
    public void A_constant_is_not_doubled_beyond_what_the_cvm_can_hold(int elements, bool folds)
    {
        var graph = TextParser.ParseOne($$"""
            graph @doubled() {
              @a: f32[{{elements}}] = 1
              %b = nn.concat(@a, @a) {axis = 0}
              return %b
            }
            """);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("fold-constants"));
        Assert.Equal(!folds, graph.Operations.Any(o => o.Spec == NnShape.Concat));
    }

    [Theory]
    // Four times as many elements as there are may be kept, however many they are.
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void A_constant_is_not_repeated_more_than_four_times_beyond_65536_elements(int times, bool folds)
    {
        var graph = TextParser.ParseOne($$"""
            graph @repeated() {
              @row: f32[1, 20000] = 1
              %b = nn.broadcast_to(@row) {shape = [{{times}}, 20000]}
              return %b
            }
            """);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("fold-constants"));
        Assert.Equal(!folds, graph.Operations.Any(o => o.Spec == NnShape.BroadcastTo));
    }
}
