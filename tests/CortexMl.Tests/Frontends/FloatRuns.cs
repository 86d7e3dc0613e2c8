using CortexMl.Diagnostics;
using CortexMl.Engines.Float;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Frontends;

/// <summary>What an importer accepts ONNX Runtime takes: it neither refuses the network nor fails while it runs it.</summary>
internal static class FloatRuns
{
    /// <summary>Elements of a value up to which a network is run.</summary>
    private const long Small = 1 << 14;

    public static void Check(Graph graph) => Check(graph, FloatOptions.Calibration);

    /// <returns>The first output, on numbers from 0 to 1; empty for a network that is too large to be run here.</returns>
    public static float[] Check(Graph graph, FloatOptions options)
    {
        var random = new Random(1);
        var values = graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results));
        if (values.Any(v => v.Type.Shape.Count > Small)) return [];
        try
        {
            using var session = new FloatEvaluator(options).Prepare(graph, graph.Outputs);
            Tensor<float>[] data = [.. graph.Inputs.Select(i => Numbers(i.Type.Shape))];
            return session.Run(data)[0].Data;
        }
        catch (DiagnosticException error)
        {
            Assert.Fail($"{error.Message}\n{TextPrinter.Print(graph)}");
            return [];
        }

        Tensor<float> Numbers(Shape shape) =>
            Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => random.NextSingle())]);
    }
}
