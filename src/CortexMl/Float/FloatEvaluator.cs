using CortexMl.Diagnostics;
using CortexMl.Engines.Float;
using CortexMl.Frontends.Onnx;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Float;

/// <summary>Runs float graphs: exports them to ONNX in memory and hands that to ONNX Runtime.</summary>
public sealed class FloatEvaluator(FloatOptions options) : IFloatEvaluator
{
    /// <summary>For calibration: no optimisation, one thread, every value as the graph defines it.</summary>
    public static FloatEvaluator Calibration { get; } = new(FloatOptions.Calibration);

    /// <summary>Ends the runs of its sessions: looked at before each sample.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <inheritdoc/>
    /// <exception cref="DiagnosticException">
    /// CML0250, CML0106: no ONNX form; CML0750, CML0752: ONNX Runtime refuses it or is not there.
    /// </exception>
    public IFloatSession Prepare(Graph graph, IReadOnlyList<Value> observed)
    {
        var model = OnnxExporter.Export(graph, observed);
        return new EvaluatorSession(graph, new FloatSession(model.Bytes, model.Inputs, model.Observed, options), Cancellation);
    }

    private sealed class EvaluatorSession(Graph graph, FloatSession session, CancellationToken cancellation) : IFloatSession
    {
        public IReadOnlyList<Tensor<float>> Run(IReadOnlyList<Tensor<float>> inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            FloatInputs.Check(graph, inputs);
            return session.Run(inputs);
        }

        public void Run(IReadOnlyList<Tensor<float>> inputs, FloatObserver observer)
        {
            cancellation.ThrowIfCancellationRequested();
            FloatInputs.Check(graph, inputs);
            session.Visit(inputs, (index, elements) => observer(index, elements));
        }

        public void Dispose() => session.Dispose();
    }
}
