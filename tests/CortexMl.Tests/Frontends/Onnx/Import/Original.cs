using CortexMl.Engines.Float;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Tensors;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>An ONNX file in ONNX Runtime, without us between.</summary>
internal static class Original
{
    public static IReadOnlyList<Tensor<float>> Run(string path, IReadOnlyList<string> inputs, IReadOnlyList<Tensor<float>> data)
    {
        byte[] bytes = File.ReadAllBytes(path);
        using var session = new FloatSession(bytes, inputs, Outputs(bytes), FloatOptions.Calibration);
        return session.Run(data);
    }

    /// <summary>The imported graph gives what ONNX Runtime gives on the file, within 1e-4 of the greatest magnitude.</summary>
    public static void Agrees(string path, Graph graph, IReadOnlyList<Tensor<float>> data)
    {
        var expected = Run(path, [.. graph.Inputs.Select(i => i.Name!)], data);
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        var found = session.Run(data);
        Assert.Equal(expected.Count, found.Count);
        for (int i = 0; i < expected.Count; i++) Agrees(expected[i], found[i]);
    }

    public static void Agrees(Tensor<float> expected, Tensor<float> found)
    {
        Assert.Equal(expected.Shape, found.Shape);
        double most = Math.Max(1e-6, expected.Data.Max(v => Math.Abs((double)v))),
        apart = expected.Data.Zip(found.Data).Max(p => Math.Abs((double)p.First - p.Second));
        Assert.True(apart <= 1e-4 * most, $"largest difference {apart} where the greatest magnitude is {most}");
    }

    /// <summary>Numbers from 0 to 1 in the shapes of the graph's inputs.</summary>
    public static Tensor<float>[] Random(Graph graph, int seed)
    {
        var random = new Random(seed);
        return [.. graph.Inputs.Select(i =>
            Tensor.Create(i.Type.Shape, [.. Enumerable.Range(0, (int)i.Type.Shape.Count).Select(_ => random.NextSingle())]))];
    }

    /// <summary>Numbers from -1 to 1.</summary>
    public static Tensor<float>[] Signed(Graph graph, int seed) =>
        [.. Random(graph, seed).Select(t => Tensor.Create(t.Shape, Array.ConvertAll(t.Data, v => 2 * v - 1)))];

    private static string[] Outputs(byte[] model)
    {
        CortexMl.Engines.Float.QuietRuntime.Start();
        using var session = new InferenceSession(model, new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL });
        return [.. session.OutputNames];
    }
}
