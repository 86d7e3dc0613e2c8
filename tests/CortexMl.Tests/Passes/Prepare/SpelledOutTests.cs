using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Prepare;

/// <summary>Operators that passes write as several others keep their function; the kernel of the one operator is the definition.</summary>
public sealed class SpelledOutTests
{
    [Theory]
    [InlineData("lower-lrn", "nn.lrn(%x) {size = 3, alpha = 0.5, beta = 0.75, bias = 1.5}")]
    [InlineData("lower-lrn", "nn.lrn(%x) {size = 4, alpha = 2.0, beta = 0.5}")]
    [InlineData("normalize-shapes", "nn.depth_to_space(%x) {block = 2}")]
    [InlineData("normalize-shapes", "nn.depth_to_space(%x) {block = 2, mode = \"CRD\"}")]
    [InlineData("normalize-shapes", "nn.space_to_depth(%x) {block = 2}")]
    [InlineData("normalize-shapes", "nn.space_to_depth(%x) {block = 2, mode = \"CRD\"}")]
    public void The_function_stays(string pass, string operation)
    {
        string text = $"graph @one(%x: f32[1, 8, 4, 6]) {{\n  %y = {operation}\n  return %y\n}}\n";
        var graph = TextParser.ParseOne(text, "one.cml");
        var shape = graph.Inputs[0].Type.Shape;
        var input = Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(i => Math.Sin(i) * 3)]);
        double[] expected = NaiveEvaluator.Run(graph, [input])[0].Data;
        Assert.True(new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse(pass)) > 0);
        double[] found = NaiveEvaluator.Run(graph, [input])[0].Data;
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-6);
    }
}
