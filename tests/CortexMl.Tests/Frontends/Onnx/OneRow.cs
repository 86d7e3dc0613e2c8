using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Frontends.Onnx;

/// <summary>
/// Graphs of one operation, exported to ONNX and run by ONNX Runtime: what the exporter means, as seen by another implementation.
/// </summary>
internal static class OneRow
{
    public static float[] Run(OpSpec row, Attributes? attributes, params Tensor<float>[] operands)
    {
        var build = new GraphBuilder("one_row", Level.Float);
        Value[] inputs = [.. operands.Select((t, i) => build.Input($"x{i}", TensorType.Float(t.Shape)))];
        build.Output(build.Op(row, inputs, attributes));
        var graph = build.Build();
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        var result = session.Run(operands).Single();
        Assert.Equal(graph.Outputs[0].Type.Shape, result.Shape);
        return result.Data;
    }

    /// <summary>The elements 1, 2, 3, … under a shape.</summary>
    public static Tensor<float> Counting(params int[] dims)
    {
        var shape = Shape.Of(dims);
        return Tensor.Create(shape, [.. Enumerable.Range(1, (int)shape.Count).Select(i => (float)i)]);
    }

    public static Tensor<float> Of(int[] dims, params float[] data) => Tensor.Create(Shape.Of(dims), data);

    public static Tensor<float> Vector(params float[] data) => Tensor.Vector(data);

    public static void Equal(IReadOnlyList<double> expected, float[] actual, double tolerance = 1e-6)
    {
        Assert.Equal(expected.Count, actual.Length);
        for (int i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"element {i}: expected {expected[i]}, found {actual[i]}");
    }
}
