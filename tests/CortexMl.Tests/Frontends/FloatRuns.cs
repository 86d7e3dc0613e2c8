using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Frontends;

/// <summary>What an importer accepts ONNX Runtime takes: it neither refuses the network nor fails while it runs it.</summary>
internal static class FloatRuns
{
    /// <summary>Elements of a value up to which a network is run.</summary>
    private const long Small = 1 << 14;

    public static void Check(Graph graph)
    {
        var values = graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results));
        if (values.Any(v => v.Type.Shape.Count > Small)) return;
        try
        {
            using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
            session.Run([.. graph.Inputs.Select(i => Tensor.Zeros<float>(i.Type.Shape))]);
        }
        catch (DiagnosticException error)
        {
            Assert.Fail($"{error.Message}\n{TextPrinter.Print(graph)}");
        }
    }
}
