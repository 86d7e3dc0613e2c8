using System.Globalization;
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

    /// <inheritdoc/>
    /// <exception cref="DiagnosticException">
    /// CML0250, CML0106: no ONNX form; CML0750, CML0752: ONNX Runtime refuses it or is not there.
    /// </exception>
    public IFloatSession Prepare(Graph graph, IReadOnlyList<Value> observed)
    {
        var model = OnnxExporter.Export(graph, observed);
        return new Session(graph, new FloatSession(model.Bytes, model.Inputs, model.Observed, options));
    }

    private sealed class Session(Graph graph, FloatSession session) : IFloatSession
    {
        private readonly (string Name, Shape Shape)[] _inputs = [.. graph.Inputs.Select(i => (i.Name!, i.Type.Shape))];

        public IReadOnlyList<Tensor<float>> Run(IReadOnlyList<Tensor<float>> inputs)
        {
            Check(inputs);
            return session.Run(inputs);
        }

        public void Run(IReadOnlyList<Tensor<float>> inputs, FloatObserver observer)
        {
            Check(inputs);
            session.Visit(inputs, (index, elements) => observer(index, elements));
        }

        public void Dispose() => session.Dispose();

        private void Check(IReadOnlyList<Tensor<float>> inputs)
        {
            if (inputs.Count != _inputs.Length)
            {
                throw new DiagnosticException(FloatCodes.InputShape,
                    string.Create(
                        CultureInfo.InvariantCulture, $"{Counted.Of(inputs.Count, "tensor")} for {Counted.Of(_inputs.Length, "input")}"));
            }
            var problems = new DiagnosticBag();
            foreach (var ((name, shape), tensor) in _inputs.Zip(inputs))
            {
                if (tensor.Shape != shape) problems.Error(FloatCodes.InputShape, $"input '{name}' is {shape}, the data is {tensor.Shape}");
            }
            problems.ThrowIfErrors();
        }
    }
}
