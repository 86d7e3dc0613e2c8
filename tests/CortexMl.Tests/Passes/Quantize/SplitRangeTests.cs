using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.PreparePasses;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.QuantizePasses;

public sealed class SplitRangeTests
{
    [Theory]
    [InlineData("""
        graph @dense(%a: f32[1, 2] within 1000, %b: f32[1, 1] within 1, %c: f32[1, 2] within 30) {
          @v: f32[3, 5] = [0.001, -0.002, 1, 0.03, 0, -0.001, 0.001, 2, 0.05, 0.01, 0, 0.001, -1, -0.03, 0.02]
          @bias: f32[3] = [1, -2, 0.5]
          %0 = nn.concat(%a, %b, %c) {axis = 1} : f32[1, 5] within 1000
          %1 = nn.dense(%0, @v, @bias) : f32[1, 3] within 5
          return %1
        }
        """)]
    [InlineData("""
        graph @image(%a: f32[1, 2, 3, 3] within 1, %b: f32[1, 1, 3, 3] within 500) {
          @v: f32[2, 3, 2, 2] = [1, 2, -1, 0, 1, 1, 0, -2, 0.002, 0.001, 0, 0.003, 1, 0, 0, 1, 2, -1, 1, 1, 0.001, 0, 0.002, -0.001]
          %0 = nn.concat(%a, %b) {axis = 1} : f32[1, 3, 3, 3] within 500
          %1 = nn.conv2d(%0, @v) {kernel = [2, 2], padding = [1, 0]} : f32[1, 2, 4, 2] within 4
          return %1
        }
        """)]
    public void The_parts_of_a_layer_add_up_to_it(string text)
    {
        var graph = TextParser.ParseOne(text, "net.cml");
        var split = TextParser.ParseOne(text, "net.cml");
        new PassManager(PassTable.Registry()).Run(split, Pipeline.Parse("split-ranges"), new PassServices());
        Assert.Contains(split.Operations, o => o.Spec.Name == "nn.add");
        Tensor<double>[] inputs = [.. graph.Inputs.Select(i => Waves(i.Type.Shape, i.Type.Threshold!.Value))];
        var (wanted, found) = (NaiveEvaluator.Run(graph, inputs)[0].Data, NaiveEvaluator.Run(split, inputs)[0].Data);
        Assert.Equal(wanted.Length, found.Length);
        Assert.All(wanted.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 6));
    }

    private static Tensor<double> Waves(Shape shape, double height) =>
        Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(e => Math.Sin(1 + e * 3) * height)]);
}
